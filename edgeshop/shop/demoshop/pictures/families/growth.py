"""What grows in the pots: each plant is drawn round x = 0 and rises from y = 0."""

from edgeshop.shop.demoshop.pictures.brush import Brush, Drawer
from edgeshop.shop.demoshop.pictures.inks import INKS, Inks
from edgeshop.shop.demoshop.pictures.light import SHADE
from edgeshop.shop.demoshop.pictures.motifs import fruit
from edgeshop.shop.demoshop.pictures.pen import at, curve, disc, fill, line, oval

FIR, LEAF, MINT = INKS["fir"], INKS["leaf"], INKS["mint"]


def olive(brush: Brush) -> str:
    """A slim stem with a loose crown."""
    crown = _crown([(0, -148), (-36, -168), (36, -172), (-16, -206), (20, -212)], 42)
    fruits = "".join(
        oval(x, y, 7, 9, INKS["plum"]) for x, y in [(-40, -138), (22, -150), (52, -190), (-18, -224), (-58, -186)]
    )
    return (
        line("M0 4C-6-40 8-70 0-140M0-110C-14-130-26-146-34-170M2-120C14-140 26-156 34-176", "#8a6a4a", 7)
        + crown
        + fruits
    )


def _crown(hearts: list[tuple[int, int]], length: float) -> str:
    """Tufts of leaves round a few points, the dark ones behind."""
    paths: list[list[str]] = [[], []]
    for x, y in hearts:
        for index in range(8):
            paths[index % 2].append(fruit.leaf_path(x, y, length, index * 45 + (x * 7 + y * 3) % 40))
    return fill("".join(paths[0]), FIR) + fill("".join(paths[1]), LEAF)


def lemon(brush: Brush) -> str:
    """A little tree with three lemons."""
    crown = _crown([(0, -160), (-40, -150), (40, -152), (-20, -200), (24, -204)], 50)
    fruits = brush.stamp(fruit.lemon(Inks("#ffffff", natural=True)))
    return (
        line("M0 4V-150M0-100C-16-120-30-136-40-150M0-110C16-126 30-140 40-152", "#8a6a4a", 8)
        + crown
        + brush.put(fruits, -48, -128, 0.44, 70)
        + brush.put(fruits, 40, -142, 0.46, 100)
        + brush.put(fruits, 4, -196, 0.42, 80)
    )


def cactus(brush: Brush) -> str:
    """A column with one or two arms and a flower."""
    ribs = "".join(line(f"M{x}-6V-{h}", FIR, 2.2, 0.55) for x, h in [(-18, 168), (-6, 180), (7, 180), (19, 168)])
    arms = (
        "M30-70C62-68 70-86 70-116"
        if brush.spec.variant % 2
        else "M-30-60C-62-58-70-76-70-116M30-92C56-92 64-106 64-130"
    )
    spines = "".join(line(f"M{brush.near(0, 26):.0f}-{y}l3-3", INKS["white"], 2) for y in range(20, 176, 17))
    flower = "".join(fruit.leaf(0, -184, 22, turn, INKS["red"]) for turn in (-160, -120, -90, -60, -20))
    return (
        line(arms, LEAF, 26)
        + fill("M-34 4V-146C-34-198 34-198 34-146V4Z", LEAF)
        + fill("M12-184C24-176 34-168 34-146V4H14C22-60 22-130 12-184Z", FIR, 0.5)
        + ribs
        + spines
        + flower
        + disc(0, -188, 5, INKS["lemon"])
    )


def fern(brush: Brush) -> str:
    """A fountain of fronds."""
    leaflets = "".join(
        fruit.leaf_path(0, -y, 36 * (1 - y / 170) + 7, side)
        for y in range(18, 150, 14)
        for side in (-152 + y / 5, -28 - y / 5)
    )
    fronds = [
        brush.stamp(line("M0 6C2-50-2-100 0-150", colour, 3.4) + fill(leaflets, colour)) for colour in (FIR, LEAF)
    ]
    spread = [
        (-96, 0.56),
        (92, 0.58),
        (-72, 0.78),
        (70, 0.8),
        (-48, 0.96),
        (46, 0.98),
        (-24, 1.1),
        (24, 1.08),
        (0, 1.16),
    ]
    return "".join(
        brush.put(fronds[index % 2], turn * 0.22, 0, size, turn) for index, (turn, size) in enumerate(spread)
    )


