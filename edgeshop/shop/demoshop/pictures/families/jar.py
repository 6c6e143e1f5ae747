"""Storage jars, cork jars, honey pots, vases and biscuit jars."""

from edgeshop.shop.demoshop.pictures.brush import Brush, Drawer
from edgeshop.shop.demoshop.pictures.inks import INKS, Inks
from edgeshop.shop.demoshop.pictures.light import FLOOR_Y, SHADE, cast, nearer, rounded, table
from edgeshop.shop.demoshop.pictures.motifs import fruit, garden
from edgeshop.shop.demoshop.pictures.motifs.area import Area
from edgeshop.shop.demoshop.pictures.motifs.book import Mode, paint
from edgeshop.shop.demoshop.pictures.palette import Glaze
from edgeshop.shop.demoshop.pictures.pen import at, disc, fill, line, num, oval
from edgeshop.shop.demoshop.pictures.props import beside

BEECH = Glaze("#d8ae7c", "#b98a58", "#ecca9f")
CORK = Glaze("#c79a68", "#a37848", "#dcb98c")
_SCENIC = frozenset({"house", "swallow", "moon", "sun", "cat", "bunting", "bee", "star", "poppy"})


def _mode(brush: Brush) -> Mode:
    return "scene" if brush.spec.motif in _SCENIC else "all"


def cylinder(x: float, top: float, half: float, low: float, soft: float = 16) -> str:
    """The outline of an upright round body that ends in a gentle curve."""
    sag = half * 0.14
    return (
        f"M{num(x - half)} {num(top)}V{num(low - soft)}C{num(x - half)}"
        f" {num(low)} {num(x - half * 0.6)} {num(low + sag)} {num(x)} {num(low + sag)}"
        f"C{num(x + half * 0.6)} {num(low + sag)} {num(x + half)} {num(low)}"
        f" {num(x + half)} {num(low - soft)}V{num(top)}"
        f"C{num(x + half * 0.6)} {num(top - sag)} {num(x - half * 0.6)} {num(top - sag)} {num(x - half)} {num(top)}Z"
    )


def storage(brush: Brush) -> str:
    """An upright jar with a wooden lid."""
    x, top, half = 192, 212, 96
    lid = cylinder(x, top - 34, half + 5, top - 4, 6)
    area = Area(x - half, top + 14, half * 2, 188, 14, 68)
    return table(brush) + nearer(
        cast(brush, x, half)
        + rounded(
            brush, cylinder(x, top, half, FLOOR_Y - 10), x - half, top, half * 2, 200, paint(brush, area, _mode(brush))
        )
        + fill(
            f"M{x - half} {top}C{x - half * 0.6} {top + 13} {x + half * 0.6}"
            f" {top + 13} {x + half} {top}V{top + 8}C{x + half * 0.6} {top + 23}"
            f" {x - half * 0.6} {top + 23} {x - half} {top + 8}Z",
            SHADE,
            0.16,
        )
        + rounded(brush, lid, x - half - 5, top - 40, half * 2 + 10, 44, _grain(x, top), BEECH)
        + oval(x, top - 36, half + 5, 13, BEECH.light)
        + oval(x, top - 36, half - 24, 7.5, BEECH.base, 0.7)
        + oval(x, top - 40, 15, 6, BEECH.shade)
        + fill(f"M{x - 13} {top - 41}C{x - 18} {top - 62} {x + 18} {top - 62} {x + 13} {top - 41}Z", BEECH.base)
        + oval(x - 3, top - 54, 7, 3, BEECH.light)
        + beside(brush, 338, FLOOR_Y + 24),
        1.16,
    )


def _grain(x: float, top: float) -> str:
    return line(
        f"M{x - 90} {top - 14}C{x - 40} {top - 2} {x + 20} {top - 8} {x + 60}"
        f" {top - 2}M{x - 60} {top - 22}C{x - 20} {top - 14} {x + 50} {top - 14}"
        f" {x + 90} {top - 18}",
        BEECH.shade,
        1.8,
        0.6,
    )


