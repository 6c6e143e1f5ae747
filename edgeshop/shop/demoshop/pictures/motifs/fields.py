"""Patterns that cover a whole surface: stripes, dots, checks, waves, bunting."""

from math import pi, sin

from edgeshop.shop.demoshop.pictures.brush import Brush
from edgeshop.shop.demoshop.pictures.inks import INKS, Inks
from edgeshop.shop.demoshop.pictures.motifs.area import Area
from edgeshop.shop.demoshop.pictures.pen import disc, fill, line, num

_PAIRS: dict[str, tuple[str, str]] = {  # what stripes, dots and checks use on each body
    "cream": ("sea", "red"),
    "terracotta": ("white", "ink"),
    "mustard": ("white", "plum"),
    "sage": ("white", "fir"),
    "fir": ("white", "rose"),
    "navy": ("white", "orange"),
    "sky": ("white", "ink"),
    "peach": ("red", "white"),
    "burgundy": ("rose", "white"),
    "coral": ("white", "ink"),
    "charcoal": ("white", "lemon"),
}


def _pair(brush: Brush) -> tuple[str, str]:
    main, other = _PAIRS[brush.spec.colour]
    return INKS[main], INKS[other]


def _level(area: Area, y: float, brush: Brush, wobble: float = 1.2) -> str:
    """A level line across the area, sagging as the body does, drawn by hand."""
    x0, x1 = area.x - 30, area.x + area.w + 30
    a, b = brush.near(y, wobble), brush.near(y, wobble)
    return (
        f"M{num(x0)} {num(a)}C{num(x0 + area.w * 0.3)} {num(a + area.bend * 1.3)}"
        f" {num(x1 - area.w * 0.3)} {num(b + area.bend * 1.3)} {num(x1)} {num(b)}"
    )


def stripes(brush: Brush, area: Area) -> str:
    """Level stripes, broad and narrow in turn."""
    main, other = _pair(brush)
    broad, parts, y, index = area.grain * 0.26, [], area.y + area.grain * 0.2, 0
    while y < area.y + area.h + area.bend:
        thin = index % 3 == 2
        parts.append(
            line(_level(area, y, brush), other if thin else main, brush.near(broad * (0.36 if thin else 1), 0.8))
        )
        y += broad * (1.45 if index % 3 else 2.1)
        index += 1
    return "".join(parts)


def uprights(brush: Brush, area: Area) -> str:
    """Upright stripes, for flat cloth."""
    main, other = _pair(brush)
    broad, parts, x, index = area.grain * 0.34, [], area.x + area.grain * 0.2, 0
    while x < area.x + area.w + broad:
        thin = index % 2 == 1
        a, b = brush.near(x, 1), brush.near(x, 1)
        parts.append(
            line(
                f"M{num(a)} {num(area.y - 4)}L{num(b)} {num(area.y + area.h + 4)}",
                other if thin else main,
                broad * (0.22 if thin else 1),
            )
        )
        x += broad * 1.1
        index += 1
    return "".join(parts)


def dots(brush: Brush, area: Area) -> str:
    """Dabs of a fingertip in staggered rows."""
    main, other = _pair(brush)
    gap, parts, row = area.grain * 0.55, [], 0
    y = area.y + gap * 0.4
    while y < area.y + area.h + area.bend:
        x = area.x + (gap * 0.5 if row % 2 else 0)
        while x < area.x + area.w + gap:
            share = (x - area.x) / area.w
            sag = area.bend * sin(pi * min(max(share, 0), 1))
            colour = other if brush.chance.random() < 0.16 else main
            parts.append(disc(brush.near(x, 1.5), brush.near(y + sag, 1.5), brush.near(gap * 0.24, gap * 0.05), colour))
            x += gap
        y += gap * 0.86
        row += 1
    return "".join(parts)


