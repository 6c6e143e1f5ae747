"""Totes on their peg, market bags, pouches and backpacks."""

from edgeshop.shop.demoshop.pictures.brush import Brush, Drawer
from edgeshop.shop.demoshop.pictures.inks import INKS, Inks
from edgeshop.shop.demoshop.pictures.light import (
    SHADE,
    bare_wall,
    cast,
    flat,
    flat_lay,
    nearer,
    on_wall,
    table,
)
from edgeshop.shop.demoshop.pictures.motifs import fruit, garden
from edgeshop.shop.demoshop.pictures.motifs.area import Area
from edgeshop.shop.demoshop.pictures.motifs.book import paint
from edgeshop.shop.demoshop.pictures.palette import GLAZES
from edgeshop.shop.demoshop.pictures.pen import at, box, disc, fill, line, oval

LEATHER, BRASS = "#9a6a44", "#c9a154"
_SCENIC = frozenset({"mountain", "boat", "star", "cat", "poppy", "pear"})


def peg(brush: Brush, x: float, y: float) -> str:
    """A wooden peg on the wall."""
    return (
        disc(x + 6, y + 8, 12, brush.ground.shadow, 0.6) + disc(x, y, 12, "#b98a58") + disc(x - 2, y - 3, 8, "#e0bc8c")
    )


def tote(brush: Brush) -> str:
    """A cloth bag on a peg, its handles drawn to a point."""
    d = "M86 196C140 206 260 206 314 196C320 280 326 370 330 440C270 452 130 452 70 440C74 370 80 280 86 196Z"
    handle = "M140 204C150 150 176 96 200 76C224 96 250 150 260 204"
    folds = fill("M262 200C268 280 262 360 290 448H340V190Z", SHADE, 0.12) + line(
        "M122 214C118 280 112 340 116 392M288 214C290 260 296 300 294 336", SHADE, 3, 0.1
    )
    hem = line("M86 212C140 222 260 222 314 212", brush.glaze.shade, 2.2, 0.9).replace(
        "/>", ' stroke-dasharray="6 5"/>'
    )
    area = Area(102, 226, 196, 206, 4, 72)
    badge = _badge(brush) if brush.spec.motif == "sun" else paint(brush, area, "scene")
    flower = _bunch(brush) if brush.spec.variant % 3 == 0 else ""
    return (
        bare_wall(brush)
        + on_wall(brush, d, 14, 12)
        + line("M154 210C166 156 188 112 212 92C236 112 262 156 274 210", brush.ground.shadow, 11, 0.5)
        + line(handle, brush.glaze.shade, 11)
        + flower
        + flat(brush, d, badge + folds + hem)
        + line("M144 226V206C152 156 178 100 200 80C222 100 248 156 256 206V226", brush.glaze.light, 11)
        + peg(brush, 200, 78)
    )


def _bunch(brush: Brush) -> str:
    ink = Inks(brush.ground.wall)
    stems = line("M228 210C230 190 226 176 222 160M246 210C250 196 254 190 258 182", INKS["fir"], 3)
    return (
        at(garden.fern(ink), 274, 160, 0.95, 22)
        + stems
        + at(garden.daisy(ink), 222, 152, 0.55)
        + at(garden.daisy(ink), 258, 178, 0.44)
    )


def _badge(brush: Brush) -> str:
    """The motif on a round field of its own."""
    dark, ink = GLAZES["navy"].base, brush.ink
    brush.ink = Inks(dark)
    d = "M112 328a88 88 0 1 1 176 0a88 88 0 1 1-176 0Z"
    badge = brush.clip(d, fill(d, dark) + paint(brush, Area(112, 240, 176, 176), "scene"))
    brush.ink = ink
    return badge


def market(brush: Brush) -> str:
    """A stiff bag on the table, filled at the market."""
    d = "M74 232C140 242 260 242 326 232L312 402C300 418 100 418 88 402Z"
    shade = fill("M270 230C272 300 266 360 262 424H330L340 226Z", SHADE, 0.14)
    area = Area(80, 246, 240, 160, 4, 66)
    return table(brush) + nearer(
        cast(brush, 204, 118)
        + _shopping(brush)
        + line("M136 244C138 132 262 132 264 244", brush.glaze.shade, 11)
        + flat(brush, d, paint(brush, area, "scene" if brush.spec.motif in _SCENIC else "all") + shade)
        + line("M74 236C140 246 260 246 326 236", LEATHER, 8)
        + line("M136 290V246C138 128 262 128 264 246V290", LEATHER, 10)
        + "".join(disc(x, 286, 3, BRASS) for x in (136, 264)),
        1.08,
    )


