"""What the catalogue tells kiosks: goods, prices and stock, each a stream with its two ends."""

from edgeshop.catalog.streams.goods import CATALOGUE
from edgeshop.catalog.streams.prices import PRICES
from edgeshop.catalog.streams.stock import STOCK

__all__ = ["CATALOGUE", "PRICES", "STOCK"]
