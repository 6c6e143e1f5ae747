"""Tea tins, chocolate bars, honey and jam, and boxes of sweets."""

from edgeshop.shop.demoshop.pictures.brush import Brush, Drawer
from edgeshop.shop.demoshop.pictures.families.jar import cylinder
from edgeshop.shop.demoshop.pictures.inks import INKS, Inks
from edgeshop.shop.demoshop.pictures.light import FLOOR_Y, SHADE, cast, flat, flat_lay, nearer, rounded, table
from edgeshop.shop.demoshop.pictures.motifs import fruit, sky
from edgeshop.shop.demoshop.pictures.motifs.area import Area
from edgeshop.shop.demoshop.pictures.motifs.book import paint
from edgeshop.shop.demoshop.pictures.palette import GLAZES, Glaze
from edgeshop.shop.demoshop.pictures.pen import at, box, disc, fill, line, num, oval
from edgeshop.shop.demoshop.pictures.props import beside

PAPER = "#f8efdc"
CHOCOLATE = Glaze("#5c3626", "#432418", "#7a4c37")
MILK = Glaze("#8d5a3b", "#6d4129", "#ab7650")


def tin(brush: Brush) -> str:
    """A tall tin with a painted panel, a few leaves spilt before it."""
    x, top, half = 190, 176, 88
    lid_tone = GLAZES[
        {
            "navy": "mustard",
            "fir": "cream",
            "burgundy": "peach",
            "mustard": "fir",
            "sky": "coral",
            "coral": "navy",
            "sage": "terracotta",
            "cream": "burgundy",
        }[brush.spec.colour]
    ]
    lid = cylinder(x, top - 22, half + 3, top + 28, 8)
    panel = (
        f"M{x - 62} {top + 64}C{x - 20} {top + 74} {x + 20} {top + 74}"
        f" {x + 62} {top + 64}V{FLOOR_Y - 40}C{x + 20} {FLOOR_Y - 30} {x - 20}"
        f" {FLOOR_Y - 30} {x - 62} {FLOOR_Y - 40}Z"
    )
    kept, brush.ink = brush.ink, Inks(PAPER)
    painted = brush.clip(panel, fill(panel, PAPER) + paint(brush, Area(x - 58, top + 76, 116, 122, 6, 66), "scene"))
    brush.ink = kept
    frame = line(panel, lid_tone.base, 4)
    return table(brush) + nearer(
        cast(brush, x, half)
        + rounded(brush, cylinder(x, top, half, FLOOR_Y - 10), x - half, top, half * 2, 236, painted + frame)
        + fill(
            f"M{x - half} {top + 28}C{x - 50} {top + 46} {x + 50} {top + 46}"
            f" {x + half} {top + 28}V{top + 40}C{x + 50} {top + 57} {x - 50}"
            f" {top + 57} {x - half} {top + 40}Z",
            SHADE,
            0.16,
        )
        + rounded(brush, lid, x - half - 3, top - 24, half * 2 + 6, 60, "", lid_tone)
        + oval(x, top - 24, half + 3, 12, lid_tone.light)
        + oval(x, top - 24, half - 16, 7.5, lid_tone.base, 0.7)
        + (beside(brush, 328, FLOOR_Y + 30) or _leaves(brush)),
        1.12,
    )


def _leaves(brush: Brush) -> str:
    """Loose tea and a small spoon."""
    bits = "".join(
        line(
            f"M{num(brush.near(320, 36))} {num(FLOOR_Y + 20 + brush.near(0, 9))}q5-5 9 1",
            brush.chance.choice([INKS["fir"], "#5b3d2c", INKS["leaf"]]),
            3.6,
        )
        for _ in range(16)
    )
    return oval(324, FLOOR_Y + 22, 46, 10, brush.ground.shadow, 0.6) + bits


