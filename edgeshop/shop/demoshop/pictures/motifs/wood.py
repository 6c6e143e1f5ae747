"""From the edge of the wood."""

from edgeshop.shop.demoshop.pictures.inks import INKS, Inks
from edgeshop.shop.demoshop.pictures.pen import disc, fill, line, oval


def fir(ink: Inks, kind: int = 0) -> str:
    """A fir in three skirts."""
    green = ink("fir", "white", "mint") if kind % 2 == 0 else ink("leaf", "mint", "white")
    snow = INKS["white"] if green != INKS["white"] else INKS["mint"]
    return (
        fill("M-5 36H5V50H-5Z", ink("brown", "sand", "white"))
        + fill(
            "M0-50C5-38 12-28 19-20L9-21C15-8 24 2 32 10L17 8C24 20 33 30"
            " 42 38 16 43-16 43-42 38-33 30-24 20-17 8L-32 10C-24 2-15-8-9-21"
            "L-19-20C-12-28-5-38 0-50Z",
            green,
        )
        + line("M-12-8C-6-5 4-5 9-9M-22 24C-10 29 8 29 20 23", snow, 3, 0.85)
    )


def mushroom(ink: Inks) -> str:
    """A red cap with its little brother."""
    cap, stem = ink("red", "rose", "orange"), ink("white", "sand")
    return (
        fill("M20 50C22 40 22 32 21 26L34 26C34 34 35 42 37 50Z", stem)
        + fill("M8 29C10 14 20 8 28 8 38 8 47 16 48 29 36 33 20 33 8 29Z", ink("ochre", "lemon", "orange"))
        + fill("M-20 50C-16 32-16 14-18-2L6-2C4 14 4 32 9 50Z", stem)
        + fill("M-10 50C-6 34-6 20-7 4L6-2C4 14 4 32 9 50Z", INKS["ochre"], 0.3)
        + fill("M-48 2C-47-26-28-46-6-46 18-46 36-26 38 2 14 10-24 10-48 2Z", cap)
        + fill("M10-42C26-36 37-20 38 2 22 7 2 9-14 8 14 0 22-22 10-42Z", INKS["plum"], 0.35)
        + "".join(
            oval(x, y, r, r * 0.85, INKS["white"])
            for x, y, r in [(-26, -16, 7), (-4, -30, 6), (12, -10, 7), (-12, -4, 4)]
        )
        + "".join(disc(x, 50, 2, ink("leaf", "mint", "fir")) for x in (-30, 14, 46))
    )


def blades(ink: Inks) -> str:
    """A tuft of grass."""
    return line("M-10 14C-10 4-13-4-16-10M0 14C0 2 1-8 3-16M9 14C10 6 13 0 18-4", ink("leaf", "mint", "fir"), 3.4)


def peak(ink: Inks, kind: int = 0) -> str:
    """One mountain with snow on it."""
    rock = [ink("sea", "sky", "ink"), ink("ink", "sea", "plum"), ink("sky", "mint", "sea")][kind % 3]
    return (
        fill("M-50 46C-34 22-16-20 0-44 16-22 34 20 50 46Z", rock)
        + fill("M0-44C8-33 16-18 23-4 17-8 13-2 8-7 4-2-2-1-7-8-12-3-17-4-21-4-14-18-7-33 0-44Z", INKS["white"])
        + fill("M0-44C16-22 34 20 50 46L18 46C26 18 14-14 0-44Z", INKS["black"], 0.16)
    )
