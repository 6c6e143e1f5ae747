"""The month's report as HTML, for the admin's windows on both tiers."""

from collections.abc import Sequence

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from edgeshop.sync.services.egress.chart import chart_of, worded
from edgeshop.sync.services.egress.report import Line, MonthReport

Cells = list[tuple[str, str, str, str]]


def egress_html(report: MonthReport, *, currency: str, is_short: bool = False) -> SafeString:
    """Chart and words; unless short, the tables too. `currency` is the tariff's, "" when no price is known."""
    done = [day for day in report.days if day.total is not None]
    said = {
        "chart": chart_of(report),
        "key": "egress",
        "is_short": is_short,
        "has_cost": bool(currency),
        "by_stream": _cells(report.by_stream, currency),
        "by_grade": _cells(report.by_grade, currency),
        "days": [
            (d.on, worded(d.spent, report.unit), worded(d.total or 0.0, report.unit), _planned(d.planned, report))
            for d in done
        ],
    }
    return render_to_string("sync/egress.html", said)


def _planned(amount: float, report: MonthReport) -> str:
    return worded(amount, report.unit) if report.cap else "–"


def _cells(lines: Sequence[Line], currency: str) -> Cells:
    return [
        (line.name, worded(line.up_bytes, ""), worded(line.down_bytes, ""), worded(line.cost_pico, currency or "?"))
        for line in lines
    ]