def aloe(brush: Brush) -> str:
    """Thick pointed leaves with pale teeth."""
    blades = [(-64, 110, FIR), (62, 116, FIR), (-38, 150, LEAF), (40, 146, LEAF), (-14, 178, FIR), (14, 172, LEAF)]
    return "".join(
        at(
            fill(
                f"M-17 6C-20-{length // 3}-12-{length * 2 // 3} 0-{length} 12-{length * 2 // 3} 20-{length // 3} 17 6Z",
                colour,
            )
            + fill(
                f"M4 6C6-{length // 2} 4-{length * 3 // 4} 0-{length} 12-{length * 2 // 3} 20-{length // 3} 17 6Z",
                SHADE,
                0.14,
            )
            + line(
                f"M-9-{length // 4}l-2-3M-9-{length // 2}l-2-3M3-{length // 3}l2-3M2-{length * 3 // 5}l2-3", MINT, 3
            ),
            turn * 0.3,
            0,
            1,
            turn,
        )
        for turn, length, colour in blades
    )


def monstera(brush: Brush) -> str:
    """Large split leaves on long stems."""
    leaf = (
        "M0 8C-30 16-66-8-66-48L-44-40-68-62C-64-92-44-112-24-118L-18-92-14-122"
        "C-4-126 8-126 16-122L16-94 28-118C50-108 66-88 68-60L42-42 68-46"
        "C66-8 30 16 0 8Z"
    )
    spots = [
        (-62, -128, 0.72, -38, FIR),
        (66, -120, 0.74, 40, LEAF),
        (-22, -190, 0.78, -12, LEAF),
        (34, -214, 0.62, 20, FIR),
        (-76, -44, 0.5, -70, LEAF),
        (82, -40, 0.52, 72, FIR),
    ]
    stems = "".join(
        line(f"M{x / 9:.0f} 4C{x / 8:.0f} {y / 2:.0f} {x * 0.7:.0f} {y * 0.7:.0f} {x} {y}", FIR, 5)
        for x, y, *_ in spots
    )
    leaves = "".join(
        at(
            fill(leaf, colour)
            + line(
                "M0 6C2-40 0-80-2-116M0-20L-40-26M1-26L44-28M0-60L-36-78M0-62L38-80",
                MINT if colour == FIR else FIR,
                2.6,
                0.55,
            ),
            x,
            y,
            size,
            turn,
        )
        for x, y, size, turn, colour in spots
    )
    return stems + leaves


def snake(brush: Brush) -> str:
    """Upright banded swords."""
    d = "M-15 6C-20-110-14-180 0-220 14-180 20-110 15 6Z"
    bands = line("".join(f"M-20-{y}q10-9 20 0t20-2" for y in range(14, 205, 19)), MINT, 3.4, 0.6)
    swords = [
        brush.stamp(brush.clip(d, fill(d, colour) + bands) + line(d, INKS["lemon"], 2.6, 0.85))
        for colour in (LEAF, FIR)
    ]
    blades = [(-42, 0.66, -15), (40, 0.72, 13), (-20, 0.92, -5), (23, 0.84, 6), (0, 1.04, 1)]
    grown = "".join(brush.put(swords[index % 2], x, 0, size, turn) for index, (x, size, turn) in enumerate(blades))
    return at(grown, 0, 0, flip=True) if brush.flip() else grown


def hearts(brush: Brush) -> str:
    """Strings of heart-shaped leaves, trailing over the rim."""
    heart = brush.stamp(
        fill("M0 12C-20-2-14-16-6-16-2-16 0-12 0-10 0-12 2-16 6-16 14-16 20-2 0 12Z", LEAF)
        + line("M0 8V-8", MINT, 1.6, 0.8)
    )
    dark = brush.stamp(fill("M0 12C-20-2-14-16-6-16-2-16 0-12 0-10 0-12 2-16 6-16 14-16 20-2 0 12Z", FIR))
    strings: list[str] = []
    leaves: list[str] = []
    for index, (x, drop) in enumerate([(-78, 106), (-58, 50), (-34, 128), (40, 90), (62, 140), (84, 64)]):
        top = (x * 0.5, -44.0)
        points = [(x * 0.2, 0.0), top, (x, -14.0), (x * 1.06, drop * 0.5), (x * 1.02, float(drop))]
        strings.append(line(curve(points), FIR, 2))
        leaves.extend(
            brush.put(heart if (index + step) % 2 else dark, px + (9 if step % 2 else -9), py, 0.95, brush.near(0, 16))
            for step, (px, py) in enumerate(
                [top, (x * 0.9, -22), (x * 1.04, drop * 0.32), (x * 1.06, drop * 0.62), (x * 1.02, drop * 0.96)]
            )
        )
    return "".join(strings) + "".join(leaves) + brush.put(heart, -8, -52, 1.1) + brush.put(dark, 14, -34, 1.1, 10)


