"""What hangs above the roofs."""

from math import cos, radians, sin

from edgeshop.shop.demoshop.pictures.inks import INKS, Inks
from edgeshop.shop.demoshop.pictures.pen import disc, fill, line, pair


def moon(ink: Inks) -> str:
    """A thin moon."""
    colour = ink("lemon", "white", "ink")
    return fill(
        "M12-46C-14-48-40-28-40 2-40 30-16 50 12 46 28 44 38 34 44 22 30 32 10 30-2 16-16-2-10-34 12-46Z", colour
    ) + fill(
        "M44 22C38 34 28 44 12 46-8 49-26 40-34 25-20 40 18 46 44 22Z",
        INKS["ochre"] if colour == INKS["lemon"] else INKS["sand"],
        0.6,
    )


def small_star(ink: Inks) -> str:
    """A four-pointed spark."""
    return fill("M0-18C2-5 5-2 17 0 5 2 2 5 0 18-2 5-5 2-17 0-5-2-2-5 0-18Z", ink("lemon", "white", "ink"))


def star(ink: Inks) -> str:
    """A paper star, folded along its points."""
    colour = ink("lemon", "white", "red")
    shade = INKS["ochre"] if colour == INKS["lemon"] else INKS["sand"]
    tips = [(46, -92), (44, -17), (47, 55), (44, 124), (46, 196)]
    outer = [(cos(radians(turn)) * far, sin(radians(turn)) * far) for far, turn in tips]
    inner = [(cos(radians(turn)) * 19, sin(radians(turn)) * 19) for turn in (-55, 19, 90, 160, 233)]
    outline = "M" + "L".join(pair(point) for both in zip(outer, inner, strict=True) for point in both) + "Z"
    folds = "".join(f"M0 0L{pair(tip)} {pair(dent)}Z" for tip, dent in zip(outer, inner, strict=True))
    return fill(outline, colour) + fill(folds, shade, 0.7)


def sun(ink: Inks) -> str:
    """A sun with broad rays."""
    gold = ink("lemon", "white", "red")
    ring = ink("orange", "white", "red")
    rays = "".join(
        f"M{pair((cos(a - 0.09) * 30, sin(a - 0.09) * 30))}L{pair((cos(a) * far, sin(a) * far))}"
        f" {pair((cos(a + 0.09) * 30, sin(a + 0.09) * 30))}Z"
        for index in range(16)
        for a, far in [(radians(index * 22.5), 50 if index % 2 else 42)]
    )
    return (
        fill(rays, ring) + disc(0, 0, 24, gold) + fill("M23-4A24 24 0 0 1-16 17C2 20 18 12 23-4Z", INKS["ochre"], 0.5)
    )


def dash(ink: Inks) -> str:
    """A brush dab."""
    return line("M-6 0C-2-3 3-3 7-1", ink("orange", "white", "red"), 5)
