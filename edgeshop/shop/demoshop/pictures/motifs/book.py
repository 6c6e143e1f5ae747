"""Which composition each motif gets: large and alone on a page, or all over on a body."""

from collections.abc import Callable
from functools import partial
from typing import Literal

from edgeshop.shop.demoshop.pictures.brush import Brush
from edgeshop.shop.demoshop.pictures.inks import INKS
from edgeshop.shop.demoshop.pictures.motifs import fields, fruit, garden, sea, sky, town, wood
from edgeshop.shop.demoshop.pictures.motifs.area import Area
from edgeshop.shop.demoshop.pictures.motifs.compose import Figure, Spot, placed_at, spread, standing
from edgeshop.shop.demoshop.pictures.pen import disc, fill, line, num

Mode = Literal["all", "scene"]
Composer = Callable[[Brush, Area], str]

_HOUSES: list[Figure] = [partial(town.house, kind=kind) for kind in (0, 1, 3, 2)]
_PALE_FERN: Figure = partial(garden.fern, pale=True)
_FIRS: list[Figure] = [wood.fir, partial(wood.fir, kind=1)]
_PEAKS: list[Figure] = [partial(wood.peak, kind=kind) for kind in (0, 1, 2)]

_ALL_OVER: dict[str, tuple[list[Figure], Figure | None, float, float]] = {
    "swallow": ([garden.swallow], None, 16, 1),
    "lemon": ([fruit.lemon, fruit.lemon, fruit.lemon_slice], garden.sprig, 35, 0.9),
    "orange": ([fruit.orange, fruit.orange_whole], garden.sprig, 40, 1),
    "pear": ([fruit.pear], garden.sprig, 14, 1),
    "cherry": ([fruit.cherry], None, 16, 1),
    "olive": ([fruit.olive], None, 20, 1),
    "fern": ([garden.fern, _PALE_FERN], None, 30, 1),
    "poppy": ([garden.poppy], garden.sprig, 14, 1),
    "daisy": ([garden.daisy], garden.sprig, 30, 1),
    "bee": ([garden.bee], None, 20, 0.85),
    "boat": ([sea.boat], sea.ripple, 5, 1),
    "fish": ([sea.fish], sea.bubbles, 8, 0.62),
    "moon": ([sky.moon, sky.small_star], sky.small_star, 12, 1),
    "star": ([sky.star], sky.small_star, 30, 1),
    "sun": ([sky.sun], sky.dash, 20, 1),
    "mushroom": ([wood.mushroom], wood.blades, 10, 1),
    "fir": (_FIRS, sky.small_star, 4, 1),
    "cat": ([town.cat], town.paw, 6, 1),
    "mountain": (_PEAKS, None, 0, 1),
    "house": (_HOUSES, None, 0, 1),
}

