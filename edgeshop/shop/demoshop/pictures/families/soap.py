"""Soap bars, pump bottles, bath salt and solid shampoo."""

from edgeshop.shop.demoshop.pictures.brush import Brush, Drawer
from edgeshop.shop.demoshop.pictures.families.jar import BEECH, CORK, cylinder
from edgeshop.shop.demoshop.pictures.inks import INKS, Inks
from edgeshop.shop.demoshop.pictures.light import FLOOR_Y, SHADE, cast, nearer, rounded, table
from edgeshop.shop.demoshop.pictures.motifs import fruit, garden
from edgeshop.shop.demoshop.pictures.motifs.area import Area
from edgeshop.shop.demoshop.pictures.motifs.book import paint
from edgeshop.shop.demoshop.pictures.palette import Glaze
from edgeshop.shop.demoshop.pictures.pen import at, box, disc, fill, line, num, oval
from edgeshop.shop.demoshop.pictures.props import beside

PAPER = Glaze("#f8efdc", "#dccbab", "#fffaf0")


def bubbles(brush: Brush, x: float, y: float) -> str:
    """A few bubbles, rising."""
    spots = [(0, 0, 17), (26, -26, 11), (-20, -34, 8), (10, -58, 6), (34, -66, 9)]
    return "".join(
        disc(x + dx, y + dy, r, INKS["white"], 0.55)
        + line(
            f"M{num(x + dx - r * 0.5)} {num(y + dy - r * 0.1)}A{num(r * 0.55)}"
            f" {num(r * 0.55)} 0 0 1 {num(x + dx)} {num(y + dy - r * 0.55)}",
            INKS["white"],
            2.6,
        )
        for dx, dy, r in spots
    )


def _labelled(brush: Brush, d: str, area: Area) -> str:
    kept, brush.ink = brush.ink, Inks(PAPER.base)
    label = brush.clip(d, fill(d, PAPER.base) + paint(brush, area, "scene"))
    brush.ink = kept
    return label


def bar(brush: Brush) -> str:
    """A bar of soap standing in its paper band, and a piece of it lying before."""
    tone = brush.glaze
    x, y, w, h = 78, 172, 224, 236
    d = (
        f"M{x + 40} {y}H{x + w - 40}C{x + w - 8} {y} {x + w} {y + 10} {x + w}"
        f" {y + 40}V{y + h - 36}C{x + w} {y + h - 6} {x + w - 8} {y + h}"
        f" {x + w - 40} {y + h}H{x + 40}C{x + 8} {y + h} {x} {y + h - 6}"
        f" {x} {y + h - 36}V{y + 40}C{x} {y + 10} {x + 8} {y} {x + 40} {y}Z"
    )
    band = f"M{x} {y + 58}H{x + w}V{y + 178}H{x}Z"
    kept, brush.ink = brush.ink, Inks(PAPER.base)
    edge = tone.base if brush.spec.colour != "cream" else "#c79a4b"
    picture = brush.clip(
        band,
        fill(band, PAPER.base)
        + paint(brush, Area(x + 42, y + 66, 140, 104, 0, 62), "scene")
        + line(f"M{x} {y + 60}H{x + w}M{x} {y + 176}H{x + w}", edge, 5),
    )
    brush.ink = kept
    flecks = "".join(
        oval(brush.near(190, 90), y + dy, 2.6, 1.8, tone.shade, 0.8) for dy in (16, 28, 40, 50, 190, 202, 214, 224)
    )
    return table(brush) + nearer(
        cast(brush, 194, 112, 408)
        + rounded(
            brush,
            d,
            x,
            y,
            w,
            h,
            line(f"M{x + 22} {y + 24}C{x + 40} {y + 10} {x + 120} {y + 12} {x + 180} {y + 12}", tone.light, 7)
            + flecks
            + picture,
        )
        + _slice(brush)
        + bubbles(brush, 60 if brush.flip() else 322, 164)
        + (beside(brush, 334, FLOOR_Y + 40) or _herb(brush, 332, FLOOR_Y + 34)),
        1.08,
    )


