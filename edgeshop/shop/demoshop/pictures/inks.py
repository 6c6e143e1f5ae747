"""Which paint shows on which body: inks with names, and the eye's distance between two colours."""

from functools import cache
from math import hypot

INKS: dict[str, str] = {
    "white": "#fbf4e6",
    "sand": "#ead7b4",
    "lemon": "#f2c744",
    "ochre": "#d9952b",
    "orange": "#ea8a3e",
    "red": "#d2452f",
    "rose": "#eda594",
    "plum": "#7b2f3d",
    "leaf": "#6b9160",
    "fir": "#2f5747",
    "mint": "#b4cba8",
    "sea": "#3d7c90",
    "sky": "#a3c9d1",
    "ink": "#22345a",
    "brown": "#7a4a31",
    "black": "#2e2c33",
}

_SHOWS = 0.15  # distance in OKLab from which a mark reads from across a room


@cache
def _oklab(colour: str) -> tuple[float, float, float]:
    """Lightness and two opponent axes. Source: B. Ottosson, A perceptual color space for image processing (2020)."""
    r, g, b = (
        ((c + 0.055) / 1.055) ** 2.4 if c > 0.04045 else c / 12.92
        for c in (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    )
    long = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    medium = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    short = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def distance(one: str, other: str) -> float:
    """How far apart two colours look; black to white is 1."""
    return hypot(*(a - b for a, b in zip(_oklab(one), _oklab(other), strict=True)))


class Inks:
    """The paints chosen for one body: asks for a colour by name and falls back until one shows.

    `natural` takes the first colour always: for real fruit on a table, which does not change with the cloth.
    """

    def __init__(self, body: str, *, natural: bool = False) -> None:
        self.body = body
        self.natural = natural

    def __call__(self, *names: str) -> str:
        """The first of the inks that shows on the body, or the one that shows best."""
        colours = [INKS[name] for name in names]
        if self.natural:
            return colours[0]
        for colour in colours:
            if distance(colour, self.body) >= _SHOWS:
                return colour
        return max(colours, key=lambda colour: distance(colour, self.body))
