"""Candles in glasses and tins, painted pillars, and tapers on their peg."""

from edgeshop.shop.demoshop.pictures.brush import Brush, Drawer
from edgeshop.shop.demoshop.pictures.families.jar import BEECH, cylinder
from edgeshop.shop.demoshop.pictures.inks import INKS, Inks
from edgeshop.shop.demoshop.pictures.light import FLOOR_Y, SHADE, bare_wall, cast, nearer, rounded, table
from edgeshop.shop.demoshop.pictures.motifs.area import Area
from edgeshop.shop.demoshop.pictures.motifs.book import Mode, paint
from edgeshop.shop.demoshop.pictures.palette import GLAZES, Glaze
from edgeshop.shop.demoshop.pictures.pen import at, box, disc, fill, line, oval
from edgeshop.shop.demoshop.pictures.props import beside

WAX = Glaze("#f6ead2", "#e2cfa9", "#fdf6e6")
TIN = Glaze("#c9c3b8", "#a39c90", "#e4dfd5")


def flame(brush: Brush, x: float, y: float, size: float = 1) -> str:
    """A lit wick and its small halo."""
    lean = brush.near(0, 3)
    return (
        disc(x, y - 24 * size, 48 * size, INKS["lemon"], 0.13)
        + disc(x, y - 24 * size, 28 * size, INKS["lemon"], 0.16)
        + at(
            line("M0 6V-8", INKS["black"], 3)
            + fill(f"M0-2C-13-6-13-24 {lean:.1f}-50 14-26 13-6 0-2Z", INKS["orange"])
            + fill(f"M0-4C-7-8-6-20 {lean / 2:.1f}-34 7-20 7-8 0-4Z", INKS["lemon"]),
            x,
            y,
            size,
        )
    )


def glass(brush: Brush) -> str:
    """A tumbler with a label, lit."""
    x, top, half = 200, 236, 88
    label_ink = Inks(WAX.base)
    label_area = Area(x - 50, top + 62, 100, 92, 4, 60)
    label = (
        f"M{x - 56} {top + 54}C{x - 20} {top + 60} {x + 20} {top + 60}"
        f" {x + 56} {top + 54}V{top + 156}C{x + 20} {top + 163} {x - 20}"
        f" {top + 163} {x - 56} {top + 156}Z"
    )
    body_ink, brush.ink = brush.ink, label_ink
    painted = brush.clip(label, fill(label, WAX.base) + paint(brush, label_area, "scene"))
    brush.ink = body_ink
    wax = fill(
        f"M{x - half} {top + 34}C{x - 40} {top + 46} {x + 40} {top + 46} {x + half} {top + 34}V440H{x - half}Z",
        brush.glaze.base,
    )
    rim_glass = Glaze(brush.glaze.light, brush.glaze.shade, WAX.light)
    return table(brush) + nearer(
        cast(brush, x, half)
        + rounded(brush, cylinder(x, top, half, FLOOR_Y - 10), x - half, top, half * 2, 180, wax + painted, rim_glass)
        + oval(x, top - 1, half, 13, brush.glaze.light)
        + oval(x, top + 1, half - 6, 10, brush.glaze.shade)
        + oval(x, top + 4, half - 12, 7, WAX.base)
        + flame(brush, x, top + 2)
        + (beside(brush, 326, FLOOR_Y + 30) or _matches(brush)),
        1.2,
    )


def _matches(brush: Brush) -> str:
    sticks = line("M0 0L52-10M8 10L58 8", BEECH.base, 4) + disc(53, -10, 4, INKS["red"]) + disc(59, 8, 4, INKS["red"])
    return at(line("M2 6L54-4M10 15L60 13", brush.ground.shadow, 4, 0.6) + sticks, 292, FLOOR_Y + 22)


def tin(brush: Brush) -> str:
    """A flat tin, lit, with its painted lid leaning against it."""
    x, top, half = 164, 312, 104
    lid_x, lid_y, r = 276, 344, 78
    d = f"M{lid_x - r} {lid_y}a{r} {r} 0 1 1 {r * 2} 0a{r} {r} 0 1 1 {-r * 2} 0Z"
    face = brush.clip(d, fill(d, brush.glaze.base) + paint(brush, Area(lid_x - 56, lid_y - 56, 112, 112), "scene"))
    return table(brush) + nearer(
        cast(brush, x, half)
        + rounded(brush, cylinder(x, top, half, FLOOR_Y - 12, 8), x - half, top, half * 2, 96, "", TIN)
        + oval(x, top - 1, half, 17, TIN.light)
        + oval(x, top + 1, half - 6, 13, TIN.shade)
        + oval(x, top + 3, half - 10, 11, WAX.base)
        + flame(brush, x, top + 4, 0.9)
        + oval(lid_x + 24, FLOOR_Y + 11, 76, 9, brush.ground.shadow, 0.8)
        + disc(lid_x + 5, lid_y + 3, r, TIN.shade)
        + disc(lid_x, lid_y, r, TIN.light)
        + at(face, lid_x * 0.08, lid_y * 0.08, 0.92)
        + fill(
            f"M{lid_x + 60} {lid_y - 38}A{r - 6} {r - 6} 0 0 1 {lid_x - 10}"
            f" {lid_y + 70}C{lid_x + 40} {lid_y + 46} {lid_x + 60} {lid_y + 8}"
            f" {lid_x + 60} {lid_y - 38}Z",
            SHADE,
            0.12,
        )
        + beside(brush, 72, FLOOR_Y + 36),
        1.2,
    )


