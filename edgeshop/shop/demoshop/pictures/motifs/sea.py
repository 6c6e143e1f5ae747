"""What one sees from the pier."""

from edgeshop.shop.demoshop.pictures.inks import INKS, Inks
from edgeshop.shop.demoshop.pictures.pen import disc, fill, line


def fish(ink: Inks) -> str:
    """A sardine, swimming to the left."""
    back, belly = ink("ink", "sea", "sky"), ink("sky", "white", "sand")
    return (
        fill(
            "M-50 0C-40-12-20-17 2-15 18-14 30-7 36-3L50-15C49-6 49 6 51 15L36 4C24 12 6 17-14 14-32 12-44 7-50 0Z",
            belly,
        )
        + fill("M-50 0C-40-12-20-17 2-15 18-14 30-7 36-3L50-15C49-10 49-6 49-2 30 0-8-4-26-2-36-1-44 0-50 0Z", back)
        + fill("M-6-15C0-22 10-24 18-21 14-18 12-15 11-13Z", back)
        + line("M-27-10C-23-4-23 5-27 11", INKS["white"], 2.2, 0.9)
        + "".join(disc(x, 2, 2.1, back) for x in (-14, -3, 8, 19))
        + disc(-37, -3, 3.2, INKS["white"])
        + disc(-37, -3, 1.6, INKS["black"])
    )


def bubbles(ink: Inks) -> str:
    """Three bubbles."""
    colour = ink("sky", "white", "sea")
    return disc(-6, 10, 6, colour) + disc(6, -2, 4.5, colour) + disc(-3, -14, 3, colour)


def boat(ink: Inks) -> str:
    """A small sailing boat leaning in the wind."""
    sail, other = ink("white", "sand", "sky"), ink("red", "orange", "rose")
    hull = ink("ink", "brown", "white")
    return (
        line("M2 26C1 0 0-24-3-48", ink("brown", "sand", "white"), 3.4)
        + fill("M3-44C22-26 34-2 36 18 24 20 14 21 6 21Z", sail)
        + fill("M-4-38C-5-14-4 4-2 21-14 21-24 20-32 18-26 0-16-20-4-38Z", other)
        + fill("M-3-48C4-50 8-46 14-49 12-44 6-42-2-43Z", other)
        + fill("M-44 24C-20 29 20 29 46 23 42 36 34 44 26 45-4 48-28 46-34 43-40 38-43 31-44 24Z", hull)
        + line("M-36 34C-12 37 16 37 38 33", INKS["white"], 2.4, 0.85)
    )


def ripple(ink: Inks) -> str:
    """Two small waves under a boat."""
    colour = ink("sea", "sky", "white")
    return line("M-26-3C-18-11-10-11-4-3 2-11 12-11 18-3M-10 10C-4 3 4 3 10 10 15 4 22 4 28 10", colour, 3.6)
