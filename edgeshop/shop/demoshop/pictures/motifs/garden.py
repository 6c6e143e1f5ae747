"""What grows and flies in the garden."""

from math import cos, radians, sin

from edgeshop.shop.demoshop.pictures.inks import INKS, Inks
from edgeshop.shop.demoshop.pictures.motifs.fruit import leaf, leaf_path
from edgeshop.shop.demoshop.pictures.pen import curve, disc, fill, line, oval


def swallow(ink: Inks) -> str:
    """A swallow in flight, towards the upper right."""
    dark = ink("ink", "white", "sky")
    pale = INKS["white"] if dark != INKS["white"] else INKS["sand"]
    return (
        fill(
            "M47-17C42-25 31-28 22-22 13-17 6-11 0-7-7-23-24-40-48-46-36-34-26-16-21 1-30 10-40 24-50 42"
            "-38 35-27 28-17 21-20 29-23 38-24 48-14 38-5 27 2 15 16 22 29 33 37 47 38 29 33 12 21 1 30-4 36-10 38-15Z",
            dark,
        )
        + fill("M38-15C36-10 30-4 21 1 14 6 8 11 2 15L-6 8C6 4 22-6 30-14Z", pale)
        + fill("M40-15C36-12 30-12 26-15 30-20 37-20 40-15Z", ink("red", "orange", "rose"))
    )


def fern(ink: Inks, *, pale: bool = False) -> str:
    """One frond, dark or pale."""
    green = ink("leaf", "sand", "mint") if pale else ink("fir", "mint", "leaf")
    stem = curve([(-10, 52), (-5, 22), (3, -10), (14, -50)])
    parts = []
    for index in range(7):
        share = index / 7
        x, y = -9 + 19 * share + 3 * share * share, 40 - 84 * share
        length = 34 * (1 - share) ** 0.7 * (0.75 if index == 0 else 1) + 4
        parts.append(leaf_path(x, y, length, -24 - 30 * share))
        parts.append(leaf_path(x, y + 2, length, -150 + 18 * share))
    return line(stem, green, 3) + fill("".join(parts), green)


def poppy(ink: Inks) -> str:
    """An open poppy on its stem, with a bud."""
    red, stem = ink("red", "rose", "orange"), ink("fir", "mint", "leaf")
    shade = INKS["plum"] if red != INKS["rose"] else INKS["red"]
    return (
        line("M0-6C4 14 0 34-6 54M-3 40C8 30 18 22 22 8", stem, 3)
        + leaf(-4, 44, 26, -152, stem)
        + fill("M22 10C16 6 15-4 21-9 28-5 30 5 22 10Z", stem)
        + fill("M20-9C21-13 24-14 25-11L23-6Z", red)
        + fill("M-34-16C-36-34-20-46-4-40 10-50 34-42 33-20 36-4 18 6 2 0-14 8-34 2-34-16Z", red)
        + fill("M-34-16C-22-20-8-16 2-8 12-18 24-20 33-20 36-4 18 6 2 0-14 8-34 2-34-16Z", shade, 0.32)
        + disc(0, -17, 7, INKS["black"])
        + line("M-9-26l2 2M0-30v3M9-26l-2 2M-12-17h3M12-17h-3", INKS["black"], 2.4)
    )


def daisy(ink: Inks) -> str:
    """A daisy seen from above."""
    white = ink("white", "lemon", "ink")
    petals = "".join(
        oval(0, -26, 7.5, 18, white).replace("/>", f' transform="rotate({turn})"/>') for turn in range(0, 360, 36)
    )
    heart = INKS["lemon"] if white != INKS["lemon"] else INKS["orange"]
    return petals + disc(0, 0, 13, heart) + fill("M12 4A13 13 0 0 1-10 8C-2 10 8 10 12 4Z", INKS["ochre"], 0.8)


def sprig(ink: Inks) -> str:
    """A small green sprig, to go between flowers."""
    green = ink("leaf", "mint", "fir")
    leaves = "".join(leaf_path(0, y, 18, turn) for y, turn in [(10, -30), (8, -150), (-6, -34), (-8, -146), (-16, -90)])
    return line("M0 22C2 8 0-4 0-18", green, 3) + fill(leaves, green)


def bee(ink: Inks) -> str:
    """A bee on its way, with the loop it has just flown."""
    dark = ink("black", "white")
    wing = INKS["white"] if ink.body != INKS["white"] else INKS["sky"]
    loop = "".join(
        disc(-34 - 12 * cos(radians(turn)) * 1.2, 22 - 13 * sin(radians(turn)), 1.7, dark, 0.7)
        for turn in range(-60, 250, 44)
    )
    return (
        loop
        + oval(2, -20, 11, 21, ink("white", "sky"), 0.92).replace("/>", ' transform="rotate(-24 2 -20)"/>')
        + oval(20, -18, 10, 19, wing, 0.92).replace("/>", ' transform="rotate(20 20 -18)"/>')
        + fill("M-24 8C-22-10 0-16 18-12 34-9 42 2 40 10 36 24 14 30-4 26-16 24-24 18-24 8Z", ink("lemon", "ochre"))
        + fill(
            "M-8-7C-14 4-12 18-6 26-2 27 0 27 3 27-4 16-4 2 2-12-2-11-5-9-8-7Z"
            "M12-13C6 2 6 16 12 27 16 26 19 25 21 24 16 14 16 2 22-11 19-12"
            " 16-13 12-13Z",
            INKS["black"],
        )
        + fill("M30-9C38-5 42 3 40 10 38 16 34 19 30 21 26 12 25 0 30-9Z", INKS["black"])
        + line("M36-6C40-12 44-14 48-14M40-2C45-6 49-7 52-5", dark, 2)
    )
