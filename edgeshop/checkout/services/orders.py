"""Placing an order, once. The receipt number is the idempotency key, for ever."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from edgeshop.catalog.errors import StockShort as ShelfShort
from edgeshop.catalog.services import take_stock
from edgeshop.checkout.enums import NumberState, Origin, Reason
from edgeshop.checkout.errors import LimitExceeded, NumberReused, StockShort, TenderRefused, TokenInvalid
from edgeshop.checkout.models import Allocator, Number, Order, Review
from edgeshop.checkout.services.envelope import Envelope, open_envelope
from edgeshop.checkout.services.judgement import Flag, Judgement, to_wire
from edgeshop.checkout.services.level import watch_level
from edgeshop.checkout.services.numbers import OPEN, new_receipt_key
from edgeshop.checkout.services.pricing import Offer, Priced, assess, confirm
from edgeshop.checkout.services.record import open_reviews, spend_number, write_order
from edgeshop.checkout.services.replies import Placed, placed
from edgeshop.checkout.services.sale import Sale, business_day, to_body
from edgeshop.checkout.services.tenders import Terms, tender_named
from edgeshop.fleet.models import Kiosk
from edgeshop.fleet.queries import this_kiosk
from edgeshop.journal.services import append
from edgeshop.kernel import events
from edgeshop.kernel.ids import ReceiptNumber
from edgeshop.vault.services import authority_now

COMPLETED = "checkout.order_completed.v1"
REPLAYED = "checkout.order_replayed.v1"
_SKEW = timedelta(minutes=5)  # clocks of browsers may be this wrong without anybody asking why
_REPLAYS_MAX = 5  # per order; more of them tell nothing new


def place(*, envelope: str, slip_shown: bool, at: datetime) -> Placed:
    """Turn a signed order into a committed one, once; the same bytes again get the same answer.

    With `slip_shown` the sale has happened: a well-signed order is always committed, with reviews where it is odd.
    Without, it is refused before anything is spent when price, stock, token, limit or tender say no.
    Raises: EnvelopeInvalid, TokenInvalid; NumberReused for other content, which a person then sees; and, only without
    a slip, PriceChanged, StockShort, LimitExceeded, TenderRefused.
    Effect: one Order, stock taken, the number sold, and the fact `checkout.order_completed.v1`, all or nothing.
    """
    kiosk, at = this_kiosk(), at.replace(microsecond=0)
    asked = open_envelope(envelope, kiosk=kiosk)
    with transaction.atomic():
        number = Number.objects.select_for_update().filter(pk=str(asked.number)).first()
        known = Order.objects.filter(number=str(asked.number)).first()
        if known is None:
            return placed(_commit(asked, number, kiosk, slip_shown=slip_shown, at=at))
        if (known.envelope_sha256, known.seat_id) == (asked.sha256, asked.token.seat_id):
            return placed(known)
        _note_replay(known, asked, at)
    raise NumberReused("This receipt number names another order already.", number=str(asked.number))


def _commit(asked: Envelope, number: Number | None, kiosk: Kiosk, *, slip_shown: bool, at: datetime) -> Order:
    judgement = Judgement(may_refuse=not slip_shown)
    _judge_token(judgement, asked, number, kiosk)
    terms = _judge_tender(judgement, asked, kiosk, slip_shown=slip_shown)
    placed_at = _instant(judgement, asked, slip_shown=slip_shown, at=at)
    priced = _price(judgement, asked, kiosk, placed_at)
    _take(judgement, asked, slip_shown=slip_shown)
    sale = _sale(asked, priced, terms, kiosk, placed_at, at, slip_shown=slip_shown)
    return commit_sale(sale, flags=judgement.flags, envelope=asked.raw, kiosk=kiosk)


def commit_sale(sale: Sale, *, flags: list[Flag], envelope: str, kiosk: Kiosk) -> Order:
    """Write a sale whose stock is taken: order, number, grant, reviews and fact, in the caller's transaction."""
    # The stock came from the allotments of this epoch, whichever epoch's journal brings the fact to the cloud.
    body = to_body(sale) | {"flags": to_wire(flags), "epoch": kiosk.epoch}
    if flags:
        body["envelope"] = envelope  # the seat's own words go up where a person has to judge
    fact = append(COMPLETED, body)
    number = _spend(sale)
    order = write_order(sale, envelope=envelope, fact=f"{fact.device_id}/{fact.epoch}/{fact.seq}")
    open_reviews(order, flags, at=sale.committed_at)
    if sale.is_on_grant:
        spent, _ = Allocator.objects.get_or_create(kiosk_id=kiosk.pk, epoch=number.epoch)
        Allocator.objects.filter(pk=spent.pk).update(
            spent_minor=F("spent_minor") + sale.total_minor, spent_count=F("spent_count") + 1
        )
        watch_level()
    transaction.on_commit(lambda: events.publish("order.committed", number=sale.number, delivery=order.delivery))
    return order


def _spend(sale: Sale) -> ReceiptNumber:
    number = ReceiptNumber.parse(sale.number)
    spend_number(number, at=sale.committed_at)
    return number


