"""The hard stop: money for contacts lies in a bucket in every node, money for large payloads in the cloud's pool.

A node must know before it makes contact whether it may, so that much is handed out every night. Small payloads are paid
from there too: when the month's money runs out, models wait and prices go on. The cloud answers every contact and so
watches over the large payloads itself. Together they never hold more than what is left of the month's cap, whatever the
nodes do and however long they are out of reach.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from edgeshop.sync.schedule.workload import SLOTS, Floats

ENTRY = 2.0  # contacts that a bucket must hold before one is made: one, and as much again for small payloads


def day_fees(prices: Floats, contact_bytes: float) -> Floats:
    """What a contact in every slot of a day costs. Shapes: prices [nodes, 96] per byte, the answer [nodes]."""
    return np.asarray(prices.mean(-1) * SLOTS * contact_bytes)


def share_out(left: float, fees: Floats) -> tuple[Floats, float]:
    """Buckets for the coming day, and the pool. Shapes: fees [nodes]. Units: money; `left` is the month's."""
    left = max(left, 0.0)
    buckets = fees * min(1.0, left / max(float(fees.sum()), 1e-12))
    return buckets, max(left - float(buckets.sum()), 0.0)


def from_bucket(asks: NDArray[np.bool_], sizes: Floats, contact_bytes: float) -> NDArray[np.bool_]:
    """The payloads that a node's own bucket pays: small ones, in their order, up to the bytes of a contact together.

    Shapes: asks and sizes [nodes, streams].
    """
    small = asks & (sizes <= contact_bytes)
    return np.asarray(small & (np.where(small, sizes, 0.0).cumsum(-1) <= contact_bytes))


def from_pool(asks: NDArray[np.bool_], costs: Floats, pool: ArrayLike) -> NDArray[np.bool_]:
    """The payloads that the pool pays: node after node, stream after stream, as long as the money lasts.

    Shapes: asks and costs [nodes, streams], nodes in the order in which they came.
    """
    total = np.where(asks, costs, 0.0).cumsum().reshape(asks.shape)
    return np.asarray(asks & (total <= pool))
