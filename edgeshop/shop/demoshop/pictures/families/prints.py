"""Prints on paper, in frames, and pulled by hand."""

from edgeshop.shop.demoshop.pictures.brush import Brush, Drawer
from edgeshop.shop.demoshop.pictures.inks import INKS, Inks
from edgeshop.shop.demoshop.pictures.light import SHADE, bare_wall, flat, on_wall
from edgeshop.shop.demoshop.pictures.motifs import fruit, garden
from edgeshop.shop.demoshop.pictures.motifs.area import Area
from edgeshop.shop.demoshop.pictures.motifs.book import paint
from edgeshop.shop.demoshop.pictures.palette import GLAZES
from edgeshop.shop.demoshop.pictures.pen import at, box, disc, fill, line, num, oval

PAPER = "#fbf5e8"
_BLEED = frozenset({"wave", "house", "mountain", "sun", "fir", "boat", "stripe"})


def _image(brush: Brush, x: float, y: float, w: float, h: float) -> str:
    d = f"M{num(x)} {num(y)}H{num(x + w)}V{num(y + h)}H{num(x)}Z"
    inset = 0 if brush.spec.motif in _BLEED else w * 0.06
    area = Area(x + inset, y + inset, w - 2 * inset, h - 2 * inset, 0, w * 0.4)
    seen = (
        _deckchair(brush, x, y, w)
        if brush.spec.motif == "stripe"
        else _sky(brush, x, y, w, h) + paint(brush, area, "scene")
    )
    return flat(brush, d, seen) + line(d, brush.glaze.shade, 1.4, 0.5)


def _deckchair(brush: Brush, x: float, y: float, w: float) -> str:
    """Stripes where they belong in summer: an empty deckchair between the water and the wall."""
    sling = "M64 92H136C142 140 148 184 158 218 130 232 84 232 54 218 58 184 60 140 64 92Z"
    stripes = line("M54 80L38 240M78 80L68 240M100 80V240M122 80L132 240M146 80L166 240", brush.glaze.base, 13)
    wood, pale = "#b07d46", "#d8ae7c"
    frame = line("M60 80L34 258M140 80L170 258M80 150L150 262M122 150L58 262", wood, 8) + line("M54 92H146", pale, 9)
    scene = (
        box(0, 0, 200, 300, GLAZES["sky"].light)
        + disc(150, 52, 25, INKS["lemon"])
        + box(0, 104, 200, 60, INKS["sea"])
        + line("M14 122q10-7 20 0t20 0M120 136q10-7 20 0t20 0M150 118q8-5 16 0", INKS["white"], 3, 0.8)
        + fill("M0 158C60 148 140 170 200 154V300H0Z", "#efd9a8")
        + oval(116, 262, 76, 9, "#d9bd82")
        + frame
        + brush.clip(
            sling, fill(sling, INKS["white"]) + stripes + fill("M128 80C140 140 140 200 136 240H180V80Z", SHADE, 0.12)
        )
        + line("M50 216H162", pale, 8)
    )
    return at(scene, x, y, w / 200)


def _sky(brush: Brush, x: float, y: float, w: float, h: float) -> str:
    """A second field behind the motif, so that a print is a picture and not a badge."""
    motif, ink = brush.spec.motif, brush.ink
    if motif in {"lemon", "pear", "orange", "cherry"}:
        table = ink("white", "sand") if brush.spec.colour not in {"cream", "peach"} else GLAZES["terracotta"].base
        return fill(f"M{num(x)} {num(y + h * 0.7)}H{num(x + w)}V{num(y + h)}H{num(x)}Z", table, 0.9)
    if motif in {"swallow", "bee", "poppy", "daisy", "fern", "olive"}:
        return disc(
            x + w * 0.52,
            y + h * 0.46,
            w * 0.4,
            brush.glaze.light if brush.spec.colour != "cream" else GLAZES["mustard"].light,
        )
    if motif == "cat":
        moon = disc(x + w * 0.76, y + h * 0.2, w * 0.11, INKS["white"])
        return moon + fill(
            f"M{num(x)} {num(y + h * 0.78)}H{num(x + w)}V{num(y + h)}H{num(x)}Z", GLAZES["terracotta"].base
        )
    if motif == "mushroom":
        return fill(
            f"M{num(x)} {num(y + h * 0.74)}C{num(x + w * 0.4)} {num(y + h * 0.66)}"
            f" {num(x + w * 0.7)} {num(y + h * 0.8)} {num(x + w)} {num(y + h * 0.7)}"
            f"V{num(y + h)}H{num(x)}Z",
            GLAZES["fir"].light,
        )
    return ""


def sheet(brush: Brush) -> str:
    """A sheet in a wooden rail, hanging by a cord."""
    x, y, w, h = 84, 112, 232, 322
    paper = f"M{x} {y}H{x + w}V{y + h}H{x}Z"
    rail = "".join(
        box(x - 9, level, w + 18, 15, "#cfa06a", 3) + box(x - 9, level + 10, w + 18, 5, "#a87a48", 2)
        for level in (y - 8, y + h - 7)
    )
    return (
        bare_wall(brush)
        + on_wall(brush, f"M{x - 9} {y - 8}H{x + w + 9}V{y + h + 8}H{x - 9}Z", 10, 12)
        + line(f"M{x + 26} {y - 6}L200 52 {x + w - 26} {y - 6}", "#8d7a63", 2.4)
        + disc(200, 52, 5, "#8d7a63")
        + fill(paper, PAPER)
        + _image(brush, x + 18, y + 24, w - 36, h - 50)
        + fill(f"M{x + w - 46} {y}H{x + w}V{y + h}H{x + w - 20}Z", SHADE, 0.05)
        + rail
    )


