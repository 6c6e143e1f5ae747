"""Small things that lie beside the main one: the fruit on the mug, once more on the table."""

from collections.abc import Callable

from edgeshop.shop.demoshop.pictures.brush import Brush
from edgeshop.shop.demoshop.pictures.inks import INKS, Inks
from edgeshop.shop.demoshop.pictures.motifs import fruit, garden, wood
from edgeshop.shop.demoshop.pictures.pen import at, line, oval

_LYING: dict[str, tuple[Callable[[Inks], str], float, float]] = {  # figure, how far its foot is below its middle, size
    "lemon": (fruit.lemon, 33, 0.86),
    "orange": (fruit.orange_whole, 28, 1.35),
    "pear": (fruit.pear, 48, 0.9),
    "cherry": (fruit.cherry, 47, 0.62),
    "mushroom": (wood.mushroom, 49, 0.62),
    "daisy": (garden.daisy, 44, 0.52),
}


def beside(brush: Brush, x: float, y: float, motif: str = "") -> str:
    """The motif as a real thing standing at (x, y); nothing for motifs that cannot lie on a table."""
    known = _LYING.get(motif or brush.spec.motif)
    if known is None:
        return ""
    figure, foot, size = known
    ink = Inks(brush.ground.table, natural=True)
    shadow = oval(x + 10 * size, y, 38 * size, 7 * size, brush.ground.shadow, 0.8)
    return shadow + at(figure(ink), x, y - foot * size, size, brush.near(0, 5))


def spoon(x: float, y: float, turn: float, colour: str = "#b9a48a") -> str:
    """A spoon, lying."""
    return at(
        line("M-50 0H20", colour, 6) + oval(36, 0, 22, 11, colour) + oval(38, -1, 15, 7, INKS["white"], 0.35),
        x,
        y,
        1,
        turn,
    )
