"""Drawn, not borrowed: every product's picture and the still life for the attract screen."""

from edgeshop.shop.demoshop.pictures.brush import Brush, Drawer
from edgeshop.shop.demoshop.pictures.families import (
    bag,
    candle,
    card,
    jar,
    mug,
    notebook,
    plant,
    prints,
    soap,
    tea,
    textile,
    toy,
)
from edgeshop.shop.demoshop.pictures.hero import TALL, WIDE, hero
from edgeshop.shop.demoshop.pictures.spec import PictureSpec

__all__ = ["PictureSpec", "draw", "draw_hero"]

_FAMILIES: dict[str, dict[str, Drawer]] = {
    "mug": mug.FORMS,
    "jar": jar.FORMS,
    "card": card.FORMS,
    "candle": candle.FORMS,
    "bag": bag.FORMS,
    "print": prints.FORMS,
    "textile": textile.FORMS,
    "notebook": notebook.FORMS,
    "plant": plant.FORMS,
    "soap": soap.FORMS,
    "tea": tea.FORMS,
    "toy": toy.FORMS,
}

_ROOT = 'xmlns="http://www.w3.org/2000/svg" stroke-linecap="round" stroke-linejoin="round"'


def draw(spec: PictureSpec) -> str:
    """A 4:5 SVG of the thing asked for, at most 6 KB, without text, scripts or references."""
    brush = Brush(spec)
    drawn = _FAMILIES[spec.family][spec.form](brush)
    return f'<svg {_ROOT} viewBox="0 0 400 500">{brush.defs()}{drawn}</svg>'


def draw_hero() -> str:
    """The attract screen's still life, 1080 by 1200."""
    return f'<svg {_ROOT} viewBox="0 0 {WIDE} {TALL}">{hero()}</svg>'
