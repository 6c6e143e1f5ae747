"""What other rooms may ask about goods, prices and stock."""

from edgeshop.catalog.queries.baskets import product_texts, training_baskets
from edgeshop.catalog.queries.books import (
    book_changes,
    book_shop,
    catalogue_version,
    current_book,
    priced_products,
    prices,
    rates,
    sellable_products,
    shop_and_rates,
)
from edgeshop.catalog.queries.shelf import Card, CategoryOut, ShelfPage, card, cards, categories, shelf_page
from edgeshop.catalog.queries.stock import Discrepancy, availability, available_units, stock_discrepancies

__all__ = [
    "Card",
    "CategoryOut",
    "Discrepancy",
    "ShelfPage",
    "availability",
    "available_units",
    "book_changes",
    "book_shop",
    "card",
    "cards",
    "catalogue_version",
    "categories",
    "current_book",
    "priced_products",
    "prices",
    "product_texts",
    "rates",
    "sellable_products",
    "shelf_page",
    "shop_and_rates",
    "stock_discrepancies",
    "training_baskets",
]
