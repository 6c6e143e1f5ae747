"""Tea towels, cushions, aprons, throws and oven mitts."""

from edgeshop.shop.demoshop.pictures.brush import Brush, Drawer
from edgeshop.shop.demoshop.pictures.families.bag import peg
from edgeshop.shop.demoshop.pictures.inks import INKS
from edgeshop.shop.demoshop.pictures.light import SHADE, bare_wall, cast, flat, flat_lay, on_wall, table
from edgeshop.shop.demoshop.pictures.motifs import fields
from edgeshop.shop.demoshop.pictures.motifs.area import Area
from edgeshop.shop.demoshop.pictures.motifs.book import paint
from edgeshop.shop.demoshop.pictures.pen import at, box, disc, fill, line, oval


def _dashes(d: str, colour: str, width: float = 2.2) -> str:
    return line(d, colour, width, 0.9).replace("/>", ' stroke-dasharray="6 5"/>')


def towel(brush: Brush) -> str:
    """A tea towel over a rail."""
    d = "M92 92C160 96 240 96 308 92L314 424C250 432 150 432 86 424Z"
    back = "M84 92L70 330C90 334 110 334 120 332L124 92Z"
    area = Area(96, 104, 208, 312, 0, 74)
    body = (
        fields.uprights(brush, Area(84, 92, 236, 340, 0, 74))
        if brush.spec.motif == "stripe"
        else paint(brush, area, "all")
    )
    bands = (
        "".join(
            line(f"M80 {y}C150 {y + 6} 250 {y + 6} 320 {y}", brush.ink("red", "white", "ink"), 4, 0.85)
            for y in (392, 402)
        )
        if brush.spec.motif not in {"stripe", "check"}
        else ""
    )
    folds = fill("M176 90C170 200 186 330 172 436H206C214 330 198 200 206 90Z", SHADE, 0.07) + fill(
        "M262 90C270 220 258 330 276 436H330V90Z", SHADE, 0.12
    )
    fringe = line("M88 422v14" + "m7-13.7v14" * 32, brush.glaze.shade, 2)
    rail = (
        line("M20 92H380", "#a9793f", 11)
        + line("M20 89H380", "#dcb27c", 4)
        + disc(20, 92, 9, "#8d6232")
        + disc(380, 92, 9, "#8d6232")
    )
    return (
        bare_wall(brush)
        + on_wall(brush, d, 13, 12)
        + line("M26 104H386", brush.ground.shadow, 9, 0.5)
        + fill(back, brush.glaze.shade)
        + rail
        + fringe
        + flat(brush, d, body + bands + folds + fill("M80 84H330V104C250 110 150 110 80 104Z", INKS["white"], 0.22))
    )


def cushion(brush: Brush) -> str:
    """A plump square cushion."""
    x, y = 200, 268
    d = (
        "M-132-120C-140-134-128-140-116-134-50-116 50-116 116-134 128-140"
        " 140-134 132-120 116-50 116 50 132 116 140 132 128 140 114 134"
        " 50 118-50 118-114 134-128 140-140 132-132 116-116 50-116-50-132-120Z"
    )
    area = Area(-122, -122, 244, 244, 0, 80)
    body = flat(
        brush,
        d,
        paint(brush, area, "scene" if brush.spec.motif in {"sun", "house"} else "all")
        + fill("M60-140C104-60 100 60 58 140H150V-140Z", SHADE, 0.12)
        + fill("M-140 92C-60 118 60 118 140 88V150H-140Z", SHADE, 0.1)
        + line(
            "M-124-126C-108-112-98-102-90-88M124-126C110-112 100-104 94-92"
            "M-124 126C-108 112-98 104-92 94M124 126C108 112 100 106 94 98",
            SHADE,
            4,
            0.12,
        ),
    )
    edge = line(d, brush.glaze.shade, 4)
    turn = (-4, 3, -2)[brush.spec.variant % 3]
    bench = box(0, 388, 400, 112, brush.ground.table) + box(0, 388, 400, 8, brush.ground.shadow, 0, 0.35)
    return table(brush) + bench + cast(brush, x + 8, 136, 410) + at(body + edge, x, y, 1.06, turn)