def chocolate(brush: Brush) -> str:
    """A bar in printed paper, torn open at the end."""
    tone = MILK if brush.spec.motif in {"cat", "mountain"} else CHOCOLATE
    w, h = 204, 330
    wrap = f"M0 74L16 64 32 76 50 62 68 75 86 63 104 76 122 63 140 75 158 62 176 75 190 64 {w} 72V{h}H0Z"
    squares = "".join(
        box(10 + col * 62, 8 + row * 50, 58, 46, tone.base, 4)
        + line(f"M{14 + col * 62} {12 + row * 50}h50", tone.light, 3, 0.8)
        + fill(f"M{60 + col * 62} {10 + row * 50}h8v44h-56v-8h48Z", tone.shade, 0.7)
        for row in range(2)
        for col in range(3)
    )
    foil = fill(f"M2 66L20 44 38 62 58 42 78 62 98 44 118 62 140 42 160 62 182 44 {w - 2} 64V96H2Z", "#e6dfd2") + line(
        "M20 44L38 62 58 42 78 62 98 44 118 62 140 42 160 62 182 44", "#bdb4a4", 2
    )
    area = Area(14, 110, w - 28, 130, 0, 66)
    stripe = GLAZES["cream" if brush.spec.colour != "cream" else "mustard"].base
    paper = flat(
        brush,
        wrap,
        paint(brush, area, "scene")
        + box(0, h - 62, w, 40, stripe)
        + line(f"M46 {h - 42}H158", brush.glaze.base, 5)
        + fill(f"M{w - 26} 60H{w}V{h}H{w - 12}Z", SHADE, 0.1),
    )
    turn = -8 if brush.flip() else 7
    broken = at(
        at(box(0, 0, 58, 46, brush.ground.shadow, 4, 0.7), 6, 8)
        + box(0, 0, 58, 46, tone.base, 4)
        + line("M5 5h46", tone.light, 3, 0.8)
        + fill("M50 2h8v44H4v-8h46Z", tone.shade, 0.7),
        318 if turn < 0 else 40,
        386,
        1,
        24,
    )
    shadow = at(box(0, 10, w, h - 10, brush.ground.shadow, 4, 0.7), 10, 12)
    return (
        flat_lay(brush)
        + at(shadow + box(4, 0, w - 8, 108, tone.shade, 6) + squares + foil + paper, 98, 72, 1.08, turn)
        + broken
        + _nuts(brush, 52 if turn < 0 else 330)
    )


def _nuts(brush: Brush, x: float) -> str:
    motif = brush.spec.motif
    if motif == "orange":
        return at(fruit.lemon_slice(Inks("#ffffff", natural=True)).replace(INKS["lemon"], INKS["orange"]), x, 420, 1.1)
    if motif == "star":
        return "".join(
            box(x - 30 + dx, 410 + dy, 8, 8, INKS["white"], 2)
            for dx, dy in [(0, 0), (18, 12), (34, -4), (12, 26), (42, 18)]
        )
    shape = "M0-20C14-14 18 6 0 20-18 6-14-14 0-20Z"
    return "".join(
        at(
            at(fill(shape, brush.ground.shadow, 0.7), 4, 5)
            + fill(shape, "#c08a52")
            + line("M-4-10C-7 0-6 6-3 11", "#e0b37e", 3.4),
            x + dx,
            414 + dy,
            1,
            turn,
        )
        for dx, dy, turn in [(-22, 0, 20), (18, 14, -40), (0, 44, 70)]
    )


def spread(brush: Brush) -> str:
    """A jar under a tied cloth, with a label and something good beside it."""
    x, top, half = 192, 240, 92
    body = Glaze(_CONTENTS[brush.spec.motif], brush.glaze.shade, INKS["white"])
    label = (
        f"M{x - 60} {top + 66}C{x - 20} {top + 73} {x + 20} {top + 73}"
        f" {x + 60} {top + 66}V{FLOOR_Y - 22}C{x + 20} {FLOOR_Y - 15} {x - 20}"
        f" {FLOOR_Y - 15} {x - 60} {FLOOR_Y - 22}Z"
    )
    kept, brush.ink = brush.ink, Inks(PAPER)
    picture = brush.clip(label, fill(label, PAPER) + paint(brush, Area(x - 54, top + 74, 108, 76, 4, 54), "scene"))
    brush.ink = kept
    glass = fill(
        f"M{x - half} {top}H{x + half}V{top + 46}C{x + 40} {top + 57} {x - 40} {top + 57} {x - half} {top + 46}Z",
        INKS["white"],
        0.3,
    )
    return table(brush) + nearer(
        cast(brush, x, half)
        + rounded(brush, cylinder(x, top, half, FLOOR_Y - 10), x - half, top, half * 2, 174, glass + picture, body)
        + _cloth(brush, x, top)
        + (beside(brush, 330, FLOOR_Y + 28) or _dipper(brush)),
        1.16,
    )


_CONTENTS = {"bee": "#e0a02f", "fir": "#7a4420", "orange": "#e38a34", "cherry": "#8a1f2c", "pear": "#c9a85a"}


def _cloth(brush: Brush, x: float, top: float) -> str:
    """A checked cloth over the lid, tied with string."""
    frill = "".join(f"q10 {16 if index % 2 else 10} 20 {4 if index % 2 else -4}" for index in range(11))
    d = (
        f"M{x - 88} {top - 8}L{x - 110} {top + 26}{frill}L{x + 88} {top - 8}"
        f"C{x + 92} {top - 40} {x + 60} {top - 62} {x} {top - 62}C{x - 60}"
        f" {top - 62} {x - 92} {top - 40} {x - 88} {top - 8}Z"
    )
    tone = brush.glaze.base
    weave = "".join(
        line(f"M{x + dx} {top - 70}L{x + dx * 1.24:.0f} {top + 50}", tone, 13, 0.55) for dx in range(-84, 90, 28)
    ) + "".join(
        line(
            f"M{x - 120} {top + dy}C{x - 40} {top + dy + 14} {x + 40} {top + dy + 14} {x + 120} {top + dy}",
            tone,
            12,
            0.55,
        )
        for dy in (-62, -36, -8, 20)
    )
    shade = fill(
        f"M{x + 34} {top - 70}C{x + 66} {top - 20} {x + 54} {top + 10} {x + 70} {top + 60}H{x + 140}V{top - 70}Z",
        SHADE,
        0.14,
    )
    string = line(f"M{x - 91} {top - 6}C{x - 50} {top + 12} {x + 50} {top + 12} {x + 91} {top - 6}", "#b08d57", 6)
    bow = line(
        f"M{x + 22} {top + 8}c-26-16-32 8-2 2 28-18 36 6 2-2M{x + 22} {top + 8}l-10 24M{x + 22} {top + 8}l16 22",
        "#b08d57",
        4,
    )
    return flat(brush, d, weave + shade, PAPER) + string + bow


