"""The books of a node, read from its database while it runs, without going through its code."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from edgeshop.qa.node import Node


@dataclass(frozen=True, slots=True)
class Entry:
    """One order as a node holds it. Shapes: lines {product: (quantity, unit price)}. Units: minor units."""

    total_minor: int
    tender: str
    lines: dict[int, tuple[int, int]]
    delivery: str


class Ledger:
    """A node's orders and numbers, and which of the orders are new since this object was made."""

    def __init__(self, node: Node) -> None:
        """Remember what is there."""
        self.node = node
        self._before = set(self.orders())

    def new(self) -> dict[str, Entry]:
        """What was sold since, by receipt number."""
        return {number: entry for number, entry in self.orders().items() if number not in self._before}

    def settle(self, *numbers: str, timeout_s: float = 120) -> dict[str, Entry]:
        """What is new, as soon as all of these are settled. Raises: ChildFailed."""
        self.node.wait_until(lambda: self._are_settled(numbers), what="settled orders", timeout_s=timeout_s)
        return self.new()

    def orders(self) -> dict[str, Entry]:
        """Every order, by receipt number."""
        found: dict[str, Entry] = {}
        for number, total, tender, delivery, product_id, qty, unit in self.ask(
            "SELECT o.number_id, o.total_minor, o.tender, o.delivery, l.product_id, l.qty, l.unit_minor"
            " FROM checkout_order o JOIN checkout_orderline l ON l.order_id = o.id"
        ):
            found.setdefault(number, Entry(total, tender, {}, delivery)).lines[product_id] = (qty, unit)
        return found

    def states(self, *numbers: str) -> dict[str, str]:
        """How these receipt numbers stand here; those that are not known are left out."""
        known = dict(self.ask("SELECT number, state FROM checkout_number"))
        return {number: known[number] for number in numbers if number in known}

    def reviews(self, number: str) -> list[tuple[str, str]]:
        """The reasons why a person must look at an order, each with what was decided."""
        return self.ask(
            "SELECT r.reason, r.decision FROM checkout_review r JOIN checkout_order o ON o.id = r.order_id"
            " WHERE o.number_id = ? ORDER BY r.id",
            number,
        )

    def ask(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows of the node's SQLite file, which is opened for reading only."""
        path = self.node.state / f"{self.node.role}.sqlite3"
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=20)) as database:
            return database.execute(query, values).fetchall()

    def _are_settled(self, numbers: tuple[str, ...]) -> bool:
        found = self.orders()
        return all(number in found and found[number].delivery == "settled" for number in numbers)