_SCENES: dict[str, tuple[list[Figure], list[Spot]]] = {
    "swallow": ([garden.swallow], [(0.56, 0.36, 0.72, -6), (0.2, 0.76, 0.36, 14), (0.78, 0.8, 0.32, -18)]),
    "lemon": (
        [fruit.lemon, fruit.lemon, fruit.lemon_slice],
        [(0.42, 0.3, 0.66, -14), (0.62, 0.62, 0.6, 152), (0.3, 0.74, 0.5, 0)],
    ),
    "orange": (
        [fruit.orange, fruit.orange_whole, fruit.orange],
        [(0.4, 0.36, 0.72, -12), (0.74, 0.62, 0.6, 10), (0.36, 0.76, 0.46, 40)],
    ),
    "pear": ([fruit.pear], [(0.36, 0.5, 0.74, -8), (0.7, 0.58, 0.56, 12)]),
    "cherry": ([fruit.cherry], [(0.5, 0.46, 0.86, 0)]),
    "olive": ([fruit.olive], [(0.48, 0.34, 0.76, 4), (0.56, 0.72, 0.62, 176)]),
    "fern": (
        [_PALE_FERN, _PALE_FERN, garden.fern],
        [(0.27, 0.6, 0.66, -24), (0.74, 0.62, 0.62, 30), (0.5, 0.48, 0.96, 0)],
    ),
    "poppy": (
        [garden.poppy, garden.poppy, garden.sprig],
        [(0.38, 0.42, 0.72, -8), (0.7, 0.56, 0.56, 10), (0.2, 0.74, 0.6, -16)],
    ),
    "daisy": (
        [garden.daisy, garden.daisy, garden.daisy, garden.sprig],
        [(0.38, 0.34, 0.6, 0), (0.7, 0.56, 0.46, 12), (0.32, 0.76, 0.36, 30), (0.72, 0.22, 0.44, 20)],
    ),
    "bee": ([garden.bee], [(0.56, 0.34, 0.66, -10), (0.34, 0.72, 0.46, 14)]),
    "fish": ([sea.fish], [(0.5, 0.2, 0.8, 0), (0.5, 0.4, 0.8, 180), (0.5, 0.6, 0.8, 0), (0.5, 0.8, 0.8, 180)]),
    "moon": (
        [sky.moon, sky.small_star, sky.small_star, sky.small_star, sky.small_star],
        [
            (0.46, 0.46, 0.72, -8),
            (0.68, 0.3, 0.5, 0),
            (0.84, 0.54, 0.3, 10),
            (0.24, 0.16, 0.34, 0),
            (0.74, 0.8, 0.4, 0),
        ],
    ),
    "star": (
        [sky.star, sky.small_star, sky.star, sky.small_star, sky.star, sky.small_star],
        [
            (0.44, 0.4, 0.62, -8),
            (0.8, 0.2, 0.4, 0),
            (0.76, 0.66, 0.36, 14),
            (0.18, 0.72, 0.36, 0),
            (0.4, 0.82, 0.26, 30),
            (0.14, 0.16, 0.28, 0),
        ],
    ),
    "mushroom": ([wood.mushroom, wood.blades], [(0.5, 0.46, 0.84, 0), (0.16, 0.82, 0.6, 0)]),
    "cat": ([town.cat], [(0.5, 0.54, 0.86, 0)]),
}


def paint(brush: Brush, area: Area, mode: Mode) -> str:
    """The brush's motif on the area, in the inks that show on its glaze; nothing for a plain one."""
    motif = brush.spec.motif
    if motif == "plain":
        return ""
    whole = _WHOLE.get(motif)
    if whole and (mode == "scene" or motif in _ALWAYS_WHOLE):
        return whole(brush, area)
    if mode == "scene":
        return placed_at(brush, area, *_SCENES[motif])
    return spread(brush, area, *_ALL_OVER[motif])


def _street(brush: Brush, area: Area) -> str:
    count = max(3, round(area.w / area.h * 3.4))
    heights = [0.62, 0.7, 0.58, 0.74, 0.64, 0.6, 0.7][:count]
    scale = area.w / count / 48
    figures = [_HOUSES[index % 4] for index in range(count)]
    fitted = [min(height, 100 * scale / area.h) for height in heights]
    lamp = disc(area.x + area.w * 0.8, area.y + area.h * 0.18, area.small * 0.07, brush.ink("lemon", "white"))
    return lamp + standing(brush, area, figures, fitted, lift=0.1) + _earth(brush, area, 0.1)


def _earth(brush: Brush, area: Area, lift: float) -> str:
    y = area.y + area.h * (1 - lift)
    sag = area.bend * 1.3
    d = (
        f"M{num(area.x - 4)} {num(y)}C{num(area.x + area.w * 0.3)} {num(y + sag)}"
        f" {num(area.x + area.w * 0.7)} {num(y + sag)} {num(area.x + area.w + 4)} {num(y)}"
    )
    return line(d, brush.ink("fir", "white", "mint"), 4)


