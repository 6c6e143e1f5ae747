"""Where things stand and how light falls on them: always from the upper left, with the shadow to the right."""

from edgeshop.shop.demoshop.pictures.brush import Brush
from edgeshop.shop.demoshop.pictures.inks import INKS
from edgeshop.shop.demoshop.pictures.palette import Glaze
from edgeshop.shop.demoshop.pictures.pen import at, box, fill, line, num, oval

TABLE_Y = 356
SHADE = "#3b1a12"  # warm and dark, laid thinly over colours, so that painted things keep theirs
FLOOR_Y = 414  # where things on the table meet it


def table(brush: Brush) -> str:
    """Wall and table, with a patch of window light on some of the walls."""
    ground = brush.ground
    return box(0, 0, 400, 500, ground.wall) + _window(brush) + box(0, TABLE_Y, 400, 500 - TABLE_Y, ground.table)


def bare_wall(brush: Brush) -> str:
    """A wall to hang things on, with its skirting far below."""
    ground = brush.ground
    return box(0, 0, 400, 500, ground.wall) + _window(brush) + box(0, 468, 400, 32, ground.table)


def flat_lay(brush: Brush) -> str:
    """A table seen from above, for things that lie."""
    light = fill("M-20 330L250-20H330L-20 440ZM40 520L400 60V150L120 520Z", INKS["white"], 0.22)
    return box(0, 0, 400, 500, brush.ground.wall) + (light if brush.spec.variant % 2 else "")


def _window(brush: Brush) -> str:
    kind = brush.spec.variant % 3
    if kind == 0:
        return ""
    x = 30 if kind == 1 else 150
    panes = f"M{x} 60l92-34v150l-92 34ZM{x + 102} 22l92-34v150l-92 34Z"
    return fill(panes, INKS["white"], 0.34)


def cast(brush: Brush, x: float, half: float, y: float = FLOOR_Y) -> str:
    """The shadow of something round that stands at x and is twice `half` wide."""
    colour = brush.ground.shadow
    return oval(x + half * 0.3, y + 1, half * 1.12, half * 0.13 + 3, colour, 0.5) + oval(
        x + half * 0.06, y, half * 0.98, half * 0.09 + 3, colour
    )


def on_wall(brush: Brush, d: str, dx: float = 9, dy: float = 11) -> str:
    """The shadow of something flat that hangs close to the wall."""
    return f'<g transform="translate({num(dx)} {num(dy)})">{fill(d, brush.ground.shadow, 0.5)}</g>'


def rounded(
    brush: Brush, d: str, x: float, y: float, w: float, h: float, inside: str = "", glaze: Glaze | None = None
) -> str:
    """A round body: its colour, what is painted on it, and light and shade over both.

    Shapes: `d` is the outline, the box (x, y, w, h) its extent.
    """
    tone = glaze or brush.glaze
    top, low = y - 30, y + h + 30
    shade = (
        f"M{num(x + w * 0.72)} {num(top)}C{num(x + w * 0.8)} {num(y + h * 0.3)} {num(x + w * 0.8)} {num(y + h * 0.66)}"
        f" {num(x + w * 0.68)} {num(low)}H{num(x + w + 30)}V{num(top)}Z"
    )
    deep = (
        f"M{num(x + w * 0.89)} {num(top)}C{num(x + w * 0.93)} {num(y + h * 0.4)} {num(x + w * 0.93)} {num(y + h * 0.7)}"
        f" {num(x + w * 0.84)} {num(low)}H{num(x + w + 30)}V{num(top)}Z"
    )
    gleam = (
        f"M{num(x + w * 0.1)} {num(y + h * 0.2)}C{num(x + w * 0.09)} {num(y + h * 0.4)}"
        f" {num(x + w * 0.1)} {num(y + h * 0.55)} {num(x + w * 0.12)} {num(y + h * 0.68)}"
    )
    lit = fill(shade, SHADE, 0.13) + fill(deep, SHADE, 0.13) + line(gleam, INKS["white"], w * 0.04, 0.34)
    if brush.mirrored:
        lit = at(lit, 2 * x + w, 0, flip=True)
    return brush.clip(d, fill(d, tone.base) + inside + lit)


def flat(brush: Brush, d: str, inside: str = "", colour: str = "") -> str:
    """A flat thing: its colour and what is on it, cut to its outline."""
    return brush.clip(d, fill(d, colour or brush.glaze.base) + inside)


def steam(brush: Brush, x: float, y: float) -> str:
    """Two wisps over something hot."""
    a, b = brush.near(0, 5), brush.near(0, 5)
    return line(
        f"M{num(x - 18)} {num(y)}c-20-20 16-34 2-58 -9-16 {num(a)}-26 12-36"
        f"M{num(x + 20)} {num(y - 6)}c-16-18 14-30 4-50 -8-16 {num(b)}-22 8-32",
        INKS["white"],
        7,
        0.7,
    )


def nearer(markup: str, by: float = 1.14, x: float = 200, y: float = 424) -> str:
    """The thing brought nearer to the eye, its foot staying where it is."""
    return f'<g transform="translate({num(x * (1 - by))} {num(y * (1 - by))})scale({by:g})">{markup}</g>'
