"""The month's chart as numbers for a template: real and planned totals by day, and the way to the forecast.

Units: the picture's own, 640 wide and 200 high with a margin for its words.
"""

from dataclasses import dataclass

from edgeshop.sync.services.egress.report import MonthReport
from edgeshop.sync.services.egress.tariff import pico

WIDTH, HEIGHT = 640, 200
_LEFT, _RIGHT, _TOP, _BOTTOM = 8, 8, 12, 24
_UNITS = ((10**9, "GB"), (10**6, "MB"), (10**3, "kB"))
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Chart:
    """Lines as the `points` of SVG; `bars` as left edge, top, width and height, with what each says.

    `top`: the amount that the upper edge stands for, in words; empty where there is nothing to draw.
    """

    real: str
    planned: str
    forecast: str
    bars: list[tuple[float, float, float, float, str]]
    top: str
    last_day: int
    words: str


def chart_of(report: MonthReport) -> Chart:
    """The chart of a month."""
    highest = max(report.cap, report.forecast, report.spent, 1.0)
    count = len(report.days)
    done = [day for day in report.days if day.total is not None]

    def at(number: float, amount: float) -> Point:
        across = (WIDTH - _LEFT - _RIGHT) * number / count
        return round(_LEFT + across, 1), round(HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * amount / highest, 1)

    real = [at(0, 0), *(at(day.on.day, day.total or 0.0) for day in done)]
    base = HEIGHT - _BOTTOM
    bars = []
    for day in done:
        x, y = at(day.on.day - 0.85, day.spent)
        said = f"{day.on:%d %b}: {worded(day.spent, report.unit)}"
        bars.append((x, y, round(0.7 * (WIDTH - _LEFT - _RIGHT) / count, 1), round(base - y, 1), said))
    return Chart(
        real=_points(real),
        planned=_points([at(0, 0), at(count, report.cap)]) if report.cap else "",
        forecast=_points([real[-1], at(count, report.forecast)]),
        bars=bars,
        top=worded(highest, report.unit) if highest > 1.0 else "",
        last_day=count,
        words=in_words(report),
    )


def in_words(report: MonthReport) -> str:
    """The report in a sentence or two."""
    spent, forecast = worded(report.spent, report.unit), worded(report.forecast, report.unit)
    if not report.cap:
        return f"{spent} this month, about {forecast} by its end. The class sets no cap."
    cap, over = worded(report.cap, report.unit), report.forecast > report.cap
    heading = "That is over the cap: what can wait will" if over else "That stays under the cap"
    return f"{spent} of {cap} this month, {report.spent_pct:.0f} %. About {forecast} by its end. {heading}."


def worded(amount: float, unit: str) -> str:
    """An amount for people: money in `unit`, else bytes (SI, as tariffs are sold)."""
    if unit:
        return f"{amount / pico(100):,.2f} {unit}"
    for size, name in _UNITS:
        if amount >= size:
            return f"{amount / size:,.1f} {name}"
    return f"{amount:.0f} B"


def _points(points: list[Point]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)