def framed(brush: Brush) -> str:
    """An oak frame with a mount, hung over a sideboard or standing on one."""
    x, y, w, h = 68, 56, 264, 336
    oak, dark, pale = "#c99b66", "#9f7343", "#e0bb8a"
    outer = f"M{x} {y}H{x + w}V{y + h}H{x}Z"
    frame = (
        fill(outer, oak)
        + fill(f"M{x} {y}H{x + w}L{x + w - 16} {y + 16}H{x + 16}Z", pale)
        + fill(f"M{x + w} {y}V{y + h}L{x + w - 16} {y + h - 16}V{y + 16}Z", dark)
        + fill(f"M{x} {y + h}H{x + w}L{x + w - 16} {y + h - 16}H{x + 16}Z", dark, 0.7)
        + box(x + 16, y + 16, w - 32, h - 32, PAPER)
        + fill(f"M{x + 16} {y + 16}H{x + w - 16}V{y + 22}H{x + 22}V{y + h - 16}H{x + 16}Z", SHADE, 0.12)
    )
    glare = fill(f"M{x + 40} {y + h - 18}L{x + 150} {y + 18}H{x + 196}L{x + 86} {y + h - 18}Z", INKS["white"], 0.14)
    return (
        bare_wall(brush)
        + on_wall(brush, outer, 12, 14)
        + frame
        + _image(brush, x + 46, y + 48, w - 92, h - 96)
        + line(f"M{x + 45} {y + 47}H{x + w - 45}V{y + h - 47}H{x + 45}Z", "#e3d4b8", 2)
        + glare
        + _shelf(brush)
    )


def _shelf(brush: Brush) -> str:
    """The top of a sideboard under the frame, with one small thing on it."""
    side = 56 if brush.flip() else 344
    ink = Inks(brush.ground.wall)
    tone = GLAZES["terracotta" if brush.spec.colour != "terracotta" else "navy"]
    little = (
        at(garden.daisy(ink), side - 10, 374, 0.5)
        + line(
            f"M{side} 436C{side + 2} 410 {side - 6} 396 {side - 9} 384M{side}"
            f" 436C{side + 4} 412 {side + 12} 404 {side + 16} 396",
            INKS["fir"],
            3,
        )
        + fruit.leaf(side + 2, 414, 30, -40, INKS["fir"])
        + fill(
            f"M{side - 9} 428C{side - 26} 440 {side - 26} 462 {side - 16} 472"
            f"H{side + 16}C{side + 26} 462 {side + 26} 440 {side + 9} 428Z",
            tone.base,
        )
        + fill(
            f"M{side + 6} 428C{side + 14} 446 {side + 10} 462 {side + 6} 472"
            f"H{side + 16}C{side + 26} 462 {side + 26} 440 {side + 9} 428Z",
            SHADE,
            0.16,
        )
    )
    return box(0, 470, 400, 30, "#b98a5c") + box(0, 470, 400, 5, "#d6ab7b") + little


def linocut(brush: Brush) -> str:
    """A hand-pulled print on deckled paper, clipped to a line, numbered and signed in pencil."""
    x, y, w, h = 74, 98, 252, 340
    steps = 14
    ring = [
        *((x + w * i / steps, y + brush.near(0, 1.8)) for i in range(steps)),
        *((x + w + brush.near(0, 1.8), y + h * i / steps) for i in range(steps)),
        *((x + w - w * i / steps, y + h + brush.near(0, 1.8)) for i in range(steps)),
        *((x + brush.near(0, 1.8), y + h - h * i / steps) for i in range(steps)),
    ]
    deckle = "M" + "L".join(f"{num(a)} {num(b)}" for a, b in ring) + "Z"
    cuts = "".join(
        line(f"M{num(a)} {num(b)}l{num(brush.near(14, 5))} {num(brush.near(0, 3))}", PAPER, 1.8, 0.55)
        for a, b in (
            (x + 34 + brush.chance.random() * (w - 84), y + 34 + brush.chance.random() * (h - 110)) for _ in range(14)
        )
    )
    pencil = line(
        f"M{x + 30} {y + h - 30}c6-10 10-8 8 0 6-10 12-8 12 0M{x + w - 96} {y + h - 30}"
        "c8-16 12-12 8 2 8-14 14-10 12-2 6-8 10-8 14-2 8-8 14-4 26-6",
        "#77727a",
        1.8,
    )
    clips = "".join(
        box(cx - 6, y - 12, 12, 26, "#cfa06a", 2) + box(cx - 6, y - 2, 12, 4, "#a87a48") for cx in (x + 44, x + w - 44)
    )
    return (
        bare_wall(brush)
        + on_wall(brush, f"M{x} {y}H{x + w}V{y + h}H{x}Z", 11, 13)
        + line("M-6 84C110 96 290 96 406 82", "#8d7a63", 2.6)
        + fill(deckle, PAPER)
        + _image(brush, x + 26, y + 28, w - 52, h - 84)
        + cuts
        + pencil
        + fill(
            f"M{x + w - 40} {y + 4}C{x + w - 20} {y + 120} {x + w - 30} {y + 240}"
            f" {x + w - 10} {y + h - 4}H{x + w - 3}V{y + 4}Z",
            SHADE,
            0.05,
        )
        + clips
    )


FORMS: dict[str, Drawer] = {"sheet": sheet, "framed": framed, "linocut": linocut}
