"""Mugs, espresso cups, breakfast bowls and studio mugs."""

from edgeshop.shop.demoshop.pictures.brush import Brush, Drawer
from edgeshop.shop.demoshop.pictures.inks import INKS
from edgeshop.shop.demoshop.pictures.light import FLOOR_Y, cast, nearer, rounded, steam, table
from edgeshop.shop.demoshop.pictures.motifs.area import Area
from edgeshop.shop.demoshop.pictures.motifs.book import Mode, paint
from edgeshop.shop.demoshop.pictures.pen import at, fill, line, num, oval
from edgeshop.shop.demoshop.pictures.props import beside, spoon

_SCENIC = frozenset({"moon", "cat", "sun", "fir", "swallow", "poppy", "boat", "mushroom"})
COFFEE, TEA = "#5b3423", "#b5652d"


def _mode(brush: Brush) -> Mode:
    return "scene" if brush.spec.motif in _SCENIC else "all"


def _rim(brush: Brush, x: float, y: float, half: float, drink: str) -> str:
    tone = brush.glaze
    tall = half * 0.17
    inner = tone.light if brush.spec.colour != "cream" else tone.shade
    return (
        oval(x, y, half, tall, tone.light)
        + oval(x, y + tall * 0.12, half * 0.91, tall * 0.8, tone.shade)
        + (
            oval(x, y + tall * 0.42, half * 0.8, tall * 0.52, drink)
            if drink
            else oval(x, y + tall * 0.4, half * 0.84, tall * 0.55, inner, 0.4)
        )
    )


def _handle(brush: Brush, x: float, y: float, reach: float, drop: float, thick: float) -> str:
    d = (
        f"M{num(x)} {num(y)}c{num(reach * 0.8)}-14 {num(reach * 1.25)}"
        f" {num(drop * 0.2)} {num(reach)} {num(drop * 0.5)} {num(-reach * 0.16)}"
        f" {num(drop * 0.3)} {num(-reach * 0.5)} {num(drop * 0.44)} {num(-reach)}"
        f" {num(drop * 0.5)}"
    )
    return line(d, brush.glaze.base, thick) + at(
        line(d, brush.glaze.shade, thick * 0.36, 0.7), thick * 0.2, thick * 0.16
    )


def mug(brush: Brush) -> str:
    """A tall mug with a generous handle, steaming or not."""
    side = -1 if brush.flip() else 1
    x, top = 200 - side * 30, 196
    d = (
        f"M{x - 92} {top}C{x - 92} {top + 90} {x - 92} {top + 130} {x - 86}"
        f" {top + 176}C{x - 80} {top + 208} {x - 64} 414 {x - 40} 417H{x + 40}"
        f"C{x + 64} 414 {x + 80} {top + 208} {x + 86} {top + 176}C{x + 92}"
        f" {top + 130} {x + 92} {top + 90} {x + 92} {top}Z"
    )
    handle = at(_handle(brush, 0, 0, 66, 132, 24), x + side * 82, top + 44, flip=side < 0)
    area = Area(x - 92, top + 22, 184, 186, 15, 70)
    body = rounded(brush, d, x - 92, top, 184, 220, paint(brush, area, _mode(brush)))
    hot = steam(brush, x, top - 14) if brush.spec.variant % 3 != 1 else ""
    return table(brush) + nearer(
        cast(brush, x, 96)
        + handle
        + body
        + _rim(brush, x, top, 92, TEA if brush.spec.variant % 2 else COFFEE)
        + hot
        + beside(brush, x + side * 112, FLOOR_Y + 26)
    )


