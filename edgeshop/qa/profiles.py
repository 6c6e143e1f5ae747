"""What a link is like, in one place: the demo, the tests and the drill all shape their links by these figures."""

import random
from dataclasses import dataclass
from enum import StrEnum

PACKET_BYTES = 1460  # the usual payload of a TCP segment; losses are counted per packet


@dataclass(frozen=True, slots=True)
class Profile:
    """How a shaped link behaves.

    Units: the round trip and its spread in milliseconds, rates in Mbit/s, shares in percent of packets.
    A lost packet shows as a stall, as TCP would repair it; `break_pct` is for those it could not.
    """

    rtt_ms: float
    jitter_ms: float
    down_mbit_s: float
    up_mbit_s: float
    loss_pct: float
    stall_ms: float
    break_pct: float = 0.0


# The one 4G profile of the project; the drill's cloud-only figures are taken on it.
SLOW_4G = Profile(rtt_ms=95, jitter_ms=30, down_mbit_s=12, up_mbit_s=4, loss_pct=1, stall_ms=300)
# A tent at the far end of the field: answers come, late, and one connection in a while does not.
LOSSY = Profile(rtt_ms=180, jitter_ms=120, down_mbit_s=2, up_mbit_s=0.7, loss_pct=8, stall_ms=450, break_pct=0.4)


class Mode(StrEnum):
    """What a link does with connections."""

    UP = "up"
    SLOW_4G = "slow4g"
    LOSSY = "lossy"
    DOWN = "down"  # live connections are reset, new ones refused
    HALF_OPEN = "half_open"  # accepts, swallows everything, never answers
    CAPTIVE = "captive"  # a hotspot's login page answers every request
    ERRORS = "5xx"  # a gateway answers 503 to every request


PROFILES: dict[Mode, Profile] = {Mode.SLOW_4G: SLOW_4G, Mode.LOSSY: LOSSY}
PASSING = frozenset({Mode.UP, Mode.SLOW_4G, Mode.LOSSY})


class Pipe:
    """One direction of a shaped link: says when bytes that enter now come out at the other end."""

    def __init__(self, profile: Profile, *, rate_mbit_s: float, rng: random.Random) -> None:
        self._profile = profile
        self._byte_s = 8 / (rate_mbit_s * 1e6)
        self._rng = rng
        self._free_at = 0.0

    def arrival(self, size_bytes: int, now: float) -> float:
        """The moment the last of `size_bytes` arrives. Units: seconds on the caller's clock."""
        self._free_at = max(now, self._free_at) + size_bytes * self._byte_s
        return self._free_at + self.one_way_s() + self._stall_s(size_bytes)

    def one_way_s(self) -> float:
        """Half a round trip, with its spread."""
        spread = self._rng.uniform(-1, 1) * self._profile.jitter_ms
        return max(0.0, self._profile.rtt_ms + spread) / 2000

    def breaks(self, size_bytes: int) -> bool:
        """Whether the connection does not survive these bytes."""
        return self._happens(self._profile.break_pct, size_bytes)

    def _stall_s(self, size_bytes: int) -> float:
        return self._profile.stall_ms / 1000 if self._happens(self._profile.loss_pct, size_bytes) else 0.0

    def _happens(self, pct: float, size_bytes: int) -> bool:
        packets = -(-size_bytes // PACKET_BYTES)
        return pct > 0 and self._rng.random() < 1 - (1 - pct / 100) ** packets
