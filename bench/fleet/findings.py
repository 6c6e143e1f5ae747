"""What the bench reports: its goals, its controls, and what else was seen."""

from typing import Any

from bench.fleet.fleet import Fleet
from bench.fleet.measure import Found, Size, exponent
from edgeshop.kernel.report import Goal, Report

_ODD_SHOWN = 5
Details = dict[str, Any]


def report_of(seed: int, size: Size, found: Found, fleet: Fleet) -> Report:
    """Everything that was found, against what is wanted."""
    odd = [said for box in fleet.boxes.values() for said in box.memory.odd]
    return Report(
        "bench-fleet",
        seed,
        goals=[*_in_the_books(found), *_on_the_wire(fleet, odd), *_of_the_cost(found)],
        controls=_controls(found),
        details=_work(size, found) | _held(found, fleet) | _costs_by_size(found) | _met(fleet, odd),
    )


def _in_the_books(found: Found) -> list[Goal]:
    counted = found.counted["fleet"]
    return [
        Goal("lost", counted.lost, "==", 0, f"of {counted.settled} orders"),
        Goal("duplicated", counted.duplicated, "==", 0, "orders"),
        Goal("changed", counted.changed, "==", 0, "orders"),
        Goal("units_off", counted.units_off, "==", 0, "pieces on the shelves"),
        Goal("in_review", counted.in_review, "==", 0, "orders"),
    ]


def _on_the_wire(fleet: Fleet, odd: list[str]) -> list[Goal]:
    return [
        Goal("odd_sections", len(odd), "==", 0, "answers"),
        Goal("http_5xx", fleet.seen.http_5xx, "==", 0, f"of {len(fleet.seen.contacts)} contacts"),
    ]


def _of_the_cost(found: Found) -> list[Goal]:
    return [
        Goal("cost_growth_exponent", round(exponent(found.sizes, found.cpu_s), 3), "<=", 1.05, "of the fleet"),
        Goal("reconnect_100_s", round(found.reconnect_s, 1), "<=", 300, "s"),
        Goal("drain_1000_s", round(found.drain_s, 1), "<=", 60, "s"),
    ]


def _controls(found: Found) -> list[Goal]:
    withheld, doubled = found.counted["withheld"], found.counted["doubled"]
    return [
        Goal("lost_where_one_is_withheld", withheld.lost, ">=", 1, "orders"),
        Goal("duplicated_where_one_comes_twice", doubled.duplicated, ">=", 1, "orders"),
    ]


def _work(size: Size, found: Found) -> Details:
    """Of the crowd that comes back at once, and of contacts with nothing to tell."""
    orders = size.reconnecting * size.orders_each
    return {
        "orders": found.counted["fleet"].settled,
        "settle_orders_per_s": round(orders / found.reconnect_s, 1),
        "contact_p95_ms": round(found.idle_p95_ms, 1),
        "contact_p95_ms_reconnecting": round(found.facts_p95_ms, 1),
        "cpu_ms_per_order": round(1000 * found.reconnect_cpu_s / orders, 2),
        "cpu_ms_per_idle_contact": round(found.idle_cpu_ms, 2),
        "rows_per_order": round(sum(found.reconnect_rows.values()) / orders, 2),
        "rows": found.reconnect_rows,
    }


def _held(found: Found, fleet: Fleet) -> Details:
    """What the sections `egress` and `schedule` have left behind."""
    held = sum(bool(box.memory.table) for box in fleet.boxes.values())
    return {"egress_rows": found.egress_rows, "tables_held": held}


def _costs_by_size(found: Found) -> Details:
    """Of each of the four fleets."""
    return {
        "cpu_ms_per_kiosk": {n: round(1000 * s / n, 1) for n, s in zip(found.sizes, found.cpu_s, strict=True)},
        "cpu_ms_per_first_contact": [round(1000 * s, 1) for s in found.arrival_cpu_s],
    }


def _met(fleet: Fleet, odd: list[str]) -> Details:
    """What kiosks were answered, and what went wrong meanwhile."""
    seen = fleet.seen
    return {"statuses": seen.statuses, "refused": seen.refused, "broken": seen.broken, "odd": odd[:_ODD_SHOWN]}
