"""The catalogue's verbs: keep goods, publish prices, move stock, quote a basket."""

from edgeshop.catalog.services.allotments import (
    allot,
    declare_lost,
    hand_over,
    open_stock,
    receive_stock,
    settle_return,
    settle_sale,
)
from edgeshop.catalog.services.books import PreviewRow, draft_book, preview, publish, set_prices, set_rates
from edgeshop.catalog.services.goods import (
    CategoryData,
    ProductData,
    save_categories,
    save_category,
    save_product,
    save_products,
    set_pictures,
    set_sold,
)
from edgeshop.catalog.services.history import PastBasket, save_baskets
from edgeshop.catalog.services.quoting import Pricer, Quote, QuotedLine, Sale, quote, quote_and_take
from edgeshop.catalog.services.shares import lend_share, return_share
from edgeshop.catalog.services.taking import return_stock, take_stock

__all__ = [
    "CategoryData",
    "PastBasket",
    "PreviewRow",
    "Pricer",
    "ProductData",
    "Quote",
    "QuotedLine",
    "Sale",
    "allot",
    "declare_lost",
    "draft_book",
    "hand_over",
    "lend_share",
    "open_stock",
    "preview",
    "publish",
    "quote",
    "quote_and_take",
    "receive_stock",
    "return_share",
    "return_stock",
    "save_baskets",
    "save_categories",
    "save_category",
    "save_product",
    "save_products",
    "set_pictures",
    "set_prices",
    "set_rates",
    "set_sold",
    "settle_return",
    "settle_sale",
    "take_stock",
]
