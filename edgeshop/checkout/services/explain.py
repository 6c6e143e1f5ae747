"""A review in words and figures: sold as against now, and what we would suggest."""

from dataclasses import dataclass
from typing import Any

from edgeshop.checkout.enums import Decision, Reason
from edgeshop.checkout.models import Order, Review


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the comparison; `now` is empty where there is nothing to set against it."""

    label: str
    sold: str
    now: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Explained:
    """What a person needs to decide a review."""

    rows: list[Row]
    suggestion: Decision
    because: str


_SUGGESTED: dict[Reason, tuple[Decision, str]] = {
    Reason.PRICE_DRIFT: (Decision.ACCEPT, "The price shown is the price charged."),
    Reason.OVERSOLD: (Decision.CORRECT, "Find the goods elsewhere, or pay back what is missing."),
    Reason.TOKEN_EXPIRED: (Decision.ACCEPT, "The seat had the right to sell; it was late, not false."),
    Reason.TOKEN_REVOKED: (Decision.VOID, "The seat had said that this token was never used. Ask who has the goods."),
    Reason.TOKEN_REPLAY: (Decision.ACCEPT, "The first order stands. Look whether the second one was a sale, too."),
    Reason.OLD_EPOCH: (Decision.ACCEPT, "The kiosk has been restored since; its signature is good."),
    Reason.LIMIT_EXCEEDED: (Decision.ACCEPT, "See that the money has come in; more than allowed was at risk."),
    Reason.PRODUCT_WITHDRAWN: (Decision.ACCEPT, "It has been sold. Check why it was still on a shelf."),
    Reason.TAX_CHANGED: (Decision.CORRECT, "The old rate was charged; the tax office gets the new one."),
    Reason.ENVELOPE_MISMATCH: (Decision.CORRECT, "The figures do not agree. Look at the signed order before deciding."),
    Reason.CHAIN_GAP: (Decision.ACCEPT, "Facts of this kiosk are missing. Look at the kiosk first."),
    Reason.CHAIN_FORK: (Decision.ACCEPT, "This kiosk's disk was copied. Look at the kiosk first."),
    Reason.CLOCK_SUSPECT: (Decision.ACCEPT, "Only the time is in doubt."),
    Reason.PAYMENT_DECLINED: (Decision.VOID, "No money has come. Ask the shopper, or take the goods back."),
    Reason.SCHEMA_TOO_OLD: (Decision.ACCEPT, "Bring the cloud's release up to date to see the reason."),
}
_AGAINST = ("now", "book", "ledger", "limit_minor", "epoch_now", "placed_at", "ours")
_LABELS = {"limit_minor": "limit", "epoch_now": "epoch", "ours": "our clock", "ledger": "ledger", "book": "price book"}


def explain(review: Review, order: Order) -> Explained:
    """The evidence of a review as rows, money as people write it, and a suggested decision with its reason."""
    decision, because = _SUGGESTED[Reason(review.reason)]
    return Explained(_rows(review.evidence, order), decision, because)


def _rows(evidence: dict[str, Any], order: Order) -> list[Row]:
    rest = {key: value for key, value in evidence.items() if key not in {"envelope", "order"}}
    sold = rest.pop("sold_as", None)
    if sold is None:
        return [Row(key.replace("_", " "), _text(key, value, order), "", False) for key, value in rest.items()]
    against = next((key for key in _AGAINST if key in rest and key != "book_now"), "")
    now = rest.pop(against, None)
    pairs = _pairs(sold, now, order)
    return pairs + [Row(key.replace("_", " "), _text(key, value, order), "", False) for key, value in rest.items()]


def _pairs(sold: Any, now: Any, order: Order) -> list[Row]:
    if isinstance(sold, dict) and isinstance(now, dict):
        return [_pair(key, sold.get(key), now.get(key), order) for key in sold]
    return [_pair("total_minor" if isinstance(sold, int) else "figures", sold, now, order)]


def _pair(key: str, sold: Any, now: Any, order: Order) -> Row:
    label = key.removesuffix("_minor").replace("_", " ")
    return Row(label, _text(key, sold, order), _text(key, now, order), sold != now)


def _text(key: str, value: Any, order: Order) -> str:
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no"}.get(value, "–") if value is not None else "–"
    if key.endswith("_minor") and isinstance(value, int):
        return money(value, order)
    if isinstance(value, list):
        return ", ".join(_text(key, item, order) for item in value)
    return str(value)


def money(amount_minor: int, order: Order) -> str:
    """An amount of an order as people write it."""
    exponent = order.kiosk.shop.exponent
    return f"{amount_minor / 10**exponent:,.{exponent}f} {order.currency}"
