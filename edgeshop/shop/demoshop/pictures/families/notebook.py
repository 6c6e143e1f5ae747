"""Notebooks, sketchbooks, pocket books, recipe books and planners."""

from edgeshop.shop.demoshop.pictures.brush import Brush, Drawer
from edgeshop.shop.demoshop.pictures.inks import INKS, Inks
from edgeshop.shop.demoshop.pictures.light import SHADE, flat, flat_lay
from edgeshop.shop.demoshop.pictures.motifs.area import Area
from edgeshop.shop.demoshop.pictures.motifs.book import paint
from edgeshop.shop.demoshop.pictures.palette import GLAZES
from edgeshop.shop.demoshop.pictures.pen import at, box, disc, fill, line, num, oval

PAGES, PAGE_EDGE = "#f8efdc", "#dccbab"
_BLEED = frozenset({"wave", "house", "mountain", "sun", "boat", "stripe", "dot", "check"})


def _book(brush: Brush, w: float, h: float, thick: float, round_by: float = 10) -> tuple[str, str]:
    """A closed book from above: what is under the cover, and the cover's outline."""
    shadow = at(box(0, 0, w, h, brush.ground.shadow, round_by, 0.7), thick + 10, thick + 12)
    under = (
        shadow
        + box(thick, thick, w, h, brush.glaze.shade, round_by)
        + box(3, thick - 2, w + thick - 6, h - 1, PAGE_EDGE, 4)
        + box(3, thick - 4, w + thick - 9, h - 2, PAGES, 4)
    )
    d = (
        f"M4 0H{num(w - round_by)}Q{num(w)} 0 {num(w)} {num(round_by)}"
        f"V{num(h - round_by)}Q{num(w)} {num(h)} {num(w - round_by)} {num(h)}"
        f"H4Q0 {num(h)} 0 {num(h - 4)}V4Q0 0 4 0Z"
    )
    return under, d


def _painted(brush: Brush, w: float, h: float, left: float = 26) -> str:
    bleed = brush.spec.motif in _BLEED
    inset = 0.0 if bleed else 20.0
    area = Area(left + inset, inset, w - left - inset * 2, h - inset * 2, 0, 84)
    mode = "all" if brush.spec.motif in {"star", "bee", "dot"} and w < 240 else "scene"
    return paint(brush, area, "all" if mode == "all" else "scene")


def pencil(brush: Brush, x: float, y: float, turn: float, colour: str) -> str:
    """A pencil, lying."""
    body = (
        at(line("M0-80V96", brush.ground.shadow, 12, 0.7), 7, 8)
        + box(-7, -70, 14, 150, colour)
        + box(2, -70, 5, 150, SHADE, 0, 0.16)
        + fill("M-7-70L0-98 7-70Z", "#ecd1a0")
        + fill("M-2.4-88L0-98 2.4-88Z", INKS["black"])
        + box(-7, 78, 14, 9, "#b9b2a6")
        + box(-7, 86, 14, 13, INKS["rose"], 4)
    )
    return at(body, x, y, 1, turn)


def _pen_colour(brush: Brush) -> str:
    ink = Inks(brush.ground.wall)
    return (
        ink("lemon", "red")
        if brush.spec.variant % 2
        else ink("red", "ink")
        if brush.spec.colour != "coral"
        else ink("ink", "fir")
    )


def notebook(brush: Brush) -> str:
    """A thread-sewn notebook with a cloth spine and a ribbon."""
    w, h = 250, 342
    under, d = _book(brush, w, h, 9)
    spine = fill(f"M0 0H28V{h}H0Z", brush.glaze.shade) + line(f"M28 0V{h}", SHADE, 2, 0.2)
    ribbon = line(f"M150 {h - 10}C152 {h + 20} 144 {h + 26} 148 {h + 46}", brush.ink("red", "lemon"), 8)
    turn = (-6, 5, -3)[brush.spec.variant % 3]
    return (
        flat_lay(brush)
        + at(
            ribbon
            + under
            + flat(brush, d, _painted(brush, w, h) + spine + fill(f"M34 0H46L60 {h}H34Z", INKS["white"], 0.12)),
            66,
            62,
            1,
            turn,
        )
        + pencil(brush, 352, 286, turn + 4, _pen_colour(brush))
    )


