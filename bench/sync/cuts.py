"""Every transfer is cut at every 2 % of the bytes that it takes, up and down apart, and lost whole both ways.

It is lost whole twice each way, which also tells how large it is: the first try says once what those after it need not
say again, and so does the first answer.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from bench.sync.counting import Count, CountingProxy, Cut

STEP_PCT = 2
_WHOLE = None  # sent, and nothing of it arrives
_PLACES = (_WHOLE, _WHOLE, *range(STEP_PCT, 100, STEP_PCT))
_WAYS = ("up", "down")


class Does(Protocol):
    """Has the kiosk do something; answers what it said."""

    def __call__(self, what: str, **words: Any) -> dict[str, Any]: ...


@dataclass(slots=True)
class Transfer:
    """What the cuts of one transfer showed, each by way. Units: bytes, of one message; `waste` of the worst cut."""

    step: str
    size: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_WAYS, 0))
    fired: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_WAYS, 0))
    waste: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_WAYS, 0))
    worst: dict[str, str] = field(default_factory=dict)
    requests_max: int = 0

    @property
    def missed(self) -> int:
        """Cuts that did not break it where they had to."""
        return len(_WAYS) * len(_PLACES) - sum(self.fired.values())

    def note(self, waste: Count, place: str) -> None:
        """What a cut there cost."""
        for way in _WAYS:
            if getattr(waste, way) > self.waste[way]:
                self.waste[way], self.worst[way] = getattr(waste, way), place


@dataclass(slots=True)
class Cuts:
    """Transfers of one kiosk over a link that breaks everywhere. `watch` is called after each cut."""

    do: Does
    proxy: CountingProxy
    watch: Callable[[], None] = lambda: None
    transfers: list[Transfer] = field(default_factory=list)

    def through(self, step: str) -> dict[str, Any]:
        """Cut one transfer everywhere, then let it through; answers what it said. One that goes through before is not
        cut any more, and all cuts that are left are missed.
        """
        transfer = Transfer(step)
        self.transfers.append(transfer)
        for way in _WAYS:
            for pct in _PLACES:
                told, waste, place = self._cut(transfer, way, pct)
                if not told["broken"]:
                    return told
                transfer.note(waste, place)
        return self._whole(transfer, waste, place)

    def all_of(self, step: str) -> None:
        """The same, as often as there is more."""
        while self.through(step)["is_more"]:
            pass

    @property
    def missed(self) -> int:
        """Cuts that did not break a transfer where they had to."""
        return sum(transfer.missed for transfer in self.transfers)

    def waste(self, way: str) -> int:
        """Bytes that the worst cut made travel in vain."""
        return max((transfer.waste[way] for transfer in self.transfers), default=0)

    def _cut(self, transfer: Transfer, way: str, pct: int | None) -> tuple[dict[str, Any], Count, str]:
        """One attempt: what the kiosk said, what travelled in vain, and where the link was to break."""
        kept = self._kept()
        left = None if pct is None else max(0, transfer.size[way] * pct // 100 - (kept if way == "down" else 0))
        cut = Cut(way, left)
        told, moved = self._attempt(transfer, cut)
        if left is None:
            transfer.size[way] = len(cut.held)
        transfer.fired[way] += cut.has_fired and told["broken"]
        moved.up += len(cut.held) if way == "up" else 0  # it has been sent; an answer that is held has not
        moved.down -= self._kept() - kept
        return told, moved, f"{way} {'whole' if pct is None else f'{pct} %'}"

    def _whole(self, transfer: Transfer, last: Count, place: str) -> dict[str, Any]:
        """Let it through: what the last cut has made larger counts as its waste."""
        kept = self._kept()
        told, moved = self._attempt(transfer, None)
        more_up, more_down = moved.up - transfer.size["up"], moved.down + kept - transfer.size["down"]
        transfer.note(Count(last.up + max(0, more_up), last.down + max(0, more_down)), f"{place} and the next")
        if told["broken"]:
            raise RuntimeError(f"{transfer.step}: a link that holds has broken")
        return told

    def _attempt(self, transfer: Transfer, cut: Cut | None) -> tuple[dict[str, Any], Count]:
        self.proxy.reset()
        self.proxy.cut(cut)
        told = self.do("attempt", step=transfer.step)
        self.proxy.cut(None)
        self.watch()
        moved = self.proxy.reset()
        transfer.requests_max = max(transfer.requests_max, moved.requests)
        return told, moved

    def _kept(self) -> int:
        return int(self.do("have")["bytes"])
