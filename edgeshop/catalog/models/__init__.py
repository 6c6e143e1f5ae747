"""The catalogue's tables: goods, price books, stock, and baskets of the past."""

from edgeshop.catalog.models.goods import Category, Product
from edgeshop.catalog.models.history import BasketHistory
from edgeshop.catalog.models.prices import DraftPrice, Price, PriceBook
from edgeshop.catalog.models.stock import Allotment, Share, StockLevel, StockReturn

__all__ = [
    "Allotment",
    "BasketHistory",
    "Category",
    "DraftPrice",
    "Price",
    "PriceBook",
    "Product",
    "Share",
    "StockLevel",
    "StockReturn",
]