def espresso(brush: Brush) -> str:
    """A small cup on its saucer."""
    x, top = 194, 250
    d = (
        f"M{x - 78} {top}C{x - 78} {top + 60} {x - 66} {top + 112} {x - 34}"
        f" {top + 132}H{x + 34}C{x + 66} {top + 112} {x + 78} {top + 60}"
        f" {x + 78} {top}Z"
    )
    area = Area(x - 78, top + 14, 156, 118, 12, 52)
    saucer = (
        oval(x + 26, FLOOR_Y + 2, 150, 18, brush.ground.shadow, 0.6)
        + oval(x, FLOOR_Y - 14, 138, 22, brush.glaze.shade)
        + oval(x, FLOOR_Y - 18, 138, 21, brush.glaze.base)
        + oval(x, FLOOR_Y - 19, 92, 12, brush.glaze.shade, 0.5)
        + oval(x + 10, FLOOR_Y - 22, 62, 9, brush.glaze.shade)
    )
    return table(brush) + nearer(
        saucer
        + _handle(brush, x + 68, top + 24, 40, 70, 15)
        + rounded(brush, d, x - 78, top, 156, 134, paint(brush, area, "all"))
        + _rim(brush, x, top, 78, COFFEE)
        + steam(brush, x, top - 12)
        + spoon(x + 66, FLOOR_Y - 14, -6)
        + beside(brush, 74, FLOOR_Y + 42)
    )


def bowl(brush: Brush) -> str:
    """A wide bowl on a foot, with a spoon waiting in it."""
    x, top = 200, 250
    d = (
        f"M{x - 138} {top}C{x - 136} {top + 70} {x - 96} {top + 140} {x - 54}"
        f" {top + 146}V{top + 158}C{x - 54} {top + 166} {x + 54} {top + 166}"
        f" {x + 54} {top + 158}V{top + 146}C{x + 96} {top + 140} {x + 136}"
        f" {top + 70} {x + 138} {top}Z"
    )
    area = Area(x - 138, top + 16, 276, 130, 20, 66)
    handle = at(line("M0 0L92-128", "#a9794f", 11) + line("M2-4L90-126", "#c99a6c", 4), x + 34, top + 6)
    return table(brush) + nearer(
        cast(brush, x, 84)
        + rounded(brush, d, x - 138, top, 276, 164, paint(brush, area, "all"))
        + oval(x, top, 138, 23, brush.glaze.light)
        + oval(x, top + 3, 126, 18, brush.glaze.shade)
        + oval(x, top + 9, 108, 12, INKS["sand"])
        + handle
        + beside(brush, 330, FLOOR_Y + 36)
    )


def studio(brush: Brush) -> str:
    """A thrown mug, glazed by dipping, its foot left bare."""
    side = -1 if brush.flip() else 1
    x, top = 200 - side * 28, 226
    clay, clay_shade = "#c99069", "#a66e4c"
    d = (
        f"M{x - 98} {top}C{x - 112} {top + 70} {x - 110} {top + 140} {x - 84}"
        f" {top + 178}C{x - 72} 414 {x - 50} 417 {x - 40} 417H{x + 40}"
        f"C{x + 50} 417 {x + 72} 414 {x + 84} {top + 178}C{x + 110} {top + 140}"
        f" {x + 112} {top + 70} {x + 98} {top}Z"
    )
    edge = (
        f"M{x - 130} {top + 152}C{x - 90} {top + 176} {x - 40} {top + 150}"
        f" {x} {top + 168}C{x + 40} {top + 182} {x + 80} {top + 158} {x + 130}"
        f" {top + 164}V440H{x - 130}Z"
    )
    area = Area(x - 100, top + 18, 200, 142, 14, 80)
    foot = fill(edge, clay) + line(
        f"M{x - 90} {top + 178}C{x - 30} {top + 190} {x + 30} {top + 190} {x + 90} {top + 178}", clay_shade, 2.4, 0.6
    )
    specks = "".join(
        oval(x + brush.near(0, 90), top + 80 + brush.near(0, 60), 1.6, 1.3, brush.glaze.shade, 0.8) for _ in range(12)
    )
    handle = at(_handle(brush, 0, 0, 56, 104, 22), x + side * 98, top + 42, flip=side < 0)
    return table(brush) + nearer(
        cast(brush, x, 88)
        + handle
        + rounded(brush, d, x - 108, top, 216, 190, specks + paint(brush, area, "scene") + foot)
        + _rim(brush, x, top, 98, "")
        + beside(brush, x + side * 124, FLOOR_Y + 30)
    )


FORMS: dict[str, Drawer] = {"mug": mug, "espresso": espresso, "bowl": bowl, "studio": studio}
