"""Why the checkout says no. Whoever meets one of these can be sure that nothing was spent."""

from edgeshop.kernel.errors import EdgeShopError, Retry


class SeatNotAdmitted(EdgeShopError):
    """This screen waits for staff to admit it; asking again with the same key works once they have."""

    code = "checkout.seat_not_admitted"
    http_status = 403
    retry = Retry.ASK_STAFF


class SeatsFull(EdgeShopError):
    """As many browsers as this kiosk, or this address, may have are here already."""

    code = "checkout.seats_full"
    http_status = 429
    retry = Retry.LATER


class SeatInvalid(EdgeShopError):
    """The seat is not one of ours, is over, or did not sign this; ask for a new one."""

    code = "checkout.seat_invalid"
    http_status = 403
    retry = Retry.LATER


class EpochStale(EdgeShopError):
    """This disk is older than its own journal: no new receipt numbers before the cloud has given a new epoch."""

    code = "checkout.epoch_stale"
    http_status = 409
    retry = Retry.AFTER_SYNC


class EnvelopeInvalid(EdgeShopError):
    """The order does not read as one, or its seat did not sign it."""

    code = "checkout.envelope_invalid"
    http_status = 422


class TokenInvalid(EdgeShopError):
    """The token is not ours, not this seat's, over, or handed back; take another one and sign again."""

    code = "checkout.token_invalid"
    http_status = 403
    retry = Retry.LATER


class NumberReused(EdgeShopError):
    """The receipt number already names an order with other content; a person will look at both."""

    code = "checkout.number_reused"
    http_status = 409
    retry = Retry.ASK_STAFF


class PriceChanged(EdgeShopError):
    """The shelf has a newer price; `total_minor` is what the basket comes to now."""

    code = "checkout.price_changed"
    http_status = 409
    retry = Retry.LATER


class StockShort(EdgeShopError):
    """The shelf holds less than a line asks for; `product_id` and `available` say where."""

    code = "checkout.stock_short"
    http_status = 409
    retry = Retry.AFTER_SYNC


class LimitExceeded(EdgeShopError):
    """More than may leave the shop before its money is certain."""

    code = "checkout.limit_exceeded"
    http_status = 409
    retry = Retry.ASK_STAFF


class TenderRefused(EdgeShopError):
    """This way of paying is not taken here, or not now."""

    code = "checkout.tender_refused"
    http_status = 409
    retry = Retry.ASK_STAFF


class ReceiptUnknown(EdgeShopError):
    """Nobody here has a receipt under this key."""

    code = "checkout.receipt_unknown"
    http_status = 404
    retry = Retry.AFTER_SYNC


class GrantInvalid(EdgeShopError):
    """The grant is not signed by our cloud, or is not for this kiosk."""

    code = "checkout.grant_invalid"
    http_status = 403


class FactInvalid(EdgeShopError):
    """A fact tells of something its kiosk cannot tell of; it is kept aside for a person."""

    code = "checkout.fact_invalid"
    http_status = 422
    retry = Retry.ASK_STAFF


class ReviewClosed(EdgeShopError):
    """Somebody has decided this review already."""

    code = "checkout.review_closed"
    http_status = 409


class NotLedger(EdgeShopError):
    """Only the cloud decides; a kiosk proposes."""

    code = "checkout.not_ledger"
    http_status = 409


class RefundTooLarge(EdgeShopError):
    """More would be paid back than was taken."""

    code = "checkout.refund_too_large"
    http_status = 409