def checks(brush: Brush, area: Area) -> str:
    """A check of two broad brush widths; where they cross, the colour doubles."""
    main, _ = _pair(brush)
    gap = area.grain * 0.62
    down, y = [], area.y + gap * 0.3
    while y < area.y + area.h + area.bend:
        down.append(line(_level(area, y, brush), main, gap * 0.5, 0.62))
        y += gap
    across, x = [], area.x + gap * 0.3
    while x < area.x + area.w + gap:
        across.append(
            line(
                f"M{num(brush.near(x, 0.8))} {num(area.y - 4)}V{num(area.y + area.h + area.bend)}",
                main,
                gap * 0.5,
                0.62,
            )
        )
        x += gap
    return "".join(down + across)


def waves(brush: Brush, area: Area) -> str:
    """Rolling seas, one behind the other, with a crest of foam each."""
    ink = Inks(brush.glaze.base)
    tones = [
        ink("sky", "sea", "white"),
        ink("sea", "white", "sky"),
        INKS["white"],
        ink("ink", "sea", "sky"),
        INKS["sky"],
    ]
    length, rows = area.grain * 0.82, 5
    parts = []
    for row in range(rows):
        y = area.y + area.h * (0.3 + 0.16 * row)
        start = area.x - length * (0.2 + 0.45 * (row % 2)) - length
        count = int((area.w + 3 * length) / length) + 1
        lift = length * 0.34
        crest = f"M{num(start)} {num(y)}" + "".join(
            f"c{num(length * 0.18)} {num(-lift * 1.1)} {num(length * 0.66)}"
            f" {num(-lift * 1.25)} {num(length * 0.72)} {num(-lift * 0.1)}"
            f"c{num(length * 0.08)} {num(lift * 0.12)} {num(length * 0.2)}"
            f" {num(lift * 0.12)} {num(length * 0.28)} {num(lift * 0.1)}"
            for _ in range(count)
        )
        floor = area.y + area.h + 30
        foam = INKS["white"] if tones[row] != INKS["white"] else INKS["sky"]
        parts.append(
            f'<path d="{crest}V{num(floor)}H{num(start)}Z" fill="{tones[row]}" stroke="{foam}" stroke-width="2.6"/>'
        )
    return "".join(parts)


def bunting(brush: Brush, area: Area) -> str:
    """Two strings of little flags."""
    flags = [
        brush.ink("red", "white"),
        brush.ink("lemon", "white"),
        brush.ink("sea", "white"),
        brush.ink("white", "ink"),
        brush.ink("fir", "rose"),
    ]
    string = brush.ink("ink", "white")
    parts = []
    for row, (top, sag) in enumerate([(0.12, 0.2), (0.5, 0.24)]):
        y, deep = area.y + area.h * top, area.h * sag
        x0, x1 = area.x - 6, area.x + area.w + 6
        count = max(4, round(area.w / (area.grain * 0.52)))
        y1 = y + area.h * (0.06 if row else -0.04)
        for index in range(count):
            at_x, at_y, to_x, to_y = (
                v
                for t in ((index + 0.14) / count, (index + 0.86) / count)
                for v in (x0 + (x1 - x0) * t, y + (y1 - y) * t + deep * 4 * t * (1 - t) * 0.75)
            )
            tip = ((at_x + to_x) / 2 + brush.near(0, 2), (at_y + to_y) / 2 + area.grain * 0.5)
            parts.append(
                fill(
                    f"M{num(at_x)} {num(at_y)}L{num(to_x)} {num(to_y)} {num(tip[0])} {num(tip[1])}Z",
                    flags[(index + row * 2) % 5],
                )
            )
        parts.append(
            line(
                f"M{num(x0)} {num(y)}C{num(x0 + area.w / 3)} {num(y + deep)} {num(x1 - area.w / 3)}"
                f" {num(y1 + deep)} {num(x1)} {num(y1)}",
                string,
                2.2,
            )
        )
    return "".join(parts)