def _slice(brush: Brush) -> str:
    tone = brush.glaze
    return (
        oval(150, FLOOR_Y + 46, 96, 11, brush.ground.shadow, 0.8)
        + fill(
            "M58 428C58 418 66 414 76 414H212C222 414 230 418 230 428V446"
            "C230 454 222 458 212 458H76C66 458 58 454 58 446Z",
            tone.shade,
        )
        + fill(
            "M58 422C58 412 66 408 76 408H212C222 408 230 412 230 422V430"
            "C230 440 222 444 212 444H76C66 444 58 440 58 430Z",
            tone.base,
        )
        + line("M70 416H200", tone.light, 5, 0.9)
        + line("M110 428c8-6 14-6 20 0 6-6 12-6 20 0 6-6 12-6 20 0", tone.shade, 3)
    )


def _herb(brush: Brush, x: float, y: float) -> str:
    ink = Inks(brush.ground.table, natural=True)
    figure = {"moon": _lavender_sprig, "fir": _fir_sprig, "wave": _shell}.get(brush.spec.motif)
    shadow = oval(x + 6, y + 2, 40, 6, brush.ground.shadow, 0.6)
    return shadow + (
        at(figure(), x, y - 14, 0.9, -16)
        if figure
        else at(
            garden.sprig(ink) if brush.spec.motif != "olive" else fruit.olive(ink),
            x,
            y - 20,
            1.0 if brush.spec.motif == "olive" else 1.5,
            58,
        )
    )


def _lavender_sprig() -> str:
    heads = "".join(
        oval(-34 + step * 11, -5 + step % 2 * 6, 8, 6, "#8577a8" if step % 2 else "#6b5c92") for step in range(6)
    )
    return line("M-20 0C0 2 24 6 48 14", INKS["leaf"], 3) + fruit.leaf(20, 4, 26, -30, INKS["leaf"]) + heads


def _fir_sprig() -> str:
    return line("M-42 4L44-2", "#7a5b3f", 4) + line(
        "".join(f"M{x} {3 - x // 20}l-10-15M{x} {3 - x // 20}l-9 15" for x in range(-30, 46, 9)), INKS["fir"], 4
    )


def _shell() -> str:
    fan = "M0 22C-34 14-40-16-26-28-14-36 14-36 26-28 40-16 34 14 0 22Z"
    return (
        fill(fan, "#eecfb5")
        + line("M0 20L-24-22M0 20L-12-30M0 20V-32M0 20L12-30M0 20L24-22", "#c99a7c", 2.6)
        + fill("M-10 18H10L6 27H-6Z", "#d9ad8e")
    )


def liquid(brush: Brush) -> str:
    """A glass bottle with a pump."""
    x, top, half = 190, 232, 78
    d = (
        f"M{x - 30} {top}C{x - 30} {top + 18} {x - half} {top + 14} {x - half}"
        f" {top + 48}V{FLOOR_Y - 18}C{x - half} {FLOOR_Y + 2} {x + half}"
        f" {FLOOR_Y + 2} {x + half} {FLOOR_Y - 18}V{top + 48}C{x + half}"
        f" {top + 14} {x + 30} {top + 18} {x + 30} {top}Z"
    )
    label = (
        f"M{x - 56} {top + 64}C{x - 20} {top + 71} {x + 20} {top + 71}"
        f" {x + 56} {top + 64}V{top + 158}C{x + 20} {top + 165} {x - 20}"
        f" {top + 165} {x - 56} {top + 158}Z"
    )
    pump = (
        line(f"M{x} {top - 8}V{top - 58}", "#c9a154", 10)
        + fill(
            f"M{x - 22} {top - 78}H{x + 34}C{x + 60} {top - 78} {x + 74} {top - 68}"
            f" {x + 76} {top - 44}H{x + 64}C{x + 60} {top - 58} {x + 50} {top - 60}"
            f" {x + 34} {top - 58}H{x - 22}C{x - 32} {top - 60} {x - 32} {top - 76}"
            f" {x - 22} {top - 78}Z",
            "#c9a154",
        )
        + line(f"M{x - 20} {top - 73}H{x + 34}", "#e7cd93", 4)
        + box(x - 33, top - 16, 66, 24, "#b28a40", 5)
        + box(x - 33, top - 16, 20, 24, "#e0c283", 5)
    )
    return table(brush) + nearer(
        cast(brush, x, half)
        + pump
        + rounded(
            brush, d, x - half, top, half * 2, 186, _labelled(brush, label, Area(x - 50, top + 72, 100, 84, 4, 58))
        )
        + bubbles(brush, 316, 214)
        + (beside(brush, 326, FLOOR_Y + 30) or _herb(brush, 322, FLOOR_Y + 26)),
        1.16,
    )