def pillar(brush: Brush) -> str:
    """A thick candle, painted, on a small plate."""
    x, top, half = 200, 196, 72
    area = Area(x - half, top + 16, half * 2, 180, 12, 62)
    drip = fill(f"M{x - half} {top}V{top + 24}c8 16 16 2 18-6 8 26 18 22 20-8L{x} {top}Z", brush.glaze.light, 0.9)
    mode: Mode = "scene" if brush.spec.motif in {"poppy", "swallow", "star"} else "all"
    return table(brush) + nearer(
        oval(x + 26, FLOOR_Y + 8, 128, 15, brush.ground.shadow, 0.6)
        + oval(x, FLOOR_Y + 2, 112, 18, TIN.shade)
        + oval(x, FLOOR_Y - 2, 112, 17, TIN.light)
        + oval(x + 14, FLOOR_Y - 2, 80, 11, TIN.shade, 0.6)
        + rounded(
            brush,
            cylinder(x, top, half, FLOOR_Y - 14, 8),
            x - half,
            top,
            half * 2,
            210,
            paint(brush, area, mode) + drip,
        )
        + oval(x, top, half, 11, brush.glaze.light)
        + oval(x + 2, top + 2, half - 14, 7, brush.glaze.shade)
        + flame(brush, x, top + 2, 1.1)
        + _matches(brush),
        1.1,
    )


def tapers(brush: Brush) -> str:
    """Two hand-dipped candles over a peg, joined by their wick."""
    rail = box(0, 84, 400, 22, BEECH.base) + box(0, 101, 400, 5, BEECH.shade) + box(0, 84, 400, 4, BEECH.light)
    side = (brush.spec.variant % 3 - 1) * 18
    pegs = "".join(
        disc(x + 5, 101, 13, brush.ground.shadow, 0.6) + disc(x, 95, 13, BEECH.shade) + disc(x - 2, 93, 11, BEECH.light)
        for x in (60, 200, 340)
    )
    sticks, shadows = [], []
    for x, turn, drop in [(170, 1.5, 0), (230, -1.5, 8)]:
        d = "M-9 0C-15 60-22 180-23 262-22 276 22 276 23 262 22 180 15 60 9 0 5-8-5-8-9 0Z"
        shadows.append(at(fill(d, brush.ground.shadow, 0.55), x + 13 + side / 4, 158 + drop, 1, turn))
        body = brush.clip(
            d,
            fill(d, brush.glaze.base)
            + fill("M4-10C8 80 12 180 8 290H40V-10Z", SHADE, 0.16)
            + line("M-8 40C-12 110-14 160-14 230", brush.glaze.light, 6, 0.8)
            + "".join(line(f"M-24 {y}q24 9 48 0", brush.glaze.shade, 2, 0.5) for y in (238, 246)),
        )
        sticks.append(at(body, x, 148 + drop, 1, turn))
    wick = line("M170 148C172 118 184 86 200 84 216 86 226 124 230 156", INKS["white"], 4.5) + line(
        "M170 148C172 118 184 86 200 84 216 86 226 124 230 156", "#cdb68e", 1.6
    )
    third = GLAZES["mustard" if brush.spec.colour == "coral" else "terracotta"]
    return bare_wall(brush) + rail + "".join(shadows) + pegs + wick + "".join(sticks) + _bundle(brush, third)


def _bundle(brush: Brush, tone: Glaze) -> str:
    x = 338 if brush.flip() else 62
    leafy = Inks(brush.ground.wall)("fir", "leaf")
    twigs = "".join(
        line(f"M{x} 106C{x + a * 0.3:g} 150 {x + a * 0.6:g} 170 {x + a} {b}", leafy, 3)
        for a, b in [(-22, 218), (-8, 236), (8, 240), (22, 222)]
    )
    heads = "".join(oval(x + a, b, 6, 15, tone.base) for a, b in [(-22, 222), (-8, 242), (8, 246), (22, 226)])
    return twigs + heads + box(x - 8, 118, 16, 10, "#b08d57", 3)


FORMS: dict[str, Drawer] = {"glass": glass, "tin": tin, "pillar": pillar, "tapers": tapers}
