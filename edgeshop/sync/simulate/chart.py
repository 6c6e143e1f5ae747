"""Drawings as inline SVG: the frontier on two logarithmic axes, and bands of egress. No script, no outside parts.

Series differ by the form of their marks as well as by colour; every mark says its figures when pointed at or read out.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from html import escape

from edgeshop.sync.simulate.egress import Band
from edgeshop.sync.simulate.frontier import Point

_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP, _RIGHT = 860, 460, 64, 48, 16, 16
_LABEL_WIDTH, _ROW = 230, 20
_MARKS = {
    "circle": "M-5,0a5,5 0 1,0 10,0a5,5 0 1,0 -10,0",
    "square": "M-4.5,-4.5h9v9h-9z",
    "diamond": "M0,-6l6,6l-6,6l-6,-6z",
    "triangle": "M0,-6l6,10h-12z",
    "cross": "M-5,-5l10,10M5,-5l-10,10",
}
FORMS = ("square", "cross", "triangle", "diamond", "circle")


class _Log:
    """A logarithmic axis from data to pixels."""

    def __init__(self, values: Sequence[float], begin: float, end: float) -> None:
        self.low, self.high = math.log10(min(values) * 0.85), math.log10(max(values) * 1.15)
        self._begin, self._end = begin, end

    def at(self, value: float) -> float:
        """Where a value lies."""
        part = (math.log10(value) - self.low) / max(self.high - self.low, 1e-9)
        return self._begin + part * (self._end - self._begin)

    def ticks(self) -> list[float]:
        """1, 2 and 5 of each decade in sight."""
        decades = range(math.floor(self.low), math.ceil(self.high) + 1)
        ticks = [step * 10.0**decade for decade in decades for step in (1, 2, 5)]
        return [tick for tick in ticks if self.low <= math.log10(tick) <= self.high]


def frontier_svg(families: Mapping[str, Sequence[Point]]) -> str:
    """Harm against money for every family of policies, and the bound as a line."""
    points = [p for family in families.values() for p in family if p.usd > 0 and p.harm > 0]
    across = _Log([p.usd for p in points], _LEFT, _WIDTH - _RIGHT)
    down = _Log([p.harm for p in points], _HEIGHT - _BOTTOM, _TOP)
    bound = sorted((p for p in points if p.bound > 0), key=lambda p: p.usd)
    on_bound = " ".join(f"{across.at(p.usd):.1f},{_inside(down.at(p.bound)):.1f}" for p in bound if _shown(p, down))
    series = [_series(i, name, family, across, down) for i, (name, family) in enumerate(families.items())]
    return "".join(
        [
            f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-labelledby="frontier-title frontier-text">',
            '<title id="frontier-title">What money buys</title>',
            '<desc id="frontier-text">Harm per thousand requests against money a month, both logarithmic. '
            "The same figures stand in the table below.</desc>",
            *(_tick_across(tick, across.at(tick)) for tick in across.ticks()),
            *(_tick_down(tick, down.at(tick)) for tick in down.ticks()),
            f'<text class="axis" x="{_WIDTH / 2}" y="{_HEIGHT - 8}" text-anchor="middle">USD a month</text>',
            f'<text class="axis" transform="translate(14 {_HEIGHT / 2}) rotate(-90)" text-anchor="middle">'
            "requests hurt per thousand</text>",
            f'<polyline class="bound" points="{on_bound}"><title>lower bound</title></polyline>',
            *series,
            "</svg>",
        ]
    )


def legend(names: Sequence[str]) -> str:
    """What the marks stand for."""
    marks = [
        f'<li><svg viewBox="-8 -8 16 16" aria-hidden="true" class="key">'
        f'<path class="s{i}" d="{_MARKS[FORMS[i]]}"/></svg>{escape(name)}</li>'
        for i, name in enumerate(names)
    ]
    line = '<svg viewBox="-8 -8 16 16" aria-hidden="true" class="key"><path class="bound" d="M-8,0h16"/></svg>'
    return f'<ul class="legend">{"".join(marks)}<li>{line}lower bound: no schedule lies below</li></ul>'


def bands_svg(name: str, title: str, bands: Sequence[Band]) -> str:
    """Megabytes a node-month on a logarithmic axis: the mean as a mark, nine nodes of ten as a bar."""
    shown = [b for b in bands if b.high > 0]
    height = _ROW * len(shown) + _BOTTOM
    across = _Log([max(v, 0.01) for b in shown for v in (b.low, b.high)], _LABEL_WIDTH, _WIDTH - _RIGHT)
    rows = [_band_row(b, _ROW * i + _ROW / 2, across.at) for i, b in enumerate(shown)]
    lines = [
        f'<line class="grid" x1="{across.at(t):.1f}" x2="{across.at(t):.1f}" y1="0" y2="{height - _BOTTOM + 4}"/>'
        f'<text class="tick" x="{across.at(t):.1f}" y="{height - _BOTTOM + 18}" text-anchor="middle">{t:g}</text>'
        for t in across.ticks()
        if len(across.ticks()) < 12 or math.log10(t).is_integer()
    ]
    axis = f'<text class="axis" x="{(_WIDTH + _LABEL_WIDTH) / 2}" y="{height - 8}" text-anchor="middle">MB</text>'
    return (
        f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-labelledby="{name}-title">'
        f'<title id="{name}-title">{escape(title)}</title>{"".join(lines)}{"".join(rows)}{axis}</svg>'
    )


def _series(index: int, name: str, family: Sequence[Point], across: _Log, down: _Log) -> str:
    marks = [
        f'<path class="s{index}" d="{_MARKS[FORMS[index]]}" '
        f'transform="translate({across.at(p.usd):.1f} {down.at(p.harm):.1f})">'
        f"<title>{escape(p.name)}: {p.usd:.2f} USD, {p.harm:.2f} harm</title></path>"
        for p in family
        if p.usd > 0 and p.harm > 0
    ]
    return f'<g aria-label="{escape(name)}">{"".join(marks)}</g>'


def _band_row(band: Band, y: float, at: Callable[[float], float]) -> str:
    low, mean, high = (at(max(v, 0.01)) for v in (band.low, band.mean, band.high))
    label = f"{band.part}, {band.cadence}"
    said = f"{label}: {band.mean:.1f} MB, {band.low:.1f} to {band.high:.1f}"
    return (
        f'<g><title>{escape(said)}</title><text class="tick" x="{_LABEL_WIDTH - 10}" y="{y + 4}" text-anchor="end">'
        f'{escape(label)}</text><rect class="band" x="{low:.1f}" y="{y - 5}" width="{max(high - low, 2):.1f}" '
        f'height="10" rx="3"/><path class="s4" d="{_MARKS["circle"]}" '
        f'transform="translate({mean:.1f} {y}) scale(.8)"/></g>'
    )


def _tick_across(tick: float, x: float) -> str:
    return (
        f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP}" y2="{_HEIGHT - _BOTTOM}"/>'
        f'<text class="tick" x="{x:.1f}" y="{_HEIGHT - _BOTTOM + 16}" text-anchor="middle">{tick:g}</text>'
    )


def _tick_down(tick: float, y: float) -> str:
    return (
        f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<text class="tick" x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{tick:g}</text>'
    )


def _inside(y: float) -> float:
    return min(max(y, _TOP), _HEIGHT - _BOTTOM)


def _shown(point: Point, down: _Log) -> bool:
    return down.low <= math.log10(point.bound)
