"""Toys for the smallest, and a kite."""

from edgeshop.shop.demoshop.pictures.brush import Brush
from edgeshop.shop.demoshop.pictures.families.jar import BEECH
from edgeshop.shop.demoshop.pictures.inks import INKS
from edgeshop.shop.demoshop.pictures.light import SHADE, cast, flat, nearer, rounded, table
from edgeshop.shop.demoshop.pictures.palette import GLAZES, Glaze
from edgeshop.shop.demoshop.pictures.pen import at, box, disc, fill, line, oval

PARTNER = {  # the second colour of a toy
    "navy": "mustard",
    "coral": "navy",
    "mustard": "terracotta",
    "sky": "coral",
    "terracotta": "cream",
    "sage": "peach",
    "fir": "mustard",
    "burgundy": "peach",
    "peach": "sage",
    "cream": "coral",
}


def partner(brush: Brush) -> Glaze:
    """The glaze of a toy's wheels, sails and scarves."""
    return GLAZES[PARTNER[brush.spec.colour]]


def rings(brush: Brush) -> str:
    """A tower of six rings and a ball, more or less in order."""
    names = [brush.spec.colour, "cream", PARTNER[brush.spec.colour], "navy", "mustard", "coral", "sage"]
    order = list(dict.fromkeys(names))
    parts, y = [], 392.0
    for index, half in enumerate((112, 100, 88, 76, 64, 52)):
        tone = GLAZES[order[index % len(order)]]
        thick = 20 - index
        parts.append(
            fill(
                f"M{200 - half} {y - thick}C{200 - half - 14} {y - thick} {200 - half - 14}"
                f" {y + thick} {200 - half} {y + thick}H{200 + half}C{200 + half + 14}"
                f" {y + thick} {200 + half + 14} {y - thick} {200 + half} {y - thick}Z",
                tone.base,
            )
            + fill(
                f"M{200 + half * 0.4:.0f} {y - thick}H{200 + half}C{200 + half + 14}"
                f" {y - thick} {200 + half + 14} {y + thick} {200 + half} {y + thick}"
                f"H{200 + half * 0.3:.0f}C{200 + half * 0.46:.0f} {y + 8} {200 + half * 0.46:.0f}"
                f" {y - 8} {200 + half * 0.4:.0f} {y - thick}Z",
                SHADE,
                0.14,
            )
            + line(f"M{200 - half + 6} {y - thick + 7}H{200 - half * 0.2:.0f}", tone.light, 5, 0.8)
        )
        y -= thick * 2 - 1.5
    ball = GLAZES[brush.spec.colour]
    return table(brush) + nearer(
        cast(brush, 204, 124)
        + "".join(parts)
        + line(f"M200 {y + 10:.0f}V{y - 4:.0f}", BEECH.base, 14)
        + disc(200, y - 22, 27, ball.base)
        + fill(
            f"M216 {y - 44:.0f}A27 27 0 0 1 186 {y + 1:.0f}C206 {y - 2:.0f} 220 {y - 20:.0f} 216 {y - 44:.0f}Z",
            SHADE,
            0.18,
        )
        + line(f"M184 {y - 30:.0f}C188 {y - 36:.0f} 192 {y - 39:.0f} 198 {y - 40:.0f}", ball.light, 5),
        1.08,
    )


def top(brush: Brush) -> str:
    """A spinning top, leaning as it dances."""
    tone, other = brush.glaze, partner(brush)
    body = "M-104-30C-96 20-40 66-8 104L0 124 8 104C40 66 96 20 104-30C104-62-104-62-104-30Z"
    lean = 9 if brush.flip() else -8
    drawn = (
        rounded(
            brush,
            body,
            -104,
            -56,
            208,
            170,
            line("M-100-8C-60 24 60 24 100-8", INKS["white"], 9)
            + line("M-86 20C-50 44 50 44 86 20", other.base, 14)
            + line("M-56 56C-30 70 30 70 56 56", INKS["white"], 5),
        )
        + oval(0, -36, 104, 24, tone.light)
        + oval(0, -38, 74, 16, other.base)
        + oval(0, -40, 44, 9, INKS["white"])
        + oval(0, -42, 20, 5, tone.base)
        + line("M0-44V-112", BEECH.shade, 15)
        + line("M-3-44V-112", BEECH.light, 5)
        + disc(0, -118, 15, BEECH.base)
        + disc(-4, -122, 6, BEECH.light)
    )
    swing = line("M66 404C40 396 42 376 66 374M330 408C362 400 360 378 334 374", INKS["white"], 5, 0.8)
    return (
        table(brush) + oval(212, 418, 74, 10, brush.ground.shadow, 0.8) + swing + at(drawn, 200 + lean, 284, 1.08, lean)
    )