def sketch(brush: Brush) -> str:
    """A wire-bound sketchbook with a pencil across it."""
    w, h = 268, 336
    under, d = _book(brush, w, h, 6, 4)
    wire = "".join(
        disc(16, y, 4.5, SHADE, 0.55) + line(f"M16 {y}C-2 {y - 12} -20 {y - 4} -12 {y + 7}", "#8b8680", 3.6)
        for y in range(20, int(h) - 6, 22)
    )
    turn = (4, -5, 2)[brush.spec.variant % 3]
    return (
        flat_lay(brush)
        + at(under + flat(brush, d, _painted(brush, w, h, 30)) + wire, 74, 72, 1, turn)
        + pencil(brush, 300, 366, 58, _pen_colour(brush))
    )


def pocket(brush: Brush) -> str:
    """Two stapled pocket books, one over the other."""
    w, h = 196, 278
    order = [name for name in ("mustard", "navy", "sage", "terracotta", "cream") if name != brush.spec.colour]
    other = GLAZES[order[brush.spec.variant % len(order)]]
    second = (
        at(box(0, 0, w, h, brush.ground.shadow, 8, 0.7), 9, 11)
        + box(0, 0, w, h, other.base, 8)
        + "".join(line(f"M40 {y}H156", other.light, 5, 0.7) for y in (96, 116, 136))
    )
    under, d = _book(brush, w, h, 4, 8)
    staples = line("M4 80V104M4 180V204", "#d8d3c8", 4)
    side = -1 if brush.flip() else 1
    return (
        flat_lay(brush)
        + at(second, 128 + side * 30, 70, 1.06, side * 13)
        + at(under + flat(brush, d, _painted(brush, w, h, 8)) + staples, 94 - side * 10, 130, 1.1, -side * 5)
    )


def recipes(brush: Brush) -> str:
    """A thick recipe book with coloured tabs."""
    w, h = 256, 336
    under, d = _book(brush, w, h, 16)
    tabs = "".join(
        box(w + 4, y, 26, 36, INKS[name], 5)
        for y, name in zip(range(40, 300, 46), ("red", "lemon", "leaf", "sea", "rose", "ink"), strict=False)
    )
    plate = box(74, h - 92, 132, 54, PAGES if brush.spec.colour != "cream" else brush.glaze.shade, 6) + line(
        f"M92 {h - 70}H188M104 {h - 56}H176", INKS["brown"], 3, 0.6
    )
    spine = fill(f"M0 0H30V{h}H0Z", brush.glaze.shade)
    bleed = Area(44, 24, w - 62, h - 132, 0, 80)
    turn = (-4, 3, -2)[brush.spec.variant % 3]
    return (
        flat_lay(brush)
        + at(tabs + under + flat(brush, d, paint(brush, bleed, "scene") + spine + plate), 62, 74, 1, turn)
        + _crumbs(brush)
    )


def _crumbs(brush: Brush) -> str:
    leaf = fill("M0 0C8-14 26-16 38-6 28 8 12 10 0 0Z", INKS["leaf"]) + line("M4 0L30-5", INKS["fir"], 2)
    return (
        at(leaf, 346, 452, 1, -20)
        + at(leaf, 40, 452, 0.9, 30)
        + oval(64, 470, 5, 5, INKS["plum"])
        + oval(78, 462, 4, 4, INKS["plum"])
    )


def planner(brush: Brush) -> str:
    """A planner held shut with an elastic band."""
    w, h = 252, 340
    under, d = _book(brush, w, h, 10, 16)
    band = line(f"M{w - 30} -1V{h + 1}", brush.ink("red", "lemon", "white"), 9)
    loop = box(w - 3, 60, 16, 30, brush.glaze.shade, 4)
    turn = (5, -4, 3)[brush.spec.variant % 3]
    return (
        flat_lay(brush)
        + at(
            loop + under + flat(brush, d, _painted(brush, w, h, 0)) + band + line(f"M12 4V{h - 4}", SHADE, 3, 0.18),
            72,
            76,
            1,
            turn,
        )
        + pencil(brush, 44, 330, turn - 6, _pen_colour(brush))
    )


FORMS: dict[str, Drawer] = {
    "notebook": notebook,
    "sketch": sketch,
    "pocket": pocket,
    "recipes": recipes,
    "planner": planner,
}
