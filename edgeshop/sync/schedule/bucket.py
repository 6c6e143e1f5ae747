"""The hard stop: money for contacts lies in a bucket in every node, money for what contacts carry in the cloud's pool.

A node must know before it makes contact whether it may, so that much is handed out every night. The cloud answers every
contact and so can watch over the rest itself. Together they never hold more than what is left of the month's cap, whatever
the nodes do and however long they are out of reach.
"""

import numpy as np

from edgeshop.sync.schedule.workload import SLOTS, Floats


def day_fees(prices: Floats, contact_bytes: float) -> Floats:
    """What a contact in every slot of a day costs. Shapes: prices [nodes, 96] per byte, the answer [nodes]."""
    return np.asarray(prices.mean(-1) * SLOTS * contact_bytes)


def share_out(left: float, fees: Floats) -> tuple[Floats, float]:
    """Buckets for the coming day, and the pool. Shapes: fees [nodes]. Units: money; `left` is what the month has left."""
    left = max(left, 0.0)
    buckets = fees * min(1.0, left / max(float(fees.sum()), 1e-12))
    return buckets, max(left - float(buckets.sum()), 0.0)
