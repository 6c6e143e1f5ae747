"""Strokes: the few marks everything is drawn with, written as compact SVG."""

from collections.abc import Sequence

Point = tuple[float, float]


def num(value: float) -> str:
    """A coordinate, to a tenth while small and whole above a hundred: the eye sees no more, the file stays small."""
    text = f"{value:.0f}" if abs(value) >= 100 else f"{value:.1f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def pair(point: Point) -> str:
    """Two coordinates, joined as tightly as SVG allows."""
    y = num(point[1])
    return num(point[0]) + (y if y.startswith("-") else " " + y)


def curve(points: Sequence[Point], *, closed: bool = False) -> str:
    """Path data of a smooth line through all points (Catmull-Rom, written as Béziers)."""
    count = len(points)
    parts = ["M" + pair(points[0])]
    for index in range(count if closed else count - 1):
        before, start, end, after = (
            points[(index + step) % count] if closed else points[min(max(index + step, 0), count - 1)]
            for step in (-1, 0, 1, 2)
        )
        one = (start[0] + (end[0] - before[0]) / 6, start[1] + (end[1] - before[1]) / 6)
        two = (end[0] - (after[0] - start[0]) / 6, end[1] - (after[1] - start[1]) / 6)
        parts.append(f"C{pair(one)} {pair(two)} {pair(end)}")
    return "".join(parts) + ("Z" if closed else "")


def _opacity(name: str, opacity: float) -> str:
    return "" if opacity >= 1 else f' {name}="{opacity:g}"'


def fill(d: str, colour: str, opacity: float = 1) -> str:
    """A filled shape."""
    return f'<path d="{d}" fill="{colour}"{_opacity("opacity", opacity)}/>'


def line(d: str, colour: str, width: float, opacity: float = 1) -> str:
    """A brush line; that its ends are round is said once, at the root of the drawing."""
    return f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="{num(width)}"{_opacity("opacity", opacity)}/>'


def disc(x: float, y: float, r: float, colour: str, opacity: float = 1) -> str:
    """A round spot."""
    return f'<circle cx="{num(x)}" cy="{num(y)}" r="{num(r)}" fill="{colour}"{_opacity("opacity", opacity)}/>'


def oval(x: float, y: float, rx: float, ry: float, colour: str, opacity: float = 1) -> str:
    """A lying or standing spot."""
    return (
        f'<ellipse cx="{num(x)}" cy="{num(y)}" rx="{num(rx)}" ry="{num(ry)}"'
        f' fill="{colour}"{_opacity("opacity", opacity)}/>'
    )


def box(x: float, y: float, width: float, height: float, colour: str, round_by: float = 0, opacity: float = 1) -> str:
    """An upright rectangle."""
    corner = f' rx="{num(round_by)}"' if round_by else ""
    return (
        f'<rect x="{num(x)}" y="{num(y)}" width="{num(width)}" height="{num(height)}"{corner}'
        f' fill="{colour}"{_opacity("opacity", opacity)}/>'
    )


def at(markup: str, x: float, y: float, scale: float = 1, turn: float = 0, *, flip: bool = False) -> str:
    """The marks, moved, turned and scaled into place."""
    return f'<g transform="{placed(x, y, scale, turn, flip=flip)}">{markup}</g>'


def placed(x: float, y: float, scale: float = 1, turn: float = 0, *, flip: bool = False) -> str:
    """The transform that puts something drawn round the origin into place."""
    text = f"translate({num(x)} {num(y)})"
    if turn:
        text += f"rotate({num(turn)})"
    if flip:
        return text + ("scale(-1 1)" if scale == 1 else f"scale({-scale:.2f} {scale:.2f})")
    return text if scale == 1 else text + f"scale({scale:.2f})"