def apron(brush: Brush) -> str:
    """An apron on its peg."""
    d = (
        "M146 150C164 160 236 160 254 150C256 206 276 236 314 250C320"
        " 320 320 390 316 442C250 452 150 452 84 442C80 390 80 320 86"
        " 250C124 236 144 206 146 150Z"
    )
    pocket = "M136 318C170 322 230 322 264 318V386C264 400 256 404 244 404H156C144 404 136 400 136 386Z"
    area = Area(92, 172, 216, 268, 0, 70)
    body = (
        fields.uprights(brush, Area(80, 150, 250, 300, 0, 84))
        if brush.spec.motif == "stripe"
        else paint(brush, area, "all")
    )
    folds = fill("M268 240C262 320 274 390 264 456H330V230Z", SHADE, 0.12) + line(
        "M120 262C112 320 118 380 114 430M206 430C204 440 206 446 206 450", SHADE, 3, 0.1
    )
    return (
        bare_wall(brush)
        + on_wall(brush, d, 13, 12)
        + line("M148 156C152 112 182 84 200 78C218 84 248 112 252 156", brush.glaze.shade, 8)
        + line("M88 252C60 268 52 320 62 372M312 252C340 268 350 310 338 352", brush.glaze.shade, 7)
        + flat(brush, d, body + folds)
        + fill(pocket, SHADE, 0.07)
        + _dashes(
            "M136 318C170 322 230 322 264 318V386C264 400 256 404 244 404H156C144 404 136 400 136 386Z",
            brush.glaze.shade,
        )
        + line("M136 319C170 323 230 323 264 319", SHADE, 5, 0.16)
        + peg(brush, 200, 78)
    )


def throw(brush: Brush) -> str:
    """A wool throw over a ladder, its fringe hanging."""
    pole = "".join(
        line(f"M{x} 20L{x + lean} 500", "#a9793f", 14) + line(f"M{x - 3} 20L{x + lean - 3} 500", "#dcb27c", 5)
        for x, lean in ((76, -14), (324, 14))
    )
    rungs = "".join(line(f"M74 {y}H326", "#a9793f", 12) + line(f"M74 {y - 3}H326", "#dcb27c", 4) for y in (72, 470))
    d = "M98 128C96 118 104 112 114 112H286C296 112 304 118 302 128L308 400C250 408 150 408 92 400Z"
    area = Area(92, 124, 216, 280, 0, 96)
    fringe = line(
        "M95 398v26" + "m11-25.4v26" * 19, brush.glaze.light if brush.spec.colour != "cream" else brush.glaze.shade, 3.4
    )
    folds = fill("M160 110C154 200 168 320 156 410H188C196 320 182 200 190 110Z", SHADE, 0.08) + fill(
        "M256 110C264 220 252 320 268 410H320V110Z", SHADE, 0.13
    )
    knit = "".join(line(f"M92 {y}H310", brush.glaze.shade, 1.3, 0.28) for y in range(150, 400, 22))
    return (
        bare_wall(brush)
        + at(pole + rungs, 0, 0)
        + line("M74 120H326", "#a9793f", 12)
        + on_wall(brush, d, 10, 10)
        + fringe
        + flat(
            brush,
            d,
            paint(brush, area, "all")
            + knit
            + folds
            + fill("M90 108H310V138C250 146 150 146 90 138Z", INKS["white"], 0.2),
        )
    )


def mitt(brush: Brush) -> str:
    """A quilted oven mitt, lying, with a wooden spoon."""
    d = (
        "M-72 128C-80 40-90-30-78-84-66-146 46-156 62-88 68-64 68-44 66-28"
        " 76-54 108-62 122-40 132-22 114 6 90 34 78 48 70 64 68 128 26"
        " 136-30 136-72 128Z"
    )
    cuff = "M-78 104C-30 114 26 114 74 104L78 160C26 170-30 170-82 160Z"
    area = Area(-82, -122, 156, 226, 0, 66)
    quilt = "".join(
        line(f"M{x}-170L{x + 300} 130M{x + 300}-170L{x} 130", brush.glaze.shade, 1.6, 0.5) for x in range(-350, 150, 46)
    )
    shade = fill("M36-150C62-60 36 40 44 170H140V-150Z", SHADE, 0.12)
    trim = brush.ink("white", "red")
    stripes = line("M-78 96v76" + "m18-76v76" * 9, brush.glaze.base, 7)
    body = (
        at(fill(d, brush.ground.shadow, 0.7) + fill(cuff, brush.ground.shadow, 0.7), 10, 12)
        + line("M-70 156C-100 166-108 196-88 204-70 208-64 184-62 166", trim, 6)
        + flat(brush, d, quilt + paint(brush, area, "all" if brush.spec.motif == "daisy" else "scene") + shade)
        + flat(brush, cuff, fill(cuff, trim) + stripes + shade)
    )
    wood, pale = "#b98a58", "#d8ae7c"
    ladle = (
        line("M0-120V70", wood, 13)
        + line("M-3-118V70", pale, 4)
        + oval(0, -150, 27, 42, wood)
        + oval(-3, -152, 17, 31, pale, 0.8)
    )
    shadow = line("M0-120V70", brush.ground.shadow, 13, 0.7) + oval(0, -150, 27, 42, brush.ground.shadow, 0.7)
    x, lean = (64, -9) if brush.flip() else (340, 12)
    return (
        flat_lay(brush) + at(shadow, x + 9, 281, 1, lean) + at(ladle, x, 270, 1, lean) + at(body, 194, 258, 1.2, -lean)
    )


FORMS: dict[str, Drawer] = {"towel": towel, "cushion": cushion, "apron": apron, "throw": throw, "mitt": mitt}
