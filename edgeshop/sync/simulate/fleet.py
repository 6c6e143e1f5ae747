"""A fleet to be simulated: kinds of nodes, their links and tariffs, the streams and the cap."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from edgeshop.sync.grades import Grade
from edgeshop.sync.schedule.workload import SLOTS, Floats, Kinds, Stream, Workload

SLOTS_PER_HOUR = SLOTS // 24


@dataclass(frozen=True, slots=True)
class Kind:
    """A class at one size of traffic. Shapes: weights [streams, 96]; prices [96], money per byte; trace [slots]."""

    name: str
    class_name: str
    share: float
    grade: Grade
    weights: Floats
    prices: Floats
    up_h: float
    down_h: float
    trace: NDArray[np.bool_] | None


@dataclass(frozen=True, slots=True)
class Fleet:
    """A fleet of a number of nodes. `cap_usd_month` is for all of them together."""

    nodes: int
    cap_usd_month: float
    contact_bytes: float
    streams: tuple[Stream, ...]
    kinds: tuple[Kind, ...]
    vector_stream: str
    vectors: dict[str, float]

    @property
    def workload(self) -> Workload:
        """What schedules are solved for."""
        kinds = Kinds(
            names=tuple(k.name for k in self.kinds),
            grades=tuple(k.grade for k in self.kinds),
            weights=np.stack([k.weights for k in self.kinds], 1),
            prices=np.stack([k.prices for k in self.kinds]),
            fail=np.array([min(1.0, 1 / (SLOTS_PER_HOUR * k.up_h)) for k in self.kinds]),
            repair=np.array([min(1.0, 1 / (SLOTS_PER_HOUR * k.down_h)) for k in self.kinds]),
        )
        return Workload(self.streams, kinds, self.contact_bytes)

    @property
    def counts(self) -> NDArray[np.int64]:
        """Nodes of each kind, by largest remainder. Shape: [kinds]."""
        wanted = np.array([k.share for k in self.kinds]) * self.nodes
        counts = np.floor(wanted).astype(np.int64)
        missing = self.nodes - int(counts.sum())
        counts[np.argsort(counts - wanted, kind="stable")[:missing]] += 1
        return np.asarray(counts, np.int64)

    @property
    def traces(self) -> list[NDArray[np.bool_] | None]:
        """Recorded outages per kind: up or not by slot; None where links break by chance."""
        return [k.trace for k in self.kinds]

    @property
    def has_traces(self) -> bool:
        """Whether any link was recorded: then the bound, which assumes chance, bounds nothing."""
        return any(trace is not None for trace in self.traces)

    def of_size(self, nodes: int) -> "Fleet":
        """The same fleet with another number of nodes, and its part of the cap."""
        return replace(self, nodes=nodes, cap_usd_month=self.cap_usd_month * nodes / self.nodes)

    def with_vector(self, name: str) -> "Fleet":
        """The same fleet with another size of vectors."""
        size = self.vectors[name]
        streams = (replace(s, bytes_per_change=size) if s.name == self.vector_stream else s for s in self.streams)
        return replace(self, streams=tuple(streams))