def _judge_token(judgement: Judgement, asked: Envelope, number: Number | None, kiosk: Kiosk) -> None:
    """Old epochs and forgotten numbers are sold on, into review: their tokens carry their own proof."""
    token, name = asked.token, str(asked.number)
    if number is None or token.number.epoch != kiosk.epoch:
        evidence = {"epoch": token.number.epoch, "epoch_now": kiosk.epoch, "is_known": number is not None}
        judgement.note(Flag(Reason.OLD_EPOCH, evidence))
    if number is not None and number.state not in {*OPEN, NumberState.SOLD}:
        refusal = TokenInvalid("This token was handed back.", number=name, state=number.state)
        judgement.object(refusal, Reason.TOKEN_REVOKED, state=number.state, why=number.reason)
    if number is not None and str(number.seat_id or token.seat_id) != str(token.seat_id):  # a disk put back whole
        refusal = TokenInvalid("This number is another seat's now; take another token.", number=name)
        judgement.object(refusal, Reason.OLD_EPOCH, seat=str(token.seat_id), seat_now=str(number.seat_id))
    used_at = authority_now() if judgement.may_refuse else asked.placed_at
    if used_at > token.expires_at:
        refusal = TokenInvalid("This token is over; take another one.", number=name)
        over = {"expires_at": token.expires_at.isoformat(), "placed_at": used_at.isoformat()}
        judgement.object(refusal, Reason.TOKEN_EXPIRED, **over)


def _judge_tender(judgement: Judgement, asked: Envelope, kiosk: Kiosk, *, slip_shown: bool) -> Terms:
    """A token's limit binds what leaves unpaid, and all that was sold without the kiosk: a browser may claim cash."""
    tender = tender_named(asked.tender)
    terms = tender.terms(purpose=asked.token.purpose)
    try:
        tender.demand(purpose=asked.token.purpose)
    except TenderRefused as without:
        judgement.object(without, Reason.LIMIT_EXCEEDED, tender=asked.tender, why=without.fields["why"])
    limit = asked.token.max_minor
    if (terms.is_on_grant or slip_shown) and asked.total_minor > limit:
        refusal = LimitExceeded("This is more than may leave unpaid.", total_minor=asked.total_minor, limit_minor=limit)
        judgement.object(refusal, Reason.LIMIT_EXCEEDED, total_minor=asked.total_minor, limit_minor=limit)
    if kiosk.is_epoch_stale and not terms.is_cleared:
        refusal_now = TenderRefused("Only paid at once, until this kiosk has met its cloud.", tender=asked.tender)
        judgement.object(refusal_now, Reason.LIMIT_EXCEEDED, tender=asked.tender, is_epoch_stale=True)
    if kiosk.revoked_at is not None and not terms.is_cleared:
        refusal_now = TenderRefused("Only paid at once: this kiosk is revoked.", tender=asked.tender)
        judgement.object(refusal_now, Reason.LIMIT_EXCEEDED, tender=asked.tender, is_revoked=True)
    return terms


def _instant(judgement: Judgement, asked: Envelope, *, slip_shown: bool, at: datetime) -> datetime:
    """When the order was placed: the browser's word within what the token and our clock allow."""
    earliest, latest = min(asked.token.issued_at, at), at
    if slip_shown and not earliest - _SKEW <= asked.placed_at <= latest + _SKEW:
        evidence = {"claimed": asked.placed_at.isoformat(), "from": earliest.isoformat(), "to": latest.isoformat()}
        judgement.note(Flag(Reason.CLOCK_SUSPECT, evidence))
    return min(max(asked.placed_at, earliest), latest)


def _price(judgement: Judgement, asked: Envelope, kiosk: Kiosk, placed_at: datetime) -> Priced:
    offer = Offer(asked.book, asked.lines, asked.total_minor, placed_at, asked.language)
    if judgement.may_refuse:
        return confirm(offer, shop=kiosk.shop)
    priced, flags = assess(offer, shop=kiosk.shop)
    judgement.note(*flags)
    if asked.book < asked.token.book_min:
        judgement.note(Flag(Reason.PRICE_DRIFT, {"book": asked.book, "book_min": asked.token.book_min}))
    return priced


def _take(judgement: Judgement, asked: Envelope, *, slip_shown: bool) -> None:
    try:
        oversold = take_stock(asked.basket, seat_id=asked.token.seat_id, offline=slip_shown)
    except ShelfShort as short:
        raise StockShort(
            "Fewer are left.", product_id=short.fields["product_id"], available=short.fields["available"]
        ) from short
    if oversold:
        judgement.note(Flag(Reason.OVERSOLD, {"products": oversold}))


def _sale(
    asked: Envelope, priced: Priced, terms: Terms, kiosk: Kiosk, placed_at: datetime, at: datetime, *, slip_shown: bool
) -> Sale:
    return Sale(
        number=str(asked.number),
        origin=Origin.SEAT,
        seat_id=str(asked.token.seat_id),
        sold_by="",
        book=priced.book,
        tender=asked.tender,
        is_on_grant=terms.is_on_grant,
        is_slip_shown=slip_shown,
        currency=priced.currency,
        net_minor=priced.net_minor,
        tax_minor=priced.tax_minor,
        total_minor=priced.total_minor,
        tax_by_rate=priced.tax_by_rate,
        language=asked.language,
        placed_at=placed_at,
        committed_at=at,
        business_day=business_day(placed_at, kiosk.shop.timezone),
        receipt_key=new_receipt_key(kiosk=kiosk, number=str(asked.number)),
        envelope_sha256=asked.sha256,
        payment=terms.payment,
        handover=terms.handover,
        lines=priced.lines,
    )


def _note_replay(known: Order, asked: Envelope, at: datetime) -> None:
    """Keep the other order beside the one that stands, and tell the cloud, once for each content."""
    if Review.objects.filter(order=known, reason=Reason.TOKEN_REPLAY).count() >= _REPLAYS_MAX:
        return
    evidence = {
        "total_minor": asked.total_minor,
        "lines": [list(line) for line in asked.lines],
        "at": at.isoformat(),
        "envelope": asked.raw,
    }
    flag = Flag(Reason.TOKEN_REPLAY, evidence, asked.sha256)
    if open_reviews(known, [flag], at=at):
        append(REPLAYED, {"number": known.number_id, "flags": to_wire([flag])})
