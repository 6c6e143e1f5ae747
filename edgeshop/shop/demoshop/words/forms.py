"""What a product is before it has a colour or a motif: a mug, a tea towel, a postcard."""

from dataclasses import dataclass
from typing import Literal

from edgeshop.shop.demoshop.items import StockPolicy, TaxClass
from edgeshop.shop.demoshop.words.say import Say


@dataclass(frozen=True)
class Form:
    """A kind of product with the facts all its products share.

    `name` is a noun without article; an Arabic name may hold `{c}` where the colour goes, else the colour follows.
    Units: price from and to in minor units; stock from and to in pieces.
    """

    key: str
    family: str
    name: Say
    tale: Say
    price: tuple[int, int]
    de_gender: Literal["m", "f", "n", "pl"] = "m"
    ar_gender: Literal["m", "f"] = "m"
    policy: StockPolicy = "shelf"
    stock: tuple[int, int] = (8, 40)
    tax: TaxClass = "standard"