def salt(brush: Brush) -> str:
    """A jar of salt with a wooden scoop."""
    x, top, half = 182, 236, 92
    label = (
        f"M{x - 62} {top + 66}C{x - 20} {top + 74} {x + 20} {top + 74}"
        f" {x + 62} {top + 66}V{top + 146}C{x + 20} {top + 154} {x - 20}"
        f" {top + 154} {x - 62} {top + 146}Z"
    )
    white = Glaze("#f2ede4", "#d6ccbd", "#ffffff")
    crystals = "".join(
        fill(f"M{num(px)} {num(py)}l5-4 6 3-1 7-7 2Z", brush.glaze.base, 0.85)
        for px, py in ((x + brush.near(0, 82), top + 40 + brush.chance.random() * 130) for _ in range(20))
    )
    lid = cylinder(x, top - 24, half - 8, top + 4, 6)
    scoop = at(
        line("M0 0L62-26", BEECH.shade, 12)
        + line("M0-3L60-28", BEECH.light, 4)
        + oval(-22, 9, 34, 17, BEECH.shade)
        + oval(-24, 5, 28, 11, white.base),
        306,
        FLOOR_Y + 14,
    )
    return table(brush) + nearer(
        cast(brush, x, half)
        + rounded(
            brush,
            cylinder(x, top, half, FLOOR_Y - 10),
            x - half,
            top,
            half * 2,
            180,
            crystals
            + _labelled(brush, label, Area(x - 56, top + 74, 112, 70, 5, 54))
            + line(label, brush.glaze.base, 4),
            white,
        )
        + rounded(brush, lid, x - half + 8, top - 30, half * 2 - 16, 40, "", CORK)
        + oval(x, top - 26, half - 8, 11, CORK.light)
        + oval(306, FLOOR_Y + 32, 58, 8, brush.ground.shadow, 0.7)
        + scoop
        + line(
            f"M{x - half + 6} {top + 14}C{x - 40} {top + 26} {x + 40} {top + 26} {x + half - 6} {top + 14}",
            "#b08d57",
            4,
        ),
        1.16,
    )


def shampoo(brush: Brush) -> str:
    """Two round bars on a dish, the upper one stamped."""
    x, y, half = 196, 262, 112
    tone, plain = brush.glaze, PAPER
    stamped = tone.light if brush.spec.colour in {"fir", "charcoal"} else tone.base
    kept, brush.ink = brush.ink, Inks(stamped)
    motif = (
        f'<g transform="translate({x} {y})scale(1 .46)">{paint(brush, Area(-84, -84, 168, 168, 0, 84), "scene")}</g>'
    )
    brush.ink = kept
    face = f"M{x - half} {y}a{half} 46 0 1 1 {half * 2} 0a{half} 46 0 1 1-{half * 2} 0Z"
    dish = (
        oval(x + 26, FLOOR_Y + 16, 170, 15, brush.ground.shadow, 0.6)
        + oval(x, FLOOR_Y + 4, 160, 24, "#cdbfa6")
        + oval(x, FLOOR_Y - 1, 160, 23, "#f1e8d6")
        + oval(x + 12, FLOOR_Y, 124, 15, "#cdbfa6", 0.8)
    )
    return table(brush) + nearer(
        dish
        + rounded(brush, _puck(x + 6, 338, half + 4), x - half, 330, half * 2, 70, "", plain)
        + oval(x + 6, 338, half + 4, 46, plain.light)
        + oval(x + 14, 342, half - 2, 40, SHADE, 0.14)
        + rounded(brush, _puck(x, y, half), x - half, y, half * 2, 70)
        + brush.clip(face, fill(face, stamped) + motif)
        + line(f"M{x - 98} {y - 8}C{x - 82} {y - 32} {x - 30} {y - 41} {x + 10} {y - 41}", tone.light, 5, 0.9)
        + bubbles(brush, 84, 206)
        + bubbles(brush, 300, 190)
        + beside(brush, 340, FLOOR_Y + 44),
        1.1,
    )


def _puck(x: float, y: float, half: float) -> str:
    return (
        f"M{num(x - half)} {num(y)}V{num(y + 44)}C{num(x - half)} {num(y + 88)}"
        f" {num(x + half)} {num(y + 88)} {num(x + half)} {num(y + 44)}V{num(y)}Z"
    )


FORMS: dict[str, Drawer] = {"bar": bar, "liquid": liquid, "salt": salt, "shampoo": shampoo}
