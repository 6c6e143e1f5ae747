"""Plants in pots, pots without plants, and watering cans."""

from edgeshop.shop.demoshop.pictures.brush import Brush, Drawer
from edgeshop.shop.demoshop.pictures.families.growth import FIR, GROWERS, LEAF
from edgeshop.shop.demoshop.pictures.light import FLOOR_Y, SHADE, cast, nearer, rounded, table
from edgeshop.shop.demoshop.pictures.motifs import fruit
from edgeshop.shop.demoshop.pictures.motifs.area import Area
from edgeshop.shop.demoshop.pictures.motifs.book import paint
from edgeshop.shop.demoshop.pictures.pen import at, disc, fill, line, num, oval

SOIL = "#5a3d2e"


def _pot(brush: Brush, x: float, top: float, half: float, *, saucer: bool = True) -> str:
    low = half * 0.74
    d = (
        f"M{num(x - half)} {num(top)}L{num(x - low)} {FLOOR_Y - 12}C{num(x - low)}"
        f" {FLOOR_Y + 2} {num(x + low)} {FLOOR_Y + 2} {num(x + low)} {FLOOR_Y - 12}"
        f"L{num(x + half)} {num(top)}Z"
    )
    height = FLOOR_Y - top
    rim = (
        f"M{num(x - half - 7)} {num(top - 4)}C{num(x - half * 0.5)} {num(top + 10)}"
        f" {num(x + half * 0.5)} {num(top + 10)} {num(x + half + 7)} {num(top - 4)}"
        f"V{num(top + 20)}C{num(x + half * 0.5)} {num(top + 34)} {num(x - half * 0.5)}"
        f" {num(top + 34)} {num(x - half - 7)} {num(top + 20)}Z"
    )
    area = Area(x - half, top + 28, half * 2, height - 34, 12, min(66, height * 0.5))
    mode = "scene" if brush.spec.motif in {"cat", "sun", "swallow", "poppy"} else "all"
    dish = (
        oval(x + 4, FLOOR_Y + 5, low * 1.32, 12, brush.glaze.shade)
        + oval(x, FLOOR_Y, low * 1.32, 11, brush.glaze.base)
        + oval(x, FLOOR_Y - 1, low * 1.14, 8, brush.glaze.shade)
        if saucer
        else ""
    )
    return (
        cast(brush, x, low * 1.3, FLOOR_Y + 5)
        + dish
        + rounded(brush, d, x - half, top, half * 2, height, paint(brush, area, "scene" if mode == "scene" else "all"))
        + fill(
            f"M{num(x - half)} {num(top + 20)}C{num(x - half * 0.5)} {num(top + 36)}"
            f" {num(x + half * 0.5)} {num(top + 36)} {num(x + half)} {num(top + 20)}"
            f"L{num(x + half - 2)} {num(top + 30)}C{num(x + half * 0.5)} {num(top + 44)}"
            f" {num(x - half * 0.5)} {num(top + 44)} {num(x - half + 2)} {num(top + 30)}Z",
            SHADE,
            0.16,
        )
        + oval(x, top - 4, half + 7, 11, brush.glaze.light)
        + oval(x, top - 3, half - 1, 7.5, SOIL)
        + rounded(brush, rim, x - half - 7, top - 4, half * 2 + 14, 34)
    )


def plant(brush: Brush) -> str:
    """A plant for the window sill."""
    top, half = 312, 76
    grown = at(GROWERS[brush.spec.subject](brush), 200, top)
    pot = _pot(brush, 200, top, half)
    trailing = brush.spec.subject == "hearts"
    return table(brush) + nearer(pot + grown if trailing else _behind(brush, pot, grown), 1.12, 200, 430)


def tree(brush: Brush) -> str:
    """A plant for the floor of the room, taller against its pot."""
    top, half = 326, 66
    grown = at(GROWERS[brush.spec.subject](brush), 200, top, 0.92)
    return table(brush) + nearer(_behind(brush, _pot(brush, 200, top, half), grown), 1.14, 200, 432)


def _behind(brush: Brush, pot: str, grown: str) -> str:
    """The plant grows out of the soil: it is drawn between the pot's mouth and its rim."""
    mouth, rim = pot.rsplit("<g clip-path", 1)
    return mouth + grown + "<g clip-path" + rim