def kite(brush: Brush) -> str:
    """A kite over the hills, its tail of bows behind it."""
    tone, other = brush.glaze, partner(brush)
    ground = brush.ground
    d = "M0-150L104-30L0 130L-104-30Z"
    sail = (
        flat(
            brush,
            d,
            fill("M0-150L104-30H0Z", other.base)
            + fill("M-104-30L0 130V-30Z", INKS["white"])
            + fill("M0-30H104L0 130Z", tone.shade, 0.7),
        )
        + line("M0-150V130M-104-30H104", BEECH.base, 4)
        + line(d, tone.shade, 3)
    )
    face = disc(0, -30, 15, INKS["lemon"]) + disc(0, -30, 9, INKS["orange"])
    spots = [(150, 388, 70), (196, 420, 30), (252, 416, -20), (300, 384, -40), (350, 372, 10)]
    bows = "".join(
        at(
            fill("M0 0L-22-13V13ZM0 0L22-13V13Z", (tone.base, other.base)[index % 2]) + disc(0, 0, 5, INKS["white"]),
            x,
            y,
            1,
            turn,
        )
        for index, (x, y, turn) in enumerate(spots)
    )
    tail = line("M138 336C136 392 184 430 240 420 292 410 300 372 372 372", INKS["white"], 4)
    string = line("M172 172C240 300 300 420 410 486", INKS["white"], 2, 0.9)
    cloud = fill(
        "M30 132C30 112 58 108 66 118 72 98 106 98 110 118 128 114 134 132 124 136H36C32 136 30 134 30 132Z",
        INKS["white"],
        0.8,
    )
    hills = fill("M0 424C80 392 150 400 220 424 280 444 340 420 400 428V500H0Z", ground.table) + fill(
        "M0 458C100 430 220 470 400 446V500H0Z", ground.shadow, 0.6
    )
    drawn = cloud + string + tail + bows + at(sail + face, 178, 196, 1.12, 16)
    return box(0, 0, 400, 500, ground.wall) + hills + (at(drawn, 400, 0, flip=True) if brush.flip() else drawn)


def rabbit(brush: Brush) -> str:
    """A linen rabbit, sitting."""
    tone, other = brush.glaze, partner(brush)
    ears = (
        "M156 196C130 150 122 82 146 66C172 56 184 130 184 190ZM216 190C216 130 232 58 258 70C280 86 266 154 244 198Z"
    )
    body = "M140 290C116 330 112 396 148 408H252C288 396 284 330 260 290Z"
    head = "M200 176C250 176 268 212 268 240C268 280 236 300 200 300C164 300 132 280 132 240C132 212 150 176 200 176Z"
    foot = (
        oval(150, 402, 38, 19, tone.base)
        + oval(250, 402, 38, 19, tone.base)
        + oval(143, 402, 19, 10, tone.light)
        + oval(257, 402, 19, 10, tone.light)
    )
    stitches = line("M200 318V396", tone.shade, 2.6).replace("/>", ' stroke-dasharray="5 6"/>')
    scarf = (
        fill(
            "M144 286C170 308 230 308 256 286C264 296 264 308 256 314C226 332 174 332 144 314C136 308 136 296 144 286Z",
            other.base,
        )
        + fill("M226 312C240 330 250 350 246 376L220 372C222 350 216 334 206 322Z", other.base)
        + fill("M226 312C240 330 250 350 246 376L236 374C238 350 230 330 218 316Z", SHADE, 0.14)
    )
    return table(brush) + nearer(
        cast(brush, 204, 96)
        + fill(ears, tone.base)
        + fill(
            "M156 178C142 140 138 98 148 84C162 84 170 140 172 180ZM228 182"
            "C228 136 240 92 254 86C266 100 256 150 240 186Z",
            INKS["rose"],
            0.75,
        )
        + rounded(brush, body, 116, 290, 168, 118, stitches)
        + line("M144 316C112 330 104 360 116 378M256 316C288 330 296 360 284 378", tone.base, 27)
        + line("M290 344C294 358 290 370 284 380", SHADE, 12, 0.12)
        + foot
        + rounded(brush, head, 132, 176, 136, 124)
        + scarf
        + disc(172, 238, 6, INKS["black"])
        + disc(228, 238, 6, INKS["black"])
        + disc(152, 258, 11, INKS["rose"], 0.8)
        + disc(248, 258, 11, INKS["rose"], 0.8)
        + fill("M191 254H209L200 264Z", INKS["plum"])
        + line("M200 264V272M200 272C194 280 186 280 182 275M200 272C206 280 214 280 218 275", INKS["plum"], 3),
        1.06,
    )


def rattle(brush: Brush) -> str:
    """A rattle: a ring of beads on a handle."""
    tone, other = brush.glaze, partner(brush)
    beads = "".join(
        disc(x + 2, y + 2, r, SHADE, 0.14)
        + disc(x, y, r, colour)
        + disc(x - r * 0.3, y - r * 0.3, r * 0.26, INKS["white"], 0.6)
        for x, y, r, colour in [
            (-84, 8, 22, tone.base),
            (-60, 58, 20, other.base),
            (0, 84, 23, tone.base),
            (60, 58, 20, BEECH.light),
            (84, 8, 22, other.base),
            (-60, -48, 19, BEECH.light),
            (60, -48, 19, tone.base),
        ]
    )
    ring = '<circle r="84" fill="none" stroke="{}" stroke-width="{}"/>'
    drawn = (
        line("M0-84V-178", BEECH.shade, 24)
        + line("M-4-84V-178", BEECH.light, 8)
        + disc(0, -194, 27, tone.base)
        + disc(-8, -202, 8, tone.light)
        + box(-17, -108, 34, 16, other.base, 6)
        + ring.format(BEECH.base, 15)
        + ring.format(BEECH.light, 4)
        + beads
    )
    lean = -38 if brush.flip() else 38
    x = 186 if brush.flip() else 214
    shadow = at(
        f'<circle r="92" fill="none" stroke="{brush.ground.shadow}" stroke-width="22"/>'
        + line("M0-84V-190", brush.ground.shadow, 30),
        x + 12,
        318,
        0.98,
        lean,
    )
    return (
        box(0, 0, 400, 500, brush.ground.wall)
        + fill("M-20 330L250-20H330L-20 440Z", INKS["white"], 0.22)
        + f'<g opacity=".7">{shadow}</g>'
        + at(drawn, x, 306, 1.04, lean)
    )