def _shopping(brush: Brush) -> str:
    ink = Inks(brush.ground.wall)
    bread = at(
        fill("M-20 130C-24 40-20-60 0-76 20-60 24 40 20 130Z", "#d39a55")
        + fill("M6-72C20-56 24 40 20 130H8C12 40 12-40 6-72Z", "#a86f38", 0.6)
        + line("M-12-40L8-30M-15-8L10 4M-16 26L12 38", "#f0cf9a", 6),
        266,
        150,
        0.9,
        13,
    )
    leek = "".join(
        at(fruit.leaf(0, 0, 120, turn, colour), 128, 236)
        for turn, colour in [(-118, INKS["leaf"]), (-100, INKS["fir"]), (-84, INKS["leaf"]), (-70, INKS["fir"])]
    )
    kind = brush.spec.variant % 3
    if kind == 0:
        return leek + bread
    if kind == 1:
        return (
            at(garden.poppy(ink), 132, 172, 1.15, -12)
            + at(garden.fern(ink), 262, 176, 1.25, 18)
            + at(garden.poppy(ink), 212, 146, 1.3, 5)
        )
    return (
        bread
        + at(fruit.orange_whole(Inks("#ffffff", natural=True)), 156, 216, 1.4)
        + at(fruit.lemon(Inks("#ffffff", natural=True)), 206, 214, 0.9, -10)
    )


def pouch(brush: Brush) -> str:
    """A flat pouch with a brass zip, and what fell out of it."""
    d = (
        "M-142-74C-146-92-134-98-116-98H116C134-98 146-92 142-74L138 84"
        "C138 98 126 104 112 104H-112C-126 104-138 98-138 84Z"
    )
    area = Area(-140, -62, 280, 164, 0, 66)
    motif = paint(brush, area, "scene" if brush.spec.motif in {"boat", "cat"} else "all")
    zipper = (
        line("M-138-70H138", brush.glaze.shade, 13)
        + line("M-132-70H132", BRASS, 5).replace("/>", ' stroke-dasharray="3 4"/>')
        + box(96, -76, 24, 12, BRASS, 4)
        + fill("M116-70l34 10c8 4 4 18-6 16l-32-14Z", LEATHER)
    )
    shade = fill("M-150 60C-60 84 60 84 150 50V110H-150Z", SHADE, 0.1)
    body = at(fill(d, brush.ground.shadow, 0.7), 9, 12) + flat(brush, d, motif + shade + zipper)
    turn = -7 if brush.flip() else 6
    return flat_lay(brush) + _pencils(brush, turn) + at(body, 198, 286, 1.16, turn)


def _pencils(brush: Brush, turn: float) -> str:
    colours = ("red", "lemon", "sea", "leaf", "ink")
    first = brush.spec.variant % 5
    one = [INKS[colours[(first + step) % 5]] for step in (0, 2)]
    pencil = [
        at(line("M0 4V140", brush.ground.shadow, 12, 0.7), 8, 8)
        + box(-7, 0, 14, 140, colour)
        + box(2, 0, 5, 140, SHADE, 0, 0.16)
        + fill("M-7 0L0-24 7 0Z", "#ecd1a0")
        + fill("M-2.5-16L0-24 2.5-16Z", colour)
        for colour in one
    ]
    return at(pencil[0], 126, 62, 1, 20 + turn) + at(pencil[1], 262, 46, 1, -14 + turn)


def backpack(brush: Brush) -> str:
    """A backpack, standing, with a flap and two buckles."""
    d = (
        "M96 214C96 142 140 116 200 116C260 116 304 142 304 214L310 388"
        "C310 408 296 416 276 416H124C104 416 90 408 90 388Z"
    )
    flap = "M96 214C96 142 140 116 200 116C260 116 304 142 304 214C306 262 296 280 272 284H128C104 280 94 262 96 214Z"
    shade = fill("M262 110C282 220 276 330 268 424H330V110Z", SHADE, 0.14)
    area = Area(96, 128, 208, 150, 0, 72)
    straps = "".join(
        box(x - 9, 262, 18, 82, LEATHER, 6) + box(x - 12, 304, 24, 18, BRASS, 4) + box(x - 7, 308, 14, 10, LEATHER)
        for x in (148, 252)
    )
    pocket = "M122 312C160 318 240 318 278 312L282 392C282 404 274 408 264 408H136C126 408 118 404 118 392Z"
    return table(brush) + nearer(
        cast(brush, 204, 112)
        + line("M176 122C176 84 224 84 224 122", LEATHER, 10)
        + line("M96 230C62 262 66 360 96 396M304 230C338 262 334 360 304 396", brush.glaze.shade, 15)
        + flat(brush, d, shade)
        + fill(pocket, brush.glaze.shade, 0.55)
        + at(fill(flap, SHADE, 0.16), 0, 7)
        + flat(
            brush,
            flap,
            paint(brush, area, "scene") + shade,
            brush.glaze.light if brush.spec.colour == "navy" else brush.glaze.base,
        )
        + straps
        + oval(200, 120, 24, 3, SHADE, 0.12),
        1.08,
    )


FORMS: dict[str, Drawer] = {"tote": tote, "market": market, "pouch": pouch, "backpack": backpack}
