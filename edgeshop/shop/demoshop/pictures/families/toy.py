"""Wooden toys that roll, sail and swim, and the list of all toys."""

from edgeshop.shop.demoshop.pictures.brush import Brush, Drawer
from edgeshop.shop.demoshop.pictures.families.jar import BEECH
from edgeshop.shop.demoshop.pictures.families.nursery import kite, partner, rabbit, rattle, rings, top
from edgeshop.shop.demoshop.pictures.inks import INKS
from edgeshop.shop.demoshop.pictures.light import SHADE, cast, flat, nearer, rounded, table
from edgeshop.shop.demoshop.pictures.palette import GLAZES, Glaze
from edgeshop.shop.demoshop.pictures.pen import at, box, disc, fill, line


def _turned(brush: Brush, drawn: str) -> str:
    """The toy as it is, or looking the other way."""
    return at(drawn, 400, 0, flip=True) if brush.mirrored else drawn


def wheel(x: float, y: float, r: float, tone: Glaze) -> str:
    """A wooden wheel with a painted hub."""
    return (
        disc(x + 3, y + 2, r, BEECH.shade)
        + disc(x, y, r, BEECH.base)
        + disc(x, y, r * 0.72, BEECH.light, 0.55)
        + disc(x, y, r * 0.34, tone.base)
        + disc(x - r * 0.08, y - r * 0.08, r * 0.12, tone.light)
    )


def boat(brush: Brush) -> str:
    """A sailing boat on a stand of two little waves."""
    tone, other = brush.glaze, partner(brush)
    hull = "M70 320C150 336 260 336 334 318C326 362 300 396 268 398H142C108 396 80 364 70 320Z"
    main = "M206 92C262 150 304 232 314 300C276 306 240 308 212 308Z"
    jib = "M190 124C188 190 190 250 196 306C158 308 122 304 92 298C116 240 150 176 190 124Z"
    return table(brush) + nearer(
        cast(brush, 208, 118)
        + line("M201 66V330", BEECH.shade, 11)
        + line("M199 66V330", BEECH.light, 4)
        + flat(
            brush,
            main,
            fill("M206 232C240 240 280 240 320 232V262C280 270 240 270 206 262Z", other.base)
            + fill("M270 90C300 200 296 260 286 320H330V90Z", SHADE, 0.1),
            INKS["white"],
        )
        + flat(brush, jib, fill("M170 100C180 200 176 260 180 320H200V100Z", SHADE, 0.1), other.base)
        + fill("M202 66C216 60 226 72 242 64 238 82 222 80 204 84Z", tone.base)
        + rounded(brush, hull, 70, 318, 264, 80, line("M80 346C160 362 250 362 328 344", INKS["white"], 6, 0.9))
        + line("M72 321C150 337 260 337 332 319", tone.light, 5)
        + "".join(disc(x, 372, 7, INKS["white"]) + disc(x, 372, 4, tone.shade) for x in (150, 200, 250))
        + fill("M108 400C116 386 284 386 292 400L300 416H100Z", BEECH.base)
        + fill("M236 391C262 392 288 394 292 400L300 416H250Z", BEECH.shade),
        1.06,
    )


def duck(brush: Brush) -> str:
    """A duck on wheels with a cord."""
    brush.mirrored = brush.flip()
    tone, other = brush.glaze, partner(brush)
    body = (
        "M86 250C70 268 76 330 116 352C160 372 250 372 288 338C312 314"
        " 318 270 296 262C272 256 262 272 236 268C222 264 230 240 238"
        " 222C256 178 228 132 184 136C142 140 128 180 142 210C152 234"
        " 150 252 122 246C108 242 94 240 86 250Z"
    )
    drawn = (
        rounded(brush, body, 80, 130, 230, 236)
        + fill("M140 186C116 186 96 196 92 204 104 214 130 212 144 206Z", INKS["orange"])
        + line("M96 204C112 204 128 202 142 198", SHADE, 2.4, 0.4)
        + disc(176, 178, 9, INKS["white"])
        + disc(174, 179, 5, INKS["black"])
        + fill("M170 288C190 262 250 262 274 288C258 326 196 330 170 288Z", other.base)
        + line(
            "M186 292C200 306 226 312 250 300M200 282C214 292 236 294 254 286",
            tone.light if other.base == tone.base else INKS["white"],
            4,
            0.8,
        )
        + fill("M108 356H292C300 356 306 362 306 370V380H94V370C94 362 100 356 108 356Z", BEECH.base)
        + fill("M94 374H306V384H94Z", BEECH.shade)
        + wheel(132, 388, 25, other)
        + wheel(266, 388, 25, other)
        + line("M94 372C60 378 44 402 30 408", INKS["brown"], 3.4)
        + disc(28, 408, 9, other.base)
    )
    return table(brush) + cast(brush, 200, 128) + nearer(_turned(brush, drawn), 1.04)


