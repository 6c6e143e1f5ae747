"""Fruit: drawn about fifty units to each side of the origin."""

from math import cos, radians, sin

from edgeshop.shop.demoshop.pictures.inks import INKS, Inks
from edgeshop.shop.demoshop.pictures.pen import disc, fill, line, oval, pair


def leaf_path(x: float, y: float, length: float, turn: float) -> str:
    """The outline of a pointed leaf that starts at (x, y) and grows `length` towards `turn` degrees."""
    wide = length * 0.34
    spots = [(0.2, -wide), (0.65, -wide), (1, 0), (0.7, wide), (0.25, wide)]
    a, b, tip, c, d = (_beyond(x, y, length * far, aside, turn) for far, aside in spots)
    start = pair((x, y))
    return f"M{start}C{pair(a)} {pair(b)} {pair(tip)}C{pair(c)} {pair(d)} {start}Z"


def _beyond(x: float, y: float, far: float, aside: float, turn: float) -> tuple[float, float]:
    along = (cos(radians(turn)), sin(radians(turn)))
    return x + along[0] * far - along[1] * aside, y + along[1] * far + along[0] * aside


def leaf(x: float, y: float, length: float, turn: float, colour: str, vein: str = "") -> str:
    """A leaf in its colour, with a vein where one is wanted."""
    rib = line(f"M{pair((x, y))}L{pair(_beyond(x, y, length * 0.78, 0, turn))}", vein, 1.6, 0.7) if vein else ""
    return fill(leaf_path(x, y, length, turn), colour) + rib


def lemon(ink: Inks) -> str:
    """A whole lemon with its leaf."""
    yellow = ink("lemon", "white")
    green = ink("leaf", "mint", "fir")
    return (
        leaf(-36, -6, 34, -62, green, ink.body)
        + leaf(-37, -4, 26, -118, ink("fir", "mint", "leaf"))
        + fill(
            "M-40 2C-34-26-8-34 14-29 30-25 36-14 39-7 43-6 48-4 49 1 48 6"
            " 42 6 39 7 32 26 10 34-10 30-30 26-38 14-40 2Z",
            yellow,
        )
        + fill("M39 7C32 26 10 34-10 30-26 27-35 18-38 10-20 24 14 22 30-2Z", INKS["ochre"], 0.55)
        + line("M-24-10C-16-19-4-22 6-21", INKS["white"], 4, 0.8)
    )


def lemon_slice(ink: Inks) -> str:
    """Half a lemon, cut."""
    return _cut(ink("lemon", "white"), INKS["lemon"], 30)


def orange(ink: Inks) -> str:
    """An orange, cut open, with a leaf behind it."""
    return leaf(18, -28, 36, -38, ink("fir", "mint", "leaf"), ink.body) + _cut(ink("orange", "red"), INKS["orange"], 40)


def orange_whole(ink: Inks) -> str:
    """A small whole orange."""
    return (
        disc(0, 4, 24, ink("orange", "red"))
        + fill("M23 0A24 24 0 0 1-18 20C-2 22 16 16 23 0Z", INKS["red"], 0.4)
        + leaf(0, -18, 24, -30, ink("leaf", "mint", "fir"))
        + disc(-8, -4, 3, INKS["white"], 0.7)
    )


def _cut(rind: str, flesh: str, radius: float) -> str:
    wedges = []
    for index in range(8):
        turn = radians(index * 45 + 8)
        one, two = turn + 0.12, turn + 0.66
        inner, outer = radius * 0.16, radius * 0.76
        middle = (cos((one + two) / 2) * inner, sin((one + two) / 2) * inner)
        ends = [(cos(side) * outer, sin(side) * outer) for side in (one, two)]
        r = radius * 0.62
        wedges.append(f"M{pair(middle)}L{pair(ends[0])}A{r:.0f} {r:.0f} 0 0 1 {pair(ends[1])}Z")
    return disc(0, 0, radius, rind) + disc(0, 0, radius * 0.86, INKS["white"]) + fill("".join(wedges), flesh)


def pear(ink: Inks) -> str:
    """A pear that leans a little."""
    body = INKS["lemon"] if ink.natural else ink("mint", "lemon", "leaf")
    return (
        line("M2-38C1-46 4-50 9-54", ink("brown", "sand"), 4.5)
        + leaf(4, -44, 30, -8, ink("fir", "leaf", "mint"), ink.body)
        + fill(
            "M0-42C11-43 15-33 15-22 16-6 34 3 34 23 34 42 17 49 0 49-19 49-35"
            " 41-34 21-33 3-18-5-16-22-15-33-10-41 0-42Z",
            body,
        )
        + fill(
            "M15-22C16-6 34 3 34 23 34 42 17 49 0 49-10 49-20 46-26 41 8 44"
            " 16 20 8-8 5-20 8-34 12-37 14-33 15-28 15-22Z",
            INKS["ochre"],
            0.42,
        )
        + line("M-22 18C-22 8-17 2-12-4", INKS["white"], 4.5, 0.75)
        + fill("M-3 44l3-4 3 4Z", INKS["brown"])
    )


def cherry(ink: Inks) -> str:
    """Two cherries on one stem."""
    red, stem = ink("red", "rose", "plum"), ink("fir", "mint", "leaf")
    return (
        line("M-18 14C-15-12-4-30 12-40M20 18C22-4 18-26 12-40", stem, 3.2)
        + leaf(12, -40, 42, 158, ink("leaf", "mint", "fir"), ink.body)
        + disc(-19, 26, 19, red)
        + disc(21, 30, 18, red)
        + fill(
            "M-2 33A19 19 0 0 1-34 38C-20 44-8 42-2 33ZM37 37A18 18 0 0 1 8 42C20 47 31 45 37 37Z", INKS["plum"], 0.6
        )
        + line("M-30 22C-29 18-27 15-23 14M11 26C12 22 14 20 17 19", INKS["white"], 3.4, 0.85)
    )


def olive(ink: Inks) -> str:
    """An olive branch with three fruits."""
    stem, dark, pale = ink("fir", "mint", "sand"), ink("fir", "leaf", "mint"), ink("leaf", "mint", "sand")
    backs = [(-38, 34, 34, -130), (-4, 6, 38, 24), (6, -4, 40, -122), (34, -36, 28, -38)]
    fronts = [(-28, 25, 38, -20), (-16, 15, 40, -128), (17, -14, 36, 8), (26, -26, 34, -112)]
    leaves = "".join(
        fill("".join(leaf_path(*spot) for spot in spots), colour) for spots, colour in ((backs, dark), (fronts, pale))
    )
    fruit = ink("plum", "ink", "lemon")
    return (
        line("M-46 44C-24 24 12-4 36-40", stem, 3)
        + leaves
        + oval(-21, 38, 9, 12, fruit)
        + oval(9, 24, 9, 12, fruit)
        + oval(1, -28, 8, 11, fruit)
        + line("M-24 34l0 4M6 20l0 4M-2-31l0 3", INKS["white"], 2.4, 0.8)
    )