def cork(brush: Brush) -> str:
    """A jar of tinted glass with what it holds showing through, and a cork."""
    x, top, half = 200, 218, 84
    d = (
        f"M{x - 50} {top}C{x - 50} {top + 22} {x - half} {top + 22} {x - half} {top + 58}V{FLOOR_Y - 22}"
        f"C{x - half} {FLOOR_Y} {x - half * 0.6} {FLOOR_Y + 4} {x} {FLOOR_Y + 4}"
        f"C{x + half * 0.6} {FLOOR_Y + 4} {x + half} {FLOOR_Y} {x + half}"
        f" {FLOOR_Y - 22}"
        f"V{top + 58}C{x + half} {top + 22} {x + 50} {top + 22} {x + 50} {top}Z"
    )
    stopper = (
        f"M{x - 54} {top - 44}L{x - 46} {top + 6}C{x - 20} {top + 14} {x + 20}"
        f" {top + 14} {x + 46} {top + 6}L{x + 54} {top - 44}C{x + 30} {top - 54}"
        f" {x - 30} {top - 54} {x - 54} {top - 44}Z"
    )
    pores = "".join(
        oval(x + brush.near(0, 40), top - 20 + brush.near(0, 18), 3, 1.8, CORK.shade, 0.7) for _ in range(9)
    )
    area = Area(x - half, top + 64, half * 2, 124, 12, 58)
    glass = fill(
        f"M{x - half + 8} {top + 150}C{x - 40} {top + 140} {x + 40} {top + 140}"
        f" {x + half - 8} {top + 150}V{FLOOR_Y}H{x - half + 8}Z",
        brush.glaze.shade,
        0.55,
    )
    return table(brush) + nearer(
        cast(brush, x, half)
        + rounded(brush, stopper, x - 54, top - 50, 108, 60, pores, CORK)
        + oval(x, top - 44, 54, 9, CORK.light)
        + rounded(brush, d, x - half, top, half * 2, 200, glass + paint(brush, area, _mode(brush)))
        + oval(x, top + 2, 54, 9, brush.glaze.light, 0.75)
        + line(f"M{x - half + 16} {top + 70}V{FLOOR_Y - 40}", INKS["white"], 7, 0.55)
        + line(f"M{x - 50} {top + 16}C{x - 20} {top + 28} {x + 20} {top + 28} {x + 50} {top + 16}", "#b08d57", 4)
        + beside(brush, 322, FLOOR_Y + 26),
        1.2,
    )


def honey(brush: Brush) -> str:
    """A round-bellied pot whose dipper leans out of the lid."""
    x, top = 196, 254
    d = (
        f"M{x - 66} {top}C{x - 118} {top + 30} {x - 124} {top + 118} {x - 72}"
        f" {FLOOR_Y - 6}C{x - 60} {FLOOR_Y + 4} {x + 60} {FLOOR_Y + 4}"
        f" {x + 72} {FLOOR_Y - 6}C{x + 124} {top + 118} {x + 118} {top + 30}"
        f" {x + 66} {top}Z"
    )
    area = Area(x - 96, top + 20, 192, 120, 12, 66)
    rings = "".join(line(f"M-15 {y}H15", "#8a5a34", 4, 0.8) for y in (-8, 1, 10))
    dipper = line("M0-18V-118", "#a9794f", 9) + line("M-1-22V-114", "#c99a6c", 3)
    lid = (
        f"M{x - 70} {top - 4}C{x - 64} {top - 40} {x - 26} {top - 54} {x}"
        f" {top - 54}C{x + 26} {top - 54} {x + 64} {top - 40} {x + 70}"
        f" {top - 4}C{x + 30} {top + 10} {x - 30} {top + 10} {x - 70} {top - 4}Z"
    )
    drop = (
        fill(f"M{x + 58} {top - 6}c10 0 18 8 16 24 -1 16-15 16-16 2 -1-10-8-14-12-22Z", INKS["ochre"])
        if brush.spec.variant % 2
        else ""
    )
    return table(brush) + nearer(
        cast(brush, x, 86)
        + at(dipper + oval(0, 0, 17, 21, "#b98a58") + rings, x + 46, top - 24, 1, 24)
        + rounded(brush, d, x - 112, top, 224, 160, paint(brush, area, "scene"))
        + rounded(brush, lid, x - 70, top - 54, 140, 60)
        + line(f"M{x - 68} {top - 1}C{x - 30} {top + 12} {x + 30} {top + 12} {x + 68} {top - 1}", SHADE, 5, 0.2)
        + oval(x - 6, top - 60, 17, 13, brush.glaze.base)
        + oval(x - 10, top - 64, 7, 5, brush.glaze.light)
        + drop
        + (beside(brush, 334, FLOOR_Y + 30) if brush.spec.motif == "daisy" else _bee_near(brush)),
        1.16,
    )


def _bee_near(brush: Brush) -> str:
    return at(garden.bee(Inks(brush.ground.wall)), 92, 168, 0.62, -8) if brush.spec.motif == "bee" else ""


