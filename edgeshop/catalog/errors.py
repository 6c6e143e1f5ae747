"""What can be wrong with prices and stock."""

from edgeshop.kernel.errors import EdgeShopError, Retry


class NoPriceBook(EdgeShopError):
    """This shop has no such published price book here, or none at all; `fields` names the shop or the version."""

    code = "catalog.no_price_book"
    http_status = 409
    retry = Retry.AFTER_SYNC


class NotPriced(EdgeShopError):
    """The price book does not sell this product; `fields` names both."""

    code = "catalog.not_priced"
    http_status = 409
    retry = Retry.AFTER_SYNC


class RateMissing(EdgeShopError):
    """A product's tax class has no rate in the price book. Add the rate to the draft and publish again."""

    code = "catalog.rate_missing"
    http_status = 409


class BookPublished(EdgeShopError):
    """A published price book never changes. Write a new draft."""

    code = "catalog.book_published"
    http_status = 409


class BookWaiting(EdgeShopError):
    """A book published for a later date builds on the present one. Publish this one for that date or later."""

    code = "catalog.book_waiting"
    http_status = 409


class StockShort(EdgeShopError):
    """Fewer units may be sold here than a line asks for; `fields`: product_id, wanted, available."""

    code = "catalog.stock_short"
    http_status = 409
    retry = Retry.AFTER_SYNC