def _dipper(brush: Brush) -> str:
    rings = "".join(line(f"M{x}-12V12", "#8a5a34", 4, 0.8) for x in (-10, -1, 8))
    return oval(318, FLOOR_Y + 32, 54, 7, brush.ground.shadow, 0.7) + at(
        line("M14 0H78", "#c99a6c", 8) + oval(0, 0, 21, 16, "#b98a58") + rings, 292, FLOOR_Y + 20, 0.95, -12
    )


def box_of(brush: Brush) -> str:
    """An open paper box and the sweets in it, seen from above; the lid leans behind."""
    w, h = 236, 200
    lid_d = f"M0 0H{w}V{h}H0Z"
    mode = "all" if brush.spec.motif in {"star", "lemon"} else "scene"
    painted = paint(
        brush,
        Area(0, 0, w, h, 0, 74)
        if mode == "all" or brush.spec.motif in {"check", "wave"}
        else Area(20, 14, w - 40, h - 28),
        "all" if mode == "all" else "scene",
    )
    lid = at(box(0, 0, w, h, brush.ground.shadow, 4, 0.7), 9, 11) + flat(
        brush,
        lid_d,
        painted + fill(f"M0 {h - 16}H{w}V{h}H0Z", SHADE, 0.14) + fill(f"M{w - 16} 0H{w}V{h}H{w - 16}Z", SHADE, 0.1),
    )
    tray = (
        at(box(0, 0, w, h, brush.ground.shadow, 4, 0.7), 10, 12)
        + box(0, 0, w, h, brush.glaze.shade, 4)
        + box(9, 9, w - 18, h - 18, PAPER, 2)
        + fill(f"M9 9H{w - 9}V22H22V{h - 9}H9Z", SHADE, 0.1)
    )
    turn = -6 if brush.flip() else 5
    return flat_lay(brush) + at(lid, 118, 42, 1.02, -turn * 1.6) + at(tray + _sweets(brush, w, h), 52, 232, 1.14, turn)


def _sweets(brush: Brush, w: float, h: float) -> str:
    motif, sweets = brush.spec.motif, []
    stamp = brush.stamp(_sweet(motif))
    columns, rows = (3, 4) if motif == "check" else (5, 4)
    for row in range(rows):
        for column in range(columns):
            x, y = 16 + (w - 32) * (column + 0.5) / columns, 18 + (h - 34) * (row + 0.5) / rows
            sweets.append(
                brush.put(
                    stamp,
                    brush.near(x, 2),
                    brush.near(y, 2),
                    1,
                    brush.near(0, 4 if motif in {"check", "poppy"} else 24),
                )
            )
    return "".join(sweets)


def _sweet(motif: str) -> str:
    if motif == "check":
        holes = "".join(disc(x, y, 2.2, "#c08a45") for x in (-18, 0, 18) for y in (-6, 6))
        return box(-31, -17, 62, 34, "#c9964f", 5) + box(-31, -19, 62, 34, "#ecc788", 5) + holes
    if motif == "star":
        return at(sky.star(Inks("#ffffff", natural=True)), 0, 0, 0.48).replace(INKS["lemon"], "#b8743a").replace(
            INKS["ochre"], "#99592a"
        ) + disc(0, 0, 4, INKS["white"])
    if motif == "lemon":
        return (
            oval(1, 3, 18, 13, "#d9a62c")
            + oval(0, 0, 18, 13, INKS["lemon"])
            + line("M-9-4C-5-8 1-8 5-7", INKS["white"], 3)
        )
    if motif == "wave":
        twist = fill("M-16 0L-27-9V9ZM16 0L27-9V9Z", "#efe1c4")
        return (
            twist
            + box(-17, -12, 34, 24, "#f6ead2", 6)
            + box(-12, -8, 24, 16, "#b9783c", 4)
            + line("M-8-4H6", "#dba566", 3)
        )
    return (
        box(-15, -11, 32, 32, "#c9788a", 5)
        + box(-17, -15, 32, 32, "#efb3b5", 5)
        + line("M-10-9H4M-10-2H-4", INKS["white"], 3.4, 0.8)
        + disc(8, 8, 2.4, INKS["white"])
    )


FORMS: dict[str, Drawer] = {"tin": tin, "chocolate": chocolate, "spread": spread, "box": box_of}
