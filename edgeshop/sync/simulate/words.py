"""The frontier and the egress as tables for a terminal."""

from collections.abc import Sequence

from edgeshop.sync.simulate.egress import Band
from edgeshop.sync.simulate.frontier import Point


def frontier_table(points: Sequence[Point]) -> str:
    """One line per policy: what it costs, what it hurts, and how far above the bound it is."""
    rows = [("policy", "USD/month", "GB/month", "contacts/day", "harm/1000", "+-", "bound", "gap %")]
    rows += [
        (
            p.name,
            f"{p.usd:.2f}",
            f"{p.gb:.2f}",
            f"{p.contacts_per_day:.1f}",
            f"{p.harm:.2f}",
            f"{p.harm_se:.2f}",
            f"{max(p.bound, 0):.2f}",
            "-" if p.gap_pct is None else f"{p.gap_pct:.1f}",
        )
        for p in points
    ]
    return _aligned(rows)


def egress_table(title: str, bands: Sequence[Band]) -> str:
    """Megabytes a node-month: one line per part, one column per cadence, each the mean and the band of nine in ten."""
    cadences = list(dict.fromkeys(b.cadence for b in bands))
    cells = {(b.part, b.cadence): f"{b.mean:.1f} ({b.low:.1f}-{b.high:.1f})" for b in bands}
    parts = dict.fromkeys(b.part for b in bands)
    rows = [(title, *cadences), *((part, *(cells[part, c] for c in cadences)) for part in parts)]
    return _aligned(rows)


def _aligned(rows: Sequence[tuple[str, ...]]) -> str:
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = [
        "  ".join(
            cell.ljust(w) if i == 0 else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])