def lavender(brush: Brush) -> str:
    """A sheaf of grey stems with violet heads."""
    violet, deep = "#8577a8", "#6b5c92"
    stalks = [
        brush.stamp(
            line("M0 6V-150", LEAF, 3)
            + (fruit.leaf(0, -20, 58, -100 if kind else -78, LEAF))
            + "".join(
                oval(0, -154 + step * 11, 8.4 - abs(step - 2) * 1.2, 7, deep if (step + kind) % 2 else violet)
                for step in range(6)
            )
        )
        for kind in (0, 1)
    ]
    return "".join(
        brush.put(stalks[index % 2], turn * 0.4, 0, 1.16 - abs(turn) / 150 + brush.near(0, 0.08), turn * 0.66)
        for index, turn in enumerate(range(-48, 52, 8))
    )


def basil(brush: Brush) -> str:
    """A round bush of fat leaves."""
    leaf = brush.stamp(
        fill("M0 0C-26-8-28-40 0-58 28-40 26-8 0 0Z", LEAF) + line("M0-4V-46M0-20L-10-28M0-20L10-28", FIR, 2, 0.5)
    )
    dark = brush.stamp(fill("M0 0C-26-8-28-40 0-58 28-40 26-8 0 0Z", FIR))
    spots = [
        (-58, -32, -74),
        (58, -34, 74),
        (-62, -76, -60),
        (62, -80, 58),
        (-44, -112, -38),
        (44, -116, 36),
        (-20, -60, -20),
        (22, -64, 22),
        (0, -92, 0),
        (-24, -126, -22),
        (26, -130, 20),
        (0, -144, 0),
    ]
    stems = line("M0 6V-120M-8 4C-20-30-40-60-50-90M8 4C20-30 40-60 50-94", FIR, 5)
    return stems + "".join(
        brush.put(dark if index % 2 else leaf, x, y, 1.0 + brush.near(0, 0.08), turn)
        for index, (x, y, turn) in enumerate(spots)
    )


def orchid(brush: Brush) -> str:
    """Two arched stems of white flowers over strap leaves."""
    petal = "".join(
        oval(0, -14, 11, 15, INKS["white"]).replace("/>", f' transform="rotate({turn})"/>')
        for turn in (0, 72, 144, 216, 288)
    )
    flower = brush.stamp(petal + disc(0, 0, 8, INKS["rose"]) + disc(0, 2, 4, INKS["plum"]))
    leaves = "".join(
        at(fill("M-13 4C-22-40-14-86 0-104 16-84 22-38 13 4Z", colour), 0, 0, 1, turn)
        for turn, colour in [(-72, FIR), (70, LEAF), (-42, LEAF), (46, FIR)]
    )
    return (
        line("M-4 4C-10-90-20-190 40-226 66-238 88-222 96-196M4 4C0-60-6-120-46-150-64-162-82-154-90-138", FIR, 4)
        + leaves
        + "".join(
            brush.put(flower, x, y, size, brush.near(0, 14))
            for x, y, size in [
                (0, -196, 1.05),
                (34, -224, 1.1),
                (70, -226, 1),
                (94, -196, 0.9),
                (-34, -140, 0.95),
                (-66, -156, 0.95),
                (-90, -134, 0.8),
            ]
        )
    )


def rubber(brush: Brush) -> str:
    """One stem with large glossy leaves."""
    leaf = "M0 0C-34-18-36-70 0-104 36-70 34-18 0 0Z"
    spots = [
        (0, -24, -66, 0.86),
        (0, -34, 64, 0.9),
        (-2, -84, -54, 0.94),
        (2, -96, 54, 0.96),
        (0, -146, -34, 0.9),
        (2, -156, 36, 0.86),
        (0, -176, 2, 0.82),
    ]
    return line("M0 6V-190", "#7a5b3f", 7) + "".join(
        at(
            fill(leaf, "#24493f" if index % 2 else "#336153")
            + fill("M0-4C20-30 22-66 0-100 36-70 34-18 0-4Z", SHADE, 0.16)
            + line("M0-6V-92", INKS["rose"], 2.6, 0.9)
            + line("M-16-36C-18-52-14-66-8-76", INKS["white"], 3, 0.45),
            x,
            y,
            size,
            turn,
        )
        for index, (x, y, turn, size) in enumerate(spots)
    )


GROWERS: dict[str, Drawer] = {
    "olive": olive,
    "lemon": lemon,
    "cactus": cactus,
    "fern": fern,
    "aloe": aloe,
    "monstera": monstera,
    "snake": snake,
    "hearts": hearts,
    "lavender": lavender,
    "basil": basil,
    "orchid": orchid,
    "rubber": rubber,
}
