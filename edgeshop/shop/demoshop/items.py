"""What the demo shop hands out: categories, products and baskets, free of any database."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from edgeshop.shop.demoshop.pictures.spec import PictureSpec

TaxClass = Literal["standard", "reduced"]
StockPolicy = Literal["strict", "shelf", "backorder", "untracked"]


@dataclass(frozen=True)
class DemoCategory:
    """One shelf of the shop; `names` by language."""

    id: int
    slug: str
    names: dict[str, str]


@dataclass(frozen=True)
class DemoProduct:
    """One thing to buy. `colour` is the field behind its picture, to be shown until the picture is there.

    Shapes: texts {language: {"name": …, "description": …}}; barcode EAN-13 in the in-store range.
    Units: unit_minor in minor units, tax included; stock in pieces, 0 where nobody counts.
    """

    id: int
    category_id: int
    sku: str
    barcode: str
    texts: dict[str, dict[str, str]]
    unit_minor: int
    tax_class: TaxClass
    stock_policy: StockPolicy
    stock: int
    colour: str
    picture: PictureSpec


@dataclass(frozen=True)
class DemoBasket:
    """One visit to the till: lines of (product id, quantity), in the order they were added."""

    at: datetime
    lines: list[tuple[int, int]]
