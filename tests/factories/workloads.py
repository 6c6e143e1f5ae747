"""Small workloads that are solved in a moment."""

import numpy as np

from edgeshop.sync.grades import Grade
from edgeshop.sync.schedule.workload import SLOTS, Kinds, Stream, Workload


def stream(name: str = "prices", *, rate: float = 1.0, **other: object) -> Stream:
    """A stream with one rate all day, in changes a slot, that hurts in proportion to its backlog."""
    given = {"bytes_first": 0.0, "bytes_per_change": 0.0, "bytes_full": 1e12, "harm_per_change": 1.0, "harm_max": 1e9}
    return Stream(name=name, rates=np.full(SLOTS, rate), **(given | other))


def workload(*streams: Stream, weight: float = 1.0, fail: float = 0.0, contact_bytes: float = 1000.0) -> Workload:
    """One kind of node whose every slot weighs the same, at one unit of money a byte."""
    kinds = Kinds(
        names=("node",),
        grades=(Grade.B,),
        weights=np.full((len(streams), 1, SLOTS), weight),
        prices=np.ones((1, SLOTS)),
        fail=np.array([fail]),
        repair=np.array([1.0 if fail == 0 else 0.25]),
    )
    return Workload(streams, kinds, contact_bytes)
