"""The report as one HTML page that opens from a file: drawings, the same figures as tables, dark and light."""

from collections.abc import Sequence
from html import escape

from edgeshop.kernel.report import Goal, Report
from edgeshop.sync.simulate.chart import bands_svg, frontier_svg, legend
from edgeshop.sync.simulate.egress import Band
from edgeshop.sync.simulate.frontier import KNOWN, NO_PUSH, POLLING, Point
from edgeshop.sync.simulate.report import Found

_FAMILIES = ("fixed cadence", "hand-tuned", POLLING, KNOWN, NO_PUSH)
_STYLE = """
:root{color-scheme:light dark;--ink:#1c1c1a;--faint:#5d5d58;--paper:#fcfcfa;--line:#d9d9d2;--band:#c3d4ea;
--s0:#8a5a00;--s1:#b3261e;--s2:#7b3fa0;--s3:#0b6e4f;--s4:#1a56b0}
@media(prefers-color-scheme:dark){:root{--ink:#eeeeea;--faint:#b3b3ab;--paper:#191917;--line:#3a3a36;--band:#2f4668;
--s0:#e0ad4a;--s1:#ff8a80;--s2:#cf9bef;--s3:#63cfa3;--s4:#86b4ff}}
body{margin:0 auto;max-width:60rem;padding:1.5rem;background:var(--paper);color:var(--ink);
font:1rem/1.5 system-ui,sans-serif}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2.5rem}svg{width:100%;height:auto}.grid{stroke:var(--line)}
.tick,.axis{fill:var(--faint);font-size:12px}.bound{stroke:var(--ink);stroke-width:2;stroke-dasharray:5 4;fill:none}
.band{fill:var(--band)}.s0{fill:var(--s0)}.s1{fill:none;stroke:var(--s1);stroke-width:2.5}.s2{fill:var(--s2)}.s3{fill:var(--s3)}
.s4{fill:var(--s4)}.legend{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;padding:0}.key{width:1rem;
height:1rem;vertical-align:-.15rem;margin-right:.4rem}.scroll{overflow-x:auto}table{border-collapse:collapse;
font-variant-numeric:tabular-nums;font-size:.9rem}
th,td{padding:.25rem .7rem;border-bottom:1px solid var(--line);text-align:right}
th:first-child,td:first-child{text-align:left}caption{text-align:left;color:var(--faint);padding-bottom:.5rem}.no{font-weight:700}
"""


def picture(found: Found, report: Report) -> str:
    """The whole page."""
    families = {name: found.frontier.of(name) for name in _FAMILIES}
    fleet = found.fleet
    drawings = [
        ("by-class", "Egress by node class", found.by_class),
        ("by-stream", "Egress by stream", found.by_stream),
        ("by-vector", f"Egress of {fleet.vector_stream} and contacts by size of vector", found.by_vector),
    ]
    return "\n".join(
        [
            '<!doctype html><html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width,initial-scale=1">',
            f"<title>Fleet simulation</title><style>{_STYLE}</style></head><body><main>",
            f"<h1>{fleet.nodes} nodes, seed {report.seed}</h1>",
            _goals(report.goals, report.controls),
            f"<h2>What money buys</h2>{legend(list(families))}{frontier_svg(families)}",
            _points(found.frontier.points),
            *(_bands(name, title, bands) for name, title, bands in drawings if bands),
            "</main></body></html>",
        ]
    )


def _goals(goals: Sequence[Goal], controls: Sequence[Goal]) -> str:
    rows = [
        (goal.id, str(goal.value), f"{goal.op} {goal.goal:g}", goal.unit, _verdict(goal, is_control=goal in controls))
        for goal in [*goals, *controls]
    ]
    return _table("Goals, and the control that must go wrong", ("goal", "value", "wanted", "unit", "holds"), rows)


def _verdict(goal: Goal, *, is_control: bool) -> str:
    if not goal.holds:
        return "NO"
    return "control" if is_control else "yes"


def _points(points: Sequence[Point]) -> str:
    head = (
        "policy",
        "USD a month",
        "GB a month",
        "contacts a day",
        "harm per 1000",
        "± error",
        "bound",
        "gap %",
    )
    rows = [
        (
            p.name,
            *(f"{value:.2f}" for value in (p.usd, p.gb, p.contacts_per_day, p.harm, p.harm_se, max(p.bound, 0))),
            "–" if p.gap_pct is None else f"{p.gap_pct:.1f}",
        )
        for p in points
    ]
    return _table("The same figures", head, rows)


def _bands(name: str, title: str, bands: Sequence[Band]) -> str:
    rows = [(b.part, b.cadence, *(f"{value:.2f}" for value in (b.mean, b.low, b.high))) for b in bands]
    head = ("part", "cadence", "mean", "5 % below", "95 % below")
    said = "MB a node-month: the mean, and the band that nine nodes of ten lie in"
    return f"<h2>{escape(title)}</h2>{bands_svg(name, title, bands)}{_table(said, head, rows)}"


def _table(caption: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    top = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    body = "".join(f"<tr>{''.join(_cell(cell) for cell in row)}</tr>" for row in rows)
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(caption)}"><table>'
        f"<caption>{escape(caption)}</caption><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _cell(text: str) -> str:
    return f'<td class="no">{text}</td>' if text == "NO" else f"<td>{escape(text)}</td>"