def _forest(brush: Brush, area: Area) -> str:
    heights = [0.5, 0.74, 0.56, 0.82, 0.6, 0.7, 0.52]
    count = min(7, max(3, round(area.w / area.h * 4)))
    snow = brush.stamp(disc(0, 0, 3, brush.ink("white", "sky", "rose")))
    flakes = "".join(
        brush.put(
            snow,
            area.x + area.w * brush.chance.random(),
            area.y + area.h * 0.6 * brush.chance.random(),
            brush.near(1, 0.3),
        )
        for _ in range(10)
    )
    return flakes + standing(brush, area, _FIRS, heights[:count], lift=0.08) + _earth(brush, area, 0.09)


def _range(brush: Brush, area: Area) -> str:
    sun = disc(area.x + area.w * 0.68, area.y + area.h * 0.26, area.small * 0.16, brush.ink("orange", "lemon", "white"))
    stamps = [brush.stamp(figure(brush.ink)) for figure in _PEAKS]
    size, low = area.w / 100, area.y + area.h
    peaks = [(2, 0.2, 0.66, 0.94), (1, 0.84, 0.6, 0.96), (0, 0.5, 0.86, 1.0)]
    back = "".join(
        brush.put(
            stamps[kind], area.x + area.w * across, low * 1 - 46 * size * scale + area.h * (down - 1), size * scale
        )
        for kind, across, scale, down in peaks
    )
    return sun + back + _meadow(brush, area)


def _meadow(brush: Brush, area: Area) -> str:
    y, floor = area.y + area.h * 0.86, area.y + area.h + 40
    d = (
        f"M{num(area.x - 30)} {num(y + 6)}C{num(area.x + area.w * 0.25)} {num(y - 12 + area.bend)}"
        f" {num(area.x + area.w * 0.6)} {num(y + 18 + area.bend)} {num(area.x + area.w + 30)} {num(y)}"
        f"V{num(floor)}H{num(area.x - 30)}Z"
    )
    return fill(d, brush.ink("fir", "mint", "leaf"))


def _sunrise(brush: Brush, area: Area) -> str:
    stamp = brush.stamp(sky.sun(brush.ink))
    size = area.w * 1.05 / 100
    y = area.y + area.h * 0.8
    hill = brush.ink("sea", "fir", "ink")
    d = (
        f"M{num(area.x - 5)} {num(y + 4)}C{num(area.x + area.w * 0.3)} {num(y - 10 + area.bend)}"
        f" {num(area.x + area.w * 0.6)} {num(y + 12 + area.bend)} {num(area.x + area.w + 5)} {num(y)}"
        f"V{num(area.y + area.h + 40)}H{num(area.x - 5)}Z"
    )
    return brush.put(stamp, area.cx, y - area.h * 0.06, size) + fill(d, hill)


def _regatta(brush: Brush, area: Area) -> str:
    boats = placed_at(brush, area, [sea.boat], [(0.42, 0.44, 0.72, -5), (0.82, 0.6, 0.32, -4)])
    step = area.w / 5
    swell = f"q{num(step / 2)} {num(-step / 2.6)} {num(step)} 0" * 8
    x, y, low = area.x - step * 1.5, area.y + area.h * 0.74, area.y + area.h + 40
    water = fill(f"M{num(x)} {num(y)}{swell}V{num(low)}H{num(x)}Z", brush.ink("sea", "sky", "white"))
    foam = "".join(
        line(f"M{num(x - shift)} {num(y + down * area.h)}{swell}", INKS["white"], 2.6, 0.85)
        for shift, down in ((step / 2, 0.1), (0, 0.2))
    )
    sun = disc(area.x + area.w * 0.78, area.y + area.h * 0.18, area.small * 0.1, brush.ink("lemon", "orange", "white"))
    return sun + boats + water + foam


_WHOLE: dict[str, Composer] = {
    "stripe": fields.stripes,
    "dot": fields.dots,
    "check": fields.checks,
    "wave": fields.waves,
    "bunting": fields.bunting,
    "house": _street,
    "fir": _forest,
    "mountain": _range,
    "sun": _sunrise,
    "boat": _regatta,
}
_ALWAYS_WHOLE = frozenset({"stripe", "dot", "check", "wave", "bunting", "house", "mountain"})