def pot(brush: Brush) -> str:
    """A pot that waits for a plant, with a smaller one inside or a trowel beside."""
    tools = at(
        line("M0 0V-58", "#b98a58", 11)
        + line("M-2-2V-56", "#dcb27c", 4)
        + fill("M-15 4C-18 40-8 62 0 70 8 62 18 40 15 4Z", "#8e9298")
        + fill("M2 4C4 40 2 60 0 70 8 62 18 40 15 4Z", SHADE, 0.2)
        + line("M0 6V-4", "#8e9298", 7),
        330,
        FLOOR_Y - 34,
        0.95,
        28,
    )
    seedling = (
        line("M186 262C184 240 190 224 188 206", FIR, 4)
        + fruit.leaf(188, 212, 34, -40, LEAF)
        + fruit.leaf(188, 214, 32, -146, FIR)
        + fruit.leaf(188, 228, 22, -20, FIR)
        if brush.flip()
        else ""
    )
    shadow = oval(318, FLOOR_Y + 27, 34, 5, brush.ground.shadow, 0.8)
    return table(brush) + nearer(shadow + _behind(brush, _pot(brush, 186, 258, 104), seedling) + tools, 1.1)


def can(brush: Brush) -> str:
    """An enamelled watering can."""
    x, top = 182, 268
    body = (
        f"M{x - 78} {top}L{x - 88} {FLOOR_Y - 10}C{x - 60} {FLOOR_Y + 6}"
        f" {x + 60} {FLOOR_Y + 6} {x + 88} {FLOOR_Y - 10}L{x + 78} {top}Z"
    )
    spout = (
        f"M{x + 70} {top + 108}C{x + 110} {top + 90} {x + 116} {top + 10}"
        f" {x + 158} {top - 66}L{x + 174} {top - 58}C{x + 150} {top + 10}"
        f" {x + 144} {top + 110} {x + 82} {top + 138}Z"
    )
    rose = at(
        fill("M-13 6L-24-16C-10-26 10-26 24-16L13 6Z", brush.glaze.base)
        + oval(0, -18, 24, 8, brush.glaze.light)
        + "".join(
            disc(px, -18 + py, 1.8, brush.glaze.shade)
            for px, py in [(-12, 0), (-4, -3), (4, 3), (12, 0), (-4, 3), (4, -3)]
        ),
        x + 168,
        top - 66,
        1,
        32,
    )
    handle = f"M{x - 60} {top + 6}C{x - 120} {top - 90} {x + 40} {top - 130} {x + 62} {top + 2}"
    back = f"M{x - 84} {top + 40}C{x - 136} {top + 34} {x - 136} {top + 108} {x - 88} {top + 112}"
    band = line(
        f"M{x - 84} {FLOOR_Y - 34}C{x - 50} {FLOOR_Y - 20} {x + 50} {FLOOR_Y - 20}"
        f" {x + 84} {FLOOR_Y - 34}M{x - 79} {top + 22}C{x - 50} {top + 34}"
        f" {x + 50} {top + 34} {x + 79} {top + 22}",
        brush.ink("white", "red", "ink"),
        4,
        0.9,
    )
    return table(brush) + nearer(
        cast(brush, x + 4, 92)
        + line(back, brush.glaze.shade, 12)
        + fill(spout, brush.glaze.base)
        + fill(
            f"M{x + 82} {top + 138}C{x + 144} {top + 110} {x + 150} {top + 10}"
            f" {x + 174} {top - 58}L{x + 167} {top - 61}C{x + 140} {top + 10}"
            f" {x + 134} {top + 104} {x + 78} {top + 124}Z",
            SHADE,
            0.2,
        )
        + rose
        + rounded(brush, body, x - 88, top, 176, 150, band)
        + oval(x, top, 78, 12, brush.glaze.light)
        + oval(x, top + 2, 68, 8, brush.glaze.shade)
        + line(handle, brush.glaze.base, 12)
        + line(handle, brush.glaze.light, 3.4, 0.7),
        1.06,
    )


FORMS: dict[str, Drawer] = {"plant": plant, "tree": tree, "pot": pot, "can": can}
