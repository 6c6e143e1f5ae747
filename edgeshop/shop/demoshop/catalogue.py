"""The demo shop's catalogue: twelve shelves and what stands on them, the same in every run.

Words come from `shelves`, looks from `pictures`; this module gives them numbers, prices, stock and barcodes.
"""

from collections.abc import Callable
from functools import cache
from hashlib import sha256

from edgeshop.shop.demoshop.barcode import in_store_ean13
from edgeshop.shop.demoshop.entry import Entry
from edgeshop.shop.demoshop.items import DemoBasket, DemoCategory, DemoProduct
from edgeshop.shop.demoshop.pictures.palette import ground_for, wall
from edgeshop.shop.demoshop.pictures.spec import PictureSpec
from edgeshop.shop.demoshop.shelves import (
    bags,
    candles,
    cards,
    jars,
    mugs,
    notebooks,
    plants,
    prints,
    soaps,
    tea,
    textiles,
    toys,
)
from edgeshop.shop.demoshop.words.say import Say

__all__ = ["DemoBasket", "DemoCategory", "DemoProduct", "demo_categories", "demo_products"]

_SHELVES: list[tuple[str, Say, Callable[[], list[Entry]]]] = [
    ("mugs", Say("Mugs & cups", "Becher & Tassen", "أكواب وفناجين"), mugs.entries),
    ("jars", Say("Jars & vases", "Dosen & Vasen", "مرطبانات ومزهريات"), jars.entries),
    ("cards", Say("Cards", "Karten", "بطاقات"), cards.entries),
    ("candles", Say("Candles", "Kerzen", "شموع"), candles.entries),
    ("bags", Say("Bags", "Taschen", "حقائب"), bags.entries),
    ("prints", Say("Prints", "Drucke", "لوحات مطبوعة"), prints.entries),
    ("textiles", Say("Textiles", "Textilien", "منسوجات"), textiles.entries),
    ("toys", Say("Toys", "Spielzeug", "ألعاب"), toys.entries),
    ("notebooks", Say("Notebooks", "Notizbücher", "دفاتر"), notebooks.entries),
    ("plants", Say("Plants & pots", "Pflanzen & Töpfe", "نباتات وأصص"), plants.entries),
    ("soaps", Say("Soaps & bath", "Seifen & Bad", "صابون وحمّام"), soaps.entries),
    ("tea", Say("Tea & sweets", "Tee & Süßes", "شاي وحلويات"), tea.entries),
]


def demo_categories() -> list[DemoCategory]:
    """The twelve categories in shelf order; ids start at 1."""
    return [
        DemoCategory(id=number, slug=slug, names=names._asdict())
        for number, (slug, names, _) in enumerate(_SHELVES, start=1)
    ]


def demo_products() -> list[DemoProduct]:
    """Every product in shelf order; a product's id is its category's times a hundred plus its place."""
    return list(_products())


@cache
def _products() -> tuple[DemoProduct, ...]:
    return tuple(
        _product(category_id, place, slug, entry)
        for category_id, (slug, _, entries) in enumerate(_SHELVES, start=1)
        for place, entry in enumerate(entries(), start=1)
    )


def _product(category_id: int, place: int, slug: str, entry: Entry) -> DemoProduct:
    number, form = category_id * 100 + place, entry.form
    picture = _picture(number, entry)
    return DemoProduct(
        id=number,
        category_id=category_id,
        sku=f"{slug[:3].upper()}-{form.key[:3].upper()}-{number:04d}",
        barcode=in_store_ean13(number),
        texts={
            language: {"name": name, "description": tale}
            for language, name, tale in zip(Say._fields, entry.name, entry.tale, strict=True)
        },
        unit_minor=_price(number, form.price),
        tax_class=form.tax,
        stock_policy=form.policy,
        stock=0 if form.policy == "untracked" else _between(f"stock {number}", *form.stock),
        colour=wall(picture.ground),
        picture=picture,
    )


def _picture(number: int, entry: Entry) -> PictureSpec:
    return PictureSpec(
        family=entry.form.family,
        form=entry.form.key,
        motif=entry.motif,
        colour=entry.colour,
        ground=ground_for(entry.colour, number),
        subject=entry.subject,
        variant=number,
    )


def _between(what: str, low: int, high: int) -> int:
    """A number that looks picked by hand and is the same every time."""
    return low + int.from_bytes(sha256(what.encode()).digest()[:4]) % (high - low + 1)


def _price(number: int, span: tuple[int, int]) -> int:
    """A price as shops write them: in steps of ten up to ten units, then ending in 90, whole above fifty."""
    low, high = span
    step = 10 if low < 1000 else 100
    price = low + step * _between(f"price {number}", 0, (high - low) // step)
    return price if price < 5000 else round(price, -2)
