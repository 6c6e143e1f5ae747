"""The words of the checkout that are kept in the database or travel on a wire."""

from django.db.models import TextChoices


class Purpose(TextChoices):
    """What a seat is: a screen that belongs to the shop, or a shopper's own phone."""

    SCREEN = "screen"
    PHONE = "phone"


class NumberState(TextChoices):
    """Where a receipt number stands. Every number ends; `unaccounted` is an alarm that a late order still answers."""

    OUTSTANDING = "outstanding"
    SOLD = "sold"
    RETURNED = "returned"
    VOID = "void"
    EXPIRED = "expired"
    UNACCOUNTED = "unaccounted"


class Origin(TextChoices):
    """Who made an order: a seat's browser, an attendant at the counter, or somebody in the admin."""

    SEAT = "seat"
    COUNTER = "counter"
    ADMIN = "admin"


class Delivery(TextChoices):
    """How far an order has come: durable on a kiosk, known to the cloud, in the ledger."""

    COMMITTED = "committed"
    ACKNOWLEDGED = "acknowledged"
    SETTLED = "settled"


class Payment(TextChoices):
    """How far the money has come."""

    DUE = "due"
    PAID = "paid"
    DECLINED = "declined"
    CLEARED = "cleared"


class Handover(TextChoices):
    """Whether the shopper has the goods."""

    OPEN = "open"
    HANDED_OVER = "handed_over"


class TenderCode(TextChoices):
    """How a shopper pays. Card numbers never touch us."""

    CASH = "cash"
    CARD = "card"
    COUNTER = "counter"
    INVOICE = "invoice"


class ReceiptState(TextChoices):
    """One word for the shopper: confirmed by this kiosk, with the cloud, in the books, looked at, or undone."""

    CONFIRMED = "confirmed"
    ACKNOWLEDGED = "acknowledged"
    SETTLED = "settled"
    REVIEW = "review"
    VOID = "void"


class Reason(TextChoices):
    """Why a person must look at an order."""

    PRICE_DRIFT = "PRICE_DRIFT", "price differs from the day's"
    OVERSOLD = "OVERSOLD", "sold more than there was"
    TOKEN_EXPIRED = "TOKEN_EXPIRED", "token was over"
    TOKEN_REVOKED = "TOKEN_REVOKED", "token had been handed back"
    TOKEN_REPLAY = "TOKEN_REPLAY", "number used for two orders"
    OLD_EPOCH = "OLD_EPOCH", "token from before a restore"
    LIMIT_EXCEEDED = "LIMIT_EXCEEDED", "above a limit"
    PRODUCT_WITHDRAWN = "PRODUCT_WITHDRAWN", "product no longer sold"
    TAX_CHANGED = "TAX_CHANGED", "tax rate has changed"
    ENVELOPE_MISMATCH = "ENVELOPE_MISMATCH", "order does not add up"
    CHAIN_GAP = "CHAIN_GAP", "number nobody announced"
    CHAIN_FORK = "CHAIN_FORK", "journal tells two stories"
    CLOCK_SUSPECT = "CLOCK_SUSPECT", "clock far off"
    PAYMENT_DECLINED = "PAYMENT_DECLINED", "payment declined"
    SCHEMA_TOO_OLD = "SCHEMA_TOO_OLD", "written by a newer release"


class Decision(TextChoices):
    """What a person decided about a review, or proposes: it stands, it stands corrected, or it is undone."""

    ACCEPT = "accept"
    CORRECT = "correct"
    VOID = "void"
