"""The still life on the attract screen: a window sill at the end of the day, set from the same kit."""

from collections.abc import Callable

from edgeshop.shop.demoshop.pictures.brush import Brush, Drawer
from edgeshop.shop.demoshop.pictures.families import candle, jar, mug, plant, tea
from edgeshop.shop.demoshop.pictures.inks import Inks
from edgeshop.shop.demoshop.pictures.light import FLOOR_Y, table
from edgeshop.shop.demoshop.pictures.motifs import fruit, garden, sea
from edgeshop.shop.demoshop.pictures.palette import GLAZES
from edgeshop.shop.demoshop.pictures.pen import at, box, disc, fill, line, num, oval
from edgeshop.shop.demoshop.pictures.spec import PictureSpec

WIDE, TALL = 1080, 1200
SILL_Y = 884  # where the sill meets the wall under the window
WALL = "#efcdb9"
SKY, GLOW, SUN = "#f7dfa6", "#f6c77c", "#e6694a"
SILL, SILL_EDGE = "#f4e4cd", "#d9b993"
ARCH = "M214 884V436C214 256 360 116 540 116C720 116 866 256 866 436V884Z"


def hero() -> str:
    """Everything inside the frame of 1080 by 1200, with its own names for clips and stamps."""
    brush = Brush(PictureSpec("hero", "still life", "plain", "cream", "blush"))
    view = brush.clip(ARCH, _view(brush))
    front = _things() + _fruit(brush)
    return brush.defs() + _wall() + view + _frame() + _sill() + front


def _wall() -> str:
    return box(0, 0, WIDE, TALL, WALL)


def _view(brush: Brush) -> str:
    """The bay outside: a low sun, hills, water, a sail and three swallows."""
    swallow = brush.stamp(garden.swallow(Inks(SKY, natural=True)))
    boat = brush.stamp(sea.boat(Inks(SKY, natural=True)))
    glitter = "".join(
        line(f"M{num(540 - w)} {y}H{num(540 + w)}", SUN, 6, 0.8)
        for y, w in [(708, 92), (730, 64), (752, 78), (776, 44), (800, 56), (826, 28)]
    )
    return (
        box(200, 100, 680, 800, SKY)
        + disc(540, 640, 330, GLOW, 0.55)
        + disc(540, 640, 246, GLOW)
        + disc(540, 640, 166, SUN)
        + fill(
            "M200 690C250 600 316 560 372 590 430 620 452 668 500 690Z"
            "M580 690C640 640 700 560 770 566 830 572 860 620 890 640V690Z",
            GLAZES["sage"].base,
        )
        + fill(
            "M200 690C230 650 286 626 330 640 372 652 400 680 420 690ZM660 690C716 650 780 628 890 660V690Z",
            GLAZES["fir"].light,
        )
        + box(200, 690, 680, 210, "#5f97a3")
        + box(200, 770, 680, 130, "#3d7c90")
        + glitter
        + brush.put(boat, 466, 706, 0.86, -4)
        + brush.put(boat, 616, 698, 0.4, -3)
        + brush.put(swallow, 404, 296, 1.15, -4)
        + brush.put(swallow, 626, 236, 0.78, 10)
        + brush.put(swallow, 716, 336, 0.6, -12)
    )


def _frame() -> str:
    """The white frame of the window, its bars, and the shutters folded back."""
    white, shade = "#fbf4e6", "#e0cfb2"
    bars = line("M540 116V884M214 470H866", shade, 16) + line("M537 116V884M214 467H866", white, 12)
    slats = "".join(line(f"M{x} {y}H{x + 112}", GLAZES["sky"].shade, 7) for x in (66, 902) for y in range(452, 868, 24))
    shutters = "".join(
        fill(f"M{x} 410H{x + 148}V884H{x}Z", GLAZES["sky"].shade)
        + fill(f"M{x + 16} 430H{x + 132}V866H{x + 16}Z", GLAZES["sky"].base)
        for x in (48, 884)
    )
    arch = ARCH.removesuffix("Z")
    return shutters + slats + bars + line(arch, shade, 34) + line(arch, white, 26)


def _sill() -> str:
    cloth = GLAZES["coral"]
    checks = "".join(box(x, 1128, 30, 72, cloth.base, 0, 0.5) for x in range(0, WIDE, 60)) + "".join(
        box(0, y, WIDE, 24, cloth.base, 0, 0.5) for y in (1128, 1176)
    )
    return (
        box(0, SILL_Y, WIDE, TALL - SILL_Y, SILL)
        + box(0, SILL_Y, WIDE, 10, "#ffffff", 0, 0.5)
        + fill(f"M0 {SILL_Y}H1080V930C760 960 300 960 0 930Z", SILL_EDGE, 0.22)
        + box(0, 1128, WIDE, 72, "#fbf4e6")
        + checks
        + box(0, 1122, WIDE, 8, SILL_EDGE, 0, 0.7)
    )


def _thing(draw: Drawer, x: float, y: float, size: float, spec: PictureSpec) -> str:
    """One thing from the catalogue, without its own wall and table, its foot at (x, y)."""
    brush = Brush(spec)
    drawn = draw(brush).removeprefix(table(brush))
    return brush.defs() + at(drawn, x - 200 * size, y - FLOOR_Y * size, size)


def _spec(form: str, motif: str, colour: str, variant: int, subject: str = "") -> PictureSpec:
    return PictureSpec("hero", form, motif, colour, "sill", subject, variant)


def _things() -> str:
    placed: list[tuple[Drawer, float, float, float, PictureSpec]] = [
        (plant.tree, 938, 978, 1.26, _spec("tree", "plain", "navy", 3, "monstera")),
        (jar.vase, 142, 980, 1.3, _spec("vase", "stripe", "mustard", 4)),
        (jar.storage, 358, 990, 0.84, _spec("storage", "lemon", "navy", 6)),
        (tea.tin, 728, 992, 0.84, _spec("tin", "poppy", "mustard", 3)),
        (candle.glass, 826, 1072, 0.78, _spec("glass", "bee", "burgundy", 3)),
        (mug.mug, 574, 1086, 0.96, _spec("mug", "swallow", "cream", 2)),
        (mug.bowl, 268, 1080, 0.86, _spec("bowl", "check", "terracotta", 5)),
    ]
    return "".join(_thing(*one) for one in placed)


def _fruit(brush: Brush) -> str:
    """Lemons, a pear and an orange in front, as if just unpacked."""
    natural = Inks(SILL, natural=True)
    laid: list[tuple[Callable[[Inks], str], float, float, float, float, float]] = [
        (fruit.orange_whole, 726, 1090, 1.5, -6, 28),
        (fruit.orange, 690, 1112, 1.0, 12, 40),
        (fruit.pear, 946, 1102, 1.36, 8, 48),
        (fruit.lemon, 1016, 1112, 1.1, -10, 33),
        (fruit.cherry, 424, 1114, 0.86, 0, 47),
        (fruit.lemon, 104, 1108, 1.1, 14, 33),
    ]
    return "".join(
        oval(x + 10 * size, y, 42 * size, 8 * size, SILL_EDGE) + at(figure(natural), x, y - foot * size, size, turn)
        for figure, x, y, size, turn, foot in laid
    )
