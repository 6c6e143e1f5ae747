"""The books of the kiosk that is cut and of its cloud, laid side by side."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from bench.sync.scene import Scene

CUT = 1  # the kiosk
_SOLD = (
    "SELECT o.number_id, o.total_minor, l.product_id, l.qty, l.unit_minor FROM checkout_order o"
    " JOIN checkout_orderline l ON l.order_id = o.id WHERE o.kiosk_id = ?"
)
_ACKNOWLEDGED = "SELECT number_id FROM checkout_order WHERE acknowledged_at IS NOT NULL AND kiosk_id = ?"
_TAKEN = "SELECT COALESCE(SUM(taken), 0) FROM catalog_allotment WHERE kiosk_id = ?"


def sold(file: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Orders of the kiosk that is cut, by receipt number, as the node with this database holds them."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    for number, *line in _ask(file, _SOLD):
        found.setdefault(number, []).append(tuple(line))
    return found


def acknowledged(scene: Scene) -> set[str]:
    """Numbers of the orders that the cloud has acknowledged, as the kiosk has it."""
    return {number for (number,) in _ask(scene.kiosk_file(CUT), _ACKNOWLEDGED)}


def compared(scene: Scene) -> dict[str, int]:
    """Orders that only one side has or that both have otherwise, and units that were taken from stock too often."""
    here, there = sold(scene.kiosk_file(CUT)), sold(scene.cloud_file)
    units = sum(qty for lines in here.values() for *_, qty, _unit in lines)
    [(taken,)] = _ask(scene.cloud_file, _TAKEN)
    return {
        "lost": sum(number not in there for number in here),
        "duplicated": sum(number not in here for number in there) + abs(taken - units),
        "changed": sum(sorted(there[number]) != sorted(here[number]) for number in here if number in there),
    }


def _ask(file: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=20)) as database:
        return database.execute(query, (CUT + 1,)).fetchall()