def vase(brush: Brush) -> str:
    """A narrow-necked vase with one stem in it."""
    x, top = 200, 226
    kind = brush.spec.variant % 3
    belly, low = ((82, 84), (66, 60), (92, 52))[kind]
    d = (
        f"M{x - 22} {top}C{x - 18} {top + 50} {x - belly} {top + 60} {x - belly}"
        f" {top + 116}C{x - belly} {top + 160} {x - low} {FLOOR_Y} {x - low * 0.6}"
        f" {FLOOR_Y + 2}"
        f"H{x + low * 0.6:g}C{x + low} {FLOOR_Y} {x + belly} {top + 160}"
        f" {x + belly} {top + 116}C{x + belly} {top + 60} {x + 18} {top + 50}"
        f" {x + 22} {top}Z"
    )
    area = Area(x - belly, top + 44, belly * 2, 146, 10, 60)
    return table(brush) + nearer(
        cast(brush, x, belly * 0.9)
        + _stem(brush, x, top + 8, kind)
        + rounded(brush, d, x - belly, top, belly * 2, 190, paint(brush, area, _mode(brush)))
        + oval(x, top + 1, 24, 6, brush.glaze.light)
        + oval(x, top + 2, 19, 4, brush.glaze.shade),
        1.12,
    )


def _stem(brush: Brush, x: float, y: float, kind: int) -> str:
    ink = Inks(brush.ground.wall)
    if kind == 0:
        return at(garden.poppy(ink), x + 12, y - 78, 1.5, 6)
    if kind == 1:
        return at(fruit.olive(ink), x + 34, y - 74, 1.6, -24)
    return (
        at(garden.fern(ink), x - 26, y - 62, 1.3, -16)
        + line(f"M{x} {y}C{x + 4} {y - 40} {x + 16} {y - 60} {x + 26} {y - 84}", INKS["fir"], 4)
        + at(garden.daisy(ink), x + 30, y - 104, 0.9)
    )


def biscuit(brush: Brush) -> str:
    """A wide jar with a domed lid, and the biscuits that did not fit."""
    x, top, half = 190, 266, 116
    d = (
        f"M{x - half} {top}C{x - half - 6} {top + 60} {x - half + 2} {top + 120}"
        f" {x - 88} {FLOOR_Y - 4}C{x - 60} {FLOOR_Y + 6} {x + 60} {FLOOR_Y + 6}"
        f" {x + 88} {FLOOR_Y - 4}C{x + half - 2} {top + 120} {x + half + 6}"
        f" {top + 60} {x + half} {top}Z"
    )
    lid = (
        f"M{x - half - 4} {top}C{x - half} {top - 44} {x - 50} {top - 66}"
        f" {x} {top - 66}C{x + 50} {top - 66} {x + half} {top - 44} {x + half + 4}"
        f" {top}C{x + 60} {top + 20} {x - 60} {top + 20} {x - half - 4} {top}Z"
    )
    area = Area(x - half, top + 22, half * 2, 124, 16, 72)
    return table(brush) + nearer(
        cast(brush, x, half)
        + rounded(brush, d, x - half, top, half * 2, 150, paint(brush, area, _mode(brush)))
        + rounded(brush, lid, x - half, top - 66, half * 2, 80)
        + line(
            f"M{x - half - 2} {top + 2}C{x - 60} {top + 21} {x + 60} {top + 21} {x + half + 2} {top + 2}", SHADE, 5, 0.2
        )
        + oval(x, top - 72, 22, 16, brush.glaze.base)
        + oval(x - 6, top - 77, 9, 6, brush.glaze.light)
        + _biscuit(brush, 318, FLOOR_Y + 12)
        + _biscuit(brush, 296, FLOOR_Y + 30)
        + (beside(brush, 64, FLOOR_Y + 34) if brush.spec.motif == "pear" else ""),
        1.12,
    )


def _biscuit(brush: Brush, x: float, y: float) -> str:
    chips = "".join(disc(x + brush.near(0, 20), y - 4 + brush.near(0, 5), 3, "#6b3f26") for _ in range(5))
    return (
        oval(x + 6, y + 8, 34, 9, brush.ground.shadow, 0.7)
        + oval(x, y + 2, 32, 13, "#b97f45")
        + oval(x, y - 3, 32, 13, "#dcab6b")
        + chips
    )


FORMS: dict[str, Drawer] = {"storage": storage, "cork": cork, "honey": honey, "vase": vase, "biscuit": biscuit}
