"""Every transfer is cut at every 2 % of its bytes, in both directions, and its answer lost whole; then the books of
both ends are laid side by side.
"""

import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.sync.counting import Count
from bench.sync.scene import Scene
from edgeshop.kernel.report import Goal

STEP_PCT = 2
_WHOLE, _CUT = 0, 1  # kiosks
_SOLD = (
    "SELECT o.number_id, o.total_minor, l.product_id, l.qty, l.unit_minor FROM checkout_order o"
    " JOIN checkout_orderline l ON l.order_id = o.id WHERE o.kiosk_id = ?"
)
_ACKNOWLEDGED = "SELECT number_id FROM checkout_order WHERE acknowledged_at IS NOT NULL AND kiosk_id = ?"
_TAKEN = "SELECT COALESCE(SUM(taken), 0) FROM catalog_allotment WHERE kiosk_id = ?"


@dataclass(slots=True)
class Cuts:
    """What the cuts cost. Units: bytes that had to be sent once more after the worst of them."""

    scene: Scene
    broken: int = 0
    waste_up: int = 0
    waste_down: int = 0
    unseen: set[str] = field(default_factory=set)
    worst: dict[str, str] = field(default_factory=dict)

    def through(self, what: str, uncut: Count) -> None:
        """Cut one transfer everywhere, then let it through. `uncut` is what it takes otherwise."""
        for way in ("up", "down"):
            for pct in range(0 if way == "down" else STEP_PCT, 100, STEP_PCT):
                if not self._is_broken(what, way, getattr(uncut, way) * pct // 100, f"{what} {way} {pct} %"):
                    return
        self.scene.do(what, kiosk=_CUT)

    def lock_step(self, what: str) -> None:
        """The same for all contacts that it takes, each as large as the other kiosk's."""
        is_more = True
        while is_more:
            self.scene.proxies[_WHOLE].reset()
            is_more = bool(self.scene.do(what, kiosk=_WHOLE)["is_more"])
            self.through(what, self.scene.proxies[_WHOLE].reset())

    def goals(self, *, rows_wrong: int) -> list[Goal]:
        """What was lost or came twice, either way, and what the worst cut cost."""
        found = compared(self.scene)
        lost = found["lost"] + found["changed"] + rows_wrong
        return [
            Goal("cut_lost", lost, "==", 0, "orders and rows"),
            Goal("cut_duplicated", found["duplicated"], "==", 0, "orders and units"),
            Goal("cut_acknowledged_unseen", len(self.unseen), "==", 0, "orders"),
            Goal("cut_waste_up_bytes", self.waste_up, "<=", 2_000, "bytes"),
            Goal("cut_waste_down_bytes", self.waste_down, "<=", 4_000, "bytes"),
        ]

    def _is_broken(self, what: str, way: str, place: int, name: str) -> bool:
        proxy, before = self.scene.proxies[_CUT], self._kept()
        proxy.reset()
        proxy.cut(**{way: max(0, place - (before if way == "down" else 0))})
        is_broken = bool(self.scene.do("attempt", kiosk=_CUT, step=what)["broken"])
        proxy.cut()
        self.unseen |= acknowledged(self.scene) - set(sold(self.scene.cloud_file))
        if is_broken:
            self.broken += 1
            self._note(proxy.reset(), self._kept() - before, name)
        return is_broken

    def _note(self, moved: Count, kept: int, name: str) -> None:
        for way, waste in (("up", moved.up), ("down", moved.down - kept)):
            if waste > getattr(self, f"waste_{way}"):
                setattr(self, f"waste_{way}", waste)
                self.worst[way] = name

    def _kept(self) -> int:
        return int(self.scene.do("have", kiosk=_CUT)["bytes"])


def sold(file: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Orders of the kiosk that is cut, by receipt number, as the node with this database holds them."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    for number, *line in _ask(file, _SOLD):
        found.setdefault(number, []).append(tuple(line))
    return found


def acknowledged(scene: Scene) -> set[str]:
    """Numbers of the orders that the cloud has acknowledged, as the kiosk has it."""
    return {number for (number,) in _ask(scene.kiosk_file(_CUT), _ACKNOWLEDGED)}


def compared(scene: Scene) -> dict[str, int]:
    """Orders that only one side has or that both have otherwise, and units that were taken from stock too often."""
    here, there = sold(scene.kiosk_file(_CUT)), sold(scene.cloud_file)
    units = sum(qty for lines in here.values() for *_, qty, _unit in lines)
    [(taken,)] = _ask(scene.cloud_file, _TAKEN)
    return {
        "lost": sum(number not in there for number in here),
        "duplicated": sum(number not in here for number in there) + abs(taken - units),
        "changed": sum(sorted(there[number]) != sorted(here[number]) for number in here if number in there),
    }


def _ask(file: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=20)) as database:
        return database.execute(query, (_CUT + 1,)).fetchall()
