"""Folded cards with their envelopes, and postcards."""

from edgeshop.shop.demoshop.pictures.brush import Brush, Drawer
from edgeshop.shop.demoshop.pictures.inks import INKS, Inks, distance
from edgeshop.shop.demoshop.pictures.light import SHADE, flat, flat_lay, table
from edgeshop.shop.demoshop.pictures.motifs.area import Area
from edgeshop.shop.demoshop.pictures.motifs.book import paint
from edgeshop.shop.demoshop.pictures.palette import GLAZES
from edgeshop.shop.demoshop.pictures.pen import at, box, fill, line, num
from edgeshop.shop.demoshop.pictures.props import beside

_ENVELOPES = ("terracotta", "sage", "navy", "mustard", "peach", "sky", "burgundy")


def _envelope_colour(brush: Brush) -> str:
    """An envelope that differs from both the card and the wall; the first that does, beginning by number."""
    first = brush.spec.variant % len(_ENVELOPES)
    order = _ENVELOPES[first:] + _ENVELOPES[:first]
    return next(
        name
        for name in order
        if distance(GLAZES[name].base, brush.glaze.base) > 0.18
        and distance(GLAZES[name].base, brush.ground.table) > 0.15
    )


def _envelope(brush: Brush, x: float, y: float, turn: float) -> str:
    tone = GLAZES[_envelope_colour(brush)]
    body = (
        at(box(-118, -72, 236, 152, brush.ground.shadow, 3, 0.6), 8, 10)
        + box(-118, -76, 236, 152, tone.base, 3)
        + fill("M-118-76L0 16 118-76Z", tone.light, 0.3)
        + line("M-117-75L0 16 117-75", tone.shade, 2.4, 0.7)
    )
    return at(body, x, y, 1, turn)


def _border(brush: Brush, kind: int, w: float, h: float) -> str:
    ink = Inks(brush.glaze.base)("white", "red", "fir")
    if kind == 0:
        return ""
    inset = 11
    d = f"M{inset} {inset}H{num(w - inset)}V{num(h - inset)}H{inset}Z"
    return line(d, ink, 2.4) if kind == 1 else line(d, ink, 4).replace("/>", ' stroke-dasharray="0.1 9"/>')


def _folded(brush: Brush, w: float, h: float, border: int, turn: float) -> str:
    front = f"M0 0H{num(w)}V{num(h)}H0Z"
    area = Area(20, 22, w - 40, h - 44, 0, 66) if brush.spec.motif not in _BLEED else Area(0, 0, w, h, 0, 84)
    back = fill(f"M{num(w - 4)} 8L{num(w + 17)} 17V{num(h - 23)}L{num(w - 4)} {num(h - 8)}Z", "#e6d6b8") + fill(
        f"M{num(w - 4)} 8L{num(w + 7)} 13V{num(h - 16)}L{num(w - 4)} {num(h - 8)}Z", SHADE, 0.14
    )
    shadow = fill(
        f"M6 {num(h - 2)}L{num(w + 16)} {num(h - 24)}L{num(w + 96)} {num(h - 14)}L{num(w + 8)} {num(h + 9)}Z",
        brush.ground.shadow,
        0.75,
    )
    face = flat(
        brush,
        front,
        paint(brush, area, "scene")
        + _border(brush, border, w, h)
        + fill(f"M0 0H9L4 {num(h)}H0Z", INKS["white"], 0.25)
        + fill(f"M{num(w - 60)} 0H{num(w)}V{num(h)}H{num(w - 20)}Z", SHADE, 0.05),
    )
    return at(shadow + back + face, 200 - w / 2 - 8, 420 - h, 1, turn)


_BLEED = frozenset({"wave", "house", "mountain", "bunting", "sun", "fir", "boat", "stripe", "dot"})


def upright(brush: Brush) -> str:
    """A card in portrait, standing before its envelope."""
    kind = brush.spec.variant % 3
    w, h = ((224, 306), (236, 300), (216, 312))[kind]
    lying = _envelope(brush, 268, 330, 16) if kind == 1 else _envelope(brush, 124, 326, -15)
    return (
        table(brush)
        + lying
        + _folded(brush, w, h, kind, (-2, 1.5, -1)[kind])
        + beside(brush, 62 if kind == 1 else 340, 452)
    )


def square(brush: Brush) -> str:
    """A square card, standing."""
    kind = brush.spec.variant % 2
    return (
        table(brush)
        + _envelope(brush, 272, 330, 14)
        + _folded(brush, 262, 262, 2 - kind, (-1.5, 2)[kind])
        + beside(brush, 346, 456)
    )


def wedding(brush: Brush) -> str:
    """A card with a deckled edge, tied with a thread."""
    w, h = 226, 300
    steps = 15
    edge = (
        "M0 0"
        + "".join(
            f"L{num(x)} {num(y)}"
            for x, y in [
                *((w * i / steps, brush.near(0, 2)) for i in range(1, steps)),
                *((w + brush.near(0, 2), h * i / steps) for i in range(steps + 1)),
                *((w - w * i / steps, h + brush.near(0, 2)) for i in range(steps)),
                *((brush.near(0, 2), h - h * i / steps) for i in range(steps)),
            ]
        )
        + "Z"
    )
    gold = "#c79a4b"
    bow = line("M113 236C70 200 60 250 113 238 160 204 172 250 113 238M113 238L92 286M113 238L138 284", gold, 4)
    face = flat(brush, edge, paint(brush, Area(24, 18, w - 48, 190), "scene")) + line(f"M0 238H{w}", gold, 4) + bow
    shadow = fill(f"M4 {h}L{w + 60} {h + 10}L{w * 0.4:g} {h + 20}Z", brush.ground.shadow, 0.7)
    return table(brush) + _envelope(brush, 124, 328, -14) + at(shadow + face, 94, 112, 1, -1.5)


def postcard(brush: Brush) -> str:
    """Two postcards, the back one showing its stamp."""
    w, h = 290, 204
    front = f"M0 0H{w}V{h}H0Z"
    shadow = fill(front, brush.ground.shadow, 0.7)
    tone = GLAZES[_envelope_colour(brush)]
    lines = "".join(line(f"M168 {y}H268", "#cdbd9f", 2.4) for y in (104, 126, 148, 170))
    reverse = (
        at(shadow, 7, 9)
        + box(0, 0, w, h, "#f6ecd8")
        + line("M145 26V178", "#cdbd9f", 2)
        + lines
        + box(226, 18, 46, 54, INKS["white"])
        + box(230, 22, 38, 46, tone.base)
        + line("M196 30q9-8 18 0t18 0M196 42q9-8 18 0t18 0", "#8d8a94", 2, 0.7)
    )
    area = Area(10, 10, w - 20, h - 20, 0, 64)
    bleed = Area(0, 0, w, h, 0, 78)
    image = flat(brush, front, paint(brush, bleed if brush.spec.motif in _BLEED else area, "scene"))
    rim = fill(f"M0 0H{w}V{h}H0ZM12 12V{h - 12}H{w - 12}V12Z", INKS["white"])
    return (
        flat_lay(brush)
        + at(reverse, 88, 76, 1, 9 if brush.flip() else -7)
        + at(at(shadow, 8, 10) + image + rim, 40, 232, 1.08, -5 if brush.flip() else 4)
    )


FORMS: dict[str, Drawer] = {
    "birthday": upright,
    "thanks": square,
    "christmas": upright,
    "home": upright,
    "postcard": postcard,
    "wedding": wedding,
    "baby": square,
}