def car(brush: Brush) -> str:
    """A racing car with its driver."""
    brush.mirrored = brush.flip()
    other = partner(brush)
    body = (
        "M48 372C44 340 60 322 96 316C140 306 160 296 196 290C252 284"
        " 300 300 340 322C362 334 366 356 360 374C340 384 66 386 48 372Z"
    )
    drawn = (
        disc(196, 254, 30, "#e7b78e")
        + fill("M166 252C164 214 228 214 226 252C206 244 186 244 166 252Z", other.base)
        + line("M168 252H224", INKS["black"], 4)
        + disc(186, 263, 3.4, INKS["black"])
        + line("M180 274q6 5 12 1", INKS["brown"], 3)
        + fill("M228 294C236 268 262 270 272 298Z", INKS["sky"], 0.9)
        + rounded(brush, body, 48, 288, 316, 92, line("M40 352C140 336 260 336 370 350", INKS["white"], 11))
        + fill("M52 326L28 300H64L92 316Z", other.base)
        + wheel(116, 378, 36, other)
        + wheel(300, 378, 36, other)
    )
    puff = "".join(disc(x, y, r, INKS["white"], 0.6) for x, y, r in [(26, 388, 12), (10, 376, 8)])
    return table(brush) + cast(brush, 204, 150) + nearer(_turned(brush, drawn + puff), 1.02)


def train(brush: Brush) -> str:
    """A wooden engine under steam."""
    brush.mirrored = brush.flip()
    tone, other = brush.glaze, partner(brush)
    boiler = "M84 252C84 226 104 214 126 214H246V338H126C104 338 84 326 84 300Z"
    cab = "M226 166H330V352H226Z"
    drawn = (
        rounded(
            brush, boiler, 84, 214, 162, 124, box(132, 200, 14, 150, other.base) + box(196, 200, 14, 150, other.base)
        )
        + rounded(brush, cab, 226, 166, 104, 186)
        + box(248, 196, 60, 54, INKS["white"], 6)
        + box(253, 201, 50, 44, INKS["sky"], 4)
        + fill("M210 150H346C352 150 354 156 352 162L348 174H208L204 162C202 156 204 150 210 150Z", other.base)
        + fill("M290 150H346C352 150 354 156 352 162L348 174H284Z", SHADE, 0.14)
        + fill("M112 214L104 160H158L150 214Z", tone.shade)
        + box(96, 146, 70, 20, other.base, 6)
        + fill("M182 214C182 190 220 190 220 214Z", "#c9a154")
        + disc(201, 190, 6, "#c9a154")
        + fill("M62 338H342C350 338 354 344 354 352V366H54L62 338Z", BEECH.base)
        + box(54, 362, 300, 10, BEECH.shade)
        + fill("M62 340L34 384H74L84 362Z", other.base)
        + wheel(120, 380, 33, other)
        + wheel(200, 380, 33, other)
        + wheel(290, 372, 41, other)
        + line("M120 384H200", "#c9a154", 7)
    )
    smoke = "".join(
        disc(x, y, r, INKS["white"], 0.75) for x, y, r in [(134, 118, 20), (158, 88, 26), (196, 62, 21), (228, 50, 13)]
    )
    return table(brush) + cast(brush, 208, 146) + _turned(brush, smoke + drawn)


def whale(brush: Brush) -> str:
    """A whale of one piece of wood, spouting."""
    brush.mirrored = brush.flip()
    tone = brush.glaze
    body = (
        "M52 316C52 244 120 212 196 216C264 220 290 262 322 262C336 250"
        " 330 226 322 206C344 204 360 216 364 234C376 218 392 214 400"
        " 222C398 256 376 272 362 284C366 356 300 402 190 402C100 402"
        " 52 372 52 316Z"
    )
    belly = "M40 330C100 356 250 372 320 320V420H40Z"
    grooves = "".join(
        line(f"M{x} {y}C{x + 20} {y + 16} {x + 20} {y + 30} {x + 16} 410", BEECH.shade, 2.6, 0.7)
        for x, y in [(100, 350), (132, 358), (164, 362), (196, 364)]
    )
    spout = line(
        "M176 204C176 168 158 150 136 152M184 204C184 162 206 146 228 152M180 200V150", INKS["white"], 7
    ) + "".join(disc(x, y, 5, INKS["white"]) for x, y in [(122, 162), (242, 164), (180, 134)])
    drawn = (
        spout
        + rounded(brush, body, 52, 206, 340, 196, fill(belly, BEECH.light) + grooves)
        + disc(116, 300, 9, INKS["white"])
        + disc(114, 301, 5.4, INKS["black"])
        + line("M62 330C78 344 100 344 116 334", INKS["white"] if tone.base == GLAZES["navy"].base else tone.shade, 4)
        + fill("M196 340C212 372 246 384 270 376 266 350 240 330 214 328Z", tone.shade)
    )
    return table(brush) + cast(brush, 200, 140, 404) + at(_turned(brush, drawn), 8, 10, 0.96)


FORMS: dict[str, Drawer] = {
    "boat": boat,
    "duck": duck,
    "rings": rings,
    "top": top,
    "car": car,
    "train": train,
    "whale": whale,
    "kite": kite,
    "rabbit": rabbit,
    "rattle": rattle,
}
