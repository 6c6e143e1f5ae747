"""Houses, and who looks out of their windows."""

from edgeshop.shop.demoshop.pictures.inks import INKS, Inks
from edgeshop.shop.demoshop.pictures.pen import box, disc, fill, line


def house(ink: Inks, kind: int = 0) -> str:
    """A narrow house; `kind` 0 to 3 changes gable, height and colour."""
    walls = [
        ("white", "sand", "ink"),
        ("red", "rose", "white"),
        ("sky", "sea", "white"),
        ("ochre", "lemon", "ink"),
    ][kind % 4]
    colour = ink(*walls)
    roof = ink("brown", "ink", "plum") if kind % 2 else ink("ink", "plum", "brown")
    pane = INKS["ink"] if colour in (INKS["white"], INKS["sand"], INKS["sky"], INKS["lemon"]) else INKS["white"]
    top = (-18, -26, -10, -30)[kind % 4]
    gable = [
        f"M-24 {top}L0 {top - 26}L24 {top}Z",
        f"M-24 {top}V{top - 9}H-14V{top - 18}H14V{top - 9}H24V{top}Z",
        f"M-26 {top}C-14 {top - 5}-8 {top - 24} 0 {top - 30} 8 {top - 24} 14 {top - 5} 26 {top}Z",
        f"M-25 {top}L-16 {top - 20}H16L25 {top}Z",
    ][kind % 4]
    rows = range(top + 10, 26, 20)
    windows = "".join(box(x, y, 9, 12, pane) for y in rows for x in (-15, 6))
    lit = box(6, rows[0], 9, 12, INKS["lemon"]) if kind % 4 == 1 else ""
    door = box(-5, 32, 10, 18, pane, 5)
    return box(-22, top, 44, 50 - top, colour) + fill(gable, roof) + windows + lit + door


def cat(ink: Inks) -> str:
    """A cat that sits and looks at you."""
    fur = ink("black", "white", "orange")
    eye, detail = (INKS["lemon"], INKS["rose"]) if fur != INKS["white"] else (INKS["leaf"], INKS["red"])
    return (
        line("M24 44C46 44 48 20 38 8", fur, 9)
        + fill("M-22 50C-30 30-26 4-12-6L14-6C28 4 32 30 26 50Z", fur)
        + fill(
            "M-26-44C-20-42-14-38-10-34-4-36 4-36 10-34 14-38 20-42 26-44"
            " 27-34 27-26 25-20 24-6 12 0 0 0-12 0-24-6-25-20-27-26-27-34-26-44Z",
            fur,
        )
        + fill("M-21-20C-17-25-10-24-7-18-12-15-18-15-21-20ZM21-20C17-25 10-24 7-18 12-15 18-15 21-20Z", eye)
        + disc(-13, -19, 2.2, INKS["black"])
        + disc(13, -19, 2.2, INKS["black"])
        + fill("M-3-12H3L0-8Z", detail)
        + line("M-9 50C-9 40-9 32-8 24M9 50C9 40 9 32 8 24", eye, 1.8, 0.7)
        + line("M-24-12L-36-14M-24-9L-35-6M24-12L36-14M24-9L35-6", fur, 1.5)
    )


def paw(ink: Inks) -> str:
    """A paw print."""
    colour = ink("black", "white", "orange")
    toes = "".join(disc(x, y, 3.6, colour) for x, y in [(-10, -5), (-4, -12), (4, -12), (10, -5)])
    return toes + fill("M0-4C6-4 10 2 9 7 7 11 3 8 0 8-3 8-7 11-9 7-10 2-6-4 0-4Z", colour)
