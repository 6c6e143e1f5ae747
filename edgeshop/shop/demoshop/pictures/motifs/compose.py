"""How figures come to stand on a surface: alone, as a flock, in a row, as a meadow, or all over."""

from collections.abc import Callable, Sequence
from math import pi, sin

from edgeshop.shop.demoshop.pictures.brush import Brush
from edgeshop.shop.demoshop.pictures.inks import Inks
from edgeshop.shop.demoshop.pictures.motifs.area import Area

Figure = Callable[[Inks], str]
Spot = tuple[float, float, float, float]  # across, down (0 to 1), size as a share of the shorter side, turn


def spread(
    brush: Brush, area: Area, figures: Sequence[Figure], filler: Figure | None, tilt: float = 22, flat: float = 1
) -> str:
    """All over: staggered rows, each figure turned a little, small things in the gaps.

    `flat` below 1 is for figures that are broader than tall: fewer to a row, and the rows closer.
    """
    stamps = [brush.stamp(figure(brush.ink)) for figure in figures]
    small = brush.stamp(filler(brush.ink)) if filler else ""
    size = area.grain
    columns, rows = max(2, round(area.w * flat**0.5 / size / 1.02)), max(1, round(area.h / size / flat / 0.96))
    step_x, step_y = area.w / columns, area.h / rows
    parts, count = [], 0
    for row in range(rows):
        for column in range(columns + row % 2):
            share = (column + (0 if row % 2 else 0.5)) / columns
            x, y = area.x + share * area.w, area.y + (row + 0.5) * step_y + area.bend * sin(pi * share) * 0.8
            turn = brush.near(0, tilt)
            parts.append(
                brush.put(
                    stamps[count % len(stamps)],
                    brush.near(x, 2),
                    brush.near(y, 2),
                    size / 112,
                    turn,
                    flip=count % 3 == 1,
                )
            )
            if small and column < columns - 1 + row % 2:
                parts.append(brush.put(small, x + step_x / 2, y + step_y * 0.08, size / 190, brush.near(0, 40)))
            count += 1
    return "".join(parts)


def placed_at(brush: Brush, area: Area, figures: Sequence[Figure], spots: Sequence[Spot]) -> str:
    """Figures at chosen places, taken in turn."""
    stamps = [brush.stamp(figure(brush.ink)) for figure in figures]
    return "".join(
        brush.put(
            stamps[index % len(stamps)],
            area.x + area.w * across,
            area.y + area.h * down + area.bend * sin(pi * min(max(across, 0), 1)) * 0.7,
            area.small * size / 100,
            brush.near(turn, 4),
        )
        for index, (across, down, size, turn) in enumerate(spots)
    )


def standing(brush: Brush, area: Area, figures: Sequence[Figure], heights: Sequence[float], *, lift: float = 0) -> str:
    """Side by side on the lower edge; heights as shares of the area's height."""
    stamps = [brush.stamp(figure(brush.ink)) for figure in figures]
    count, parts = len(heights), []
    for index, height in enumerate(heights):
        share = (index + 0.5) / count
        scale = area.h * height / 100
        y = area.y + area.h * (1 - lift) + area.bend * sin(pi * share) - 50 * scale
        parts.append(brush.put(stamps[index % len(stamps)], area.x + area.w * share, y, scale, flip=index % 2 == 1))
    return "".join(parts)
