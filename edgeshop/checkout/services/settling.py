"""A kiosk's sale reaches the ledger: checked again with what only the cloud knows, settled or put before a person."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db.models import Count, Sum

from edgeshop.catalog.services import settle_sale
from edgeshop.checkout.enums import Decision, Delivery, Handover, Origin, Payment, Purpose, Reason
from edgeshop.checkout.models import Number, Order, Review
from edgeshop.checkout.services.judgement import Flag, Judgement, from_wire
from edgeshop.checkout.services.ledger import announce_reviews, own_number
from edgeshop.checkout.services.numbers import OPEN
from edgeshop.checkout.services.outcomes import mark_changed
from edgeshop.checkout.services.pricing import Offer, assess
from edgeshop.checkout.services.record import open_reviews, spend_number, write_order
from edgeshop.checkout.services.replies import open_reasons
from edgeshop.checkout.services.sale import Sale, from_body
from edgeshop.checkout.services.tenders import tender_named
from edgeshop.checkout.services.warrant import Warrant, warrant_of
from edgeshop.fleet.models import Kiosk
from edgeshop.journal.registry import Outcome
from edgeshop.journal.services import is_forked
from edgeshop.kernel import clock
from edgeshop.kernel.facts import Fact
from edgeshop.kernel.ids import ReceiptNumber

_LEDGER = "ledger"  # who decided a review when nobody had to
_SKEW = timedelta(minutes=10)  # a kiosk's clock may be this far ahead of ours


def take_completed(fact: Fact, body: dict[str, Any]) -> Outcome:
    """Take a sale into the ledger, once, whatever happens to the fact on its way.

    The same order again changes nothing; another order under its number becomes a review with both. Every sale of a
    well-formed fact is kept: what is odd about it decides only whether a person looks.
    Raises: FactInvalid. Effect: one Order, its number sold, stock booked, the kiosk told.
    """
    sale = from_body(body)
    number = own_number(fact, sale.number)
    known = Order.objects.select_for_update().filter(number=sale.number).first()
    if known is not None:
        return _again(known, sale, body)
    judgement = Judgement(may_refuse=False, flags=from_wire(body["flags"]))
    kiosk = Kiosk.objects.select_related("shop").get(pk=fact.device_id)
    minted = Number.objects.select_for_update().filter(pk=sale.number).first()
    sale = _judge_price(judgement, _judge_terms(judgement, sale, minted), kiosk)
    _judge_number(judgement, sale, minted, number, fact)
    _judge_grant(judgement, sale, number)
    _judge_clock(judgement, sale)
    _book_stock(judgement, sale, fact, epoch=min(int(body["epoch"]), fact.epoch))
    return _write(judgement, sale, number, fact, body)


def _write(judgement: Judgement, sale: Sale, number: ReceiptNumber, fact: Fact, body: dict[str, Any]) -> Outcome:
    now = clock.now()
    spend_number(number, at=sale.committed_at)
    order = write_order(
        sale,
        delivery=Delivery.ACKNOWLEDGED if judgement.flags else Delivery.SETTLED,
        envelope=body.get("envelope", ""),
        fact=f"{fact.device_id}/{fact.epoch}/{fact.seq}",
        at=now,
    )
    announce_reviews(order, open_reviews(order, judgement.flags, at=now))
    mark_changed(fact.device_id, sale.number, known_to=None if judgement.flags else fact.known_to)
    return _outcome(order) if judgement.flags else Outcome()


def _outcome(order: Order) -> Outcome:
    reasons = open_reasons(order)
    return Outcome("review", reasons) if reasons else Outcome()


def _again(known: Order, sale: Sale, body: dict[str, Any]) -> Outcome:
    """A fact came twice, or a restored kiosk sold the same envelope again; or this is another sale altogether."""
    flag: Flag | None = None
    if not _is_same(known, sale):
        flag = Flag(Reason.TOKEN_REPLAY, {"order": body}, sale.envelope_sha256)
    elif known.total_minor != sale.total_minor:
        evidence = {"sold_as": sale.total_minor, "ledger": known.total_minor}
        flag = Flag(Reason.ENVELOPE_MISMATCH, evidence, f"total:{sale.total_minor}")
    if flag is not None:
        announce_reviews(known, open_reviews(known, [flag], at=clock.now()))
    _answer_doubts(known, from_wire(body["flags"]))
    mark_changed(known.kiosk_id, known.number_id)
    return _outcome(known)


def _is_same(known: Order, sale: Sale) -> bool:
    """By content and by who sold it, however alike two baskets are: a disk put back gives a number again. What was
    sold at a counter is told of once."""
    is_alike = (known.envelope_sha256, known.origin) == (sale.envelope_sha256, sale.origin)
    if sale.origin == Origin.SEAT:
        return is_alike and str(known.seat_id or "") == sale.seat_id
    return is_alike and known.placed_at == sale.placed_at


def _answer_doubts(known: Order, flags: list[Flag]) -> None:
    """A restored kiosk wonders about an order that we have had from it before, or about another one under its number,
    which a person has whole: nobody has to look at that again.

    What it wonders about stands in our books as answered, for its own reviews end only by our word.
    """
    at = clock.now()
    opened = [review.pk for review in open_reviews(known, flags, at=at)]
    Review.objects.filter(pk__in=opened).update(decision=Decision.ACCEPT, decided_by=_LEDGER, decided_at=at)


def _judge_terms(judgement: Judgement, sale: Sale, minted: Number | None) -> Sale:
    """What its tender makes of a sale, whatever its kiosk says: what is paid at once, and what spends the grant."""
    purpose = Purpose(minted.purpose) if minted is not None and minted.purpose else None
    terms = tender_named(sale.tender).terms(purpose=purpose)
    ours, theirs = (terms.payment, terms.is_on_grant), (sale.payment, sale.is_on_grant)
    if theirs in (ours, (Payment.DUE, True)):  # owed on the grant claims nothing: a phone's cash, if we knew its number
        return sale
    judgement.note(Flag(Reason.ENVELOPE_MISMATCH, {"sold_as": list(theirs), "ledger": list(ours)}, "terms"))
    return replace(sale, payment=terms.payment, is_on_grant=terms.is_on_grant)


def _judge_price(judgement: Judgement, sale: Sale, kiosk: Kiosk) -> Sale:
    """Our own quote from the book the sale names. Answers the sale with the names of its goods."""
    lines = tuple((line.product_id, line.qty, line.unit_minor) for line in sale.lines)
    offer = Offer(sale.book, lines, sale.total_minor, sale.placed_at, sale.language)
    priced, flags = assess(offer, shop=kiosk.shop)
    judgement.note(*flags)
    ours = (priced.currency, priced.net_minor, priced.tax_minor)
    theirs = (sale.currency, sale.net_minor, sale.tax_minor)
    if ours != theirs and not flags:
        judgement.note(Flag(Reason.ENVELOPE_MISMATCH, {"sold_as": list(theirs), "ledger": list(ours)}))
    return sale.named([line.name for line in priced.lines])


def _judge_number(judgement: Judgement, sale: Sale, known: Number | None, number: ReceiptNumber, fact: Fact) -> None:
    if number.epoch < fact.epoch:
        judgement.note(Flag(Reason.OLD_EPOCH, {"epoch": number.epoch, "epoch_now": fact.epoch}))
        if is_forked(device_id=fact.device_id, epoch=number.epoch):
            judgement.note(Flag(Reason.CHAIN_FORK, {"epoch": number.epoch, "journal": f"{fact.epoch}/{fact.seq}"}))
    if known is None:
        if sale.origin == Origin.SEAT and number.epoch == fact.epoch:
            judgement.note(Flag(Reason.CHAIN_GAP, {"number": sale.number, "problem": "never minted"}))
        return
    if known.state not in OPEN:
        judgement.note(Flag(Reason.TOKEN_REVOKED, {"state": known.state, "why": known.reason}))
    if known.expires_at is not None and sale.placed_at > known.expires_at:
        over = {"expires_at": known.expires_at.isoformat(), "placed_at": sale.placed_at.isoformat()}
        judgement.note(Flag(Reason.TOKEN_EXPIRED, over))
    if (sale.is_on_grant or sale.is_slip_shown) and sale.total_minor > known.max_minor:
        evidence = {"total_minor": sale.total_minor, "limit_minor": known.max_minor}
        judgement.note(Flag(Reason.LIMIT_EXCEEDED, evidence))


def _judge_grant(judgement: Judgement, sale: Sale, number: ReceiptNumber) -> None:
    """Cumulative, by our own count and our own signed word: a kiosk that forgets what it has spent is noticed here."""
    if not sale.is_on_grant:
        return
    warrant = warrant_of(kiosk_id=number.kiosk, epoch=number.epoch)
    before = Order.objects.filter(kiosk=number.kiosk, epoch=number.epoch, is_on_grant=True)
    spent = before.aggregate(total=Sum("total_minor"), count=Count("pk"))
    total, count = (spent["total"] or 0) + sale.total_minor, spent["count"] + 1
    if total > warrant.sum_minor or count > warrant.count or warrant.problem:
        judgement.note(Flag(Reason.LIMIT_EXCEEDED, _beyond(warrant, total, count)))
    elif sale.origin != Origin.SEAT and sale.total_minor > warrant.order_max_minor:
        evidence = {"total_minor": sale.total_minor, "limit_minor": warrant.order_max_minor}
        judgement.note(Flag(Reason.LIMIT_EXCEEDED, evidence))


def _beyond(warrant: Warrant, total: int, count: int) -> dict[str, Any]:
    said = {"spent_minor": total, "limit_minor": warrant.sum_minor, "count": count, "count_limit": warrant.count}
    return said | ({"problem": warrant.problem} if warrant.problem else {})


def _judge_clock(judgement: Judgement, sale: Sale) -> None:
    now = clock.now()
    if max(sale.placed_at, sale.committed_at) > now + _SKEW:
        evidence = {"committed_at": sale.committed_at.isoformat(), "ours": now.isoformat()}
        judgement.note(Flag(Reason.CLOCK_SUSPECT, evidence))


def _book_stock(judgement: Judgement, sale: Sale, fact: Fact, *, epoch: int) -> None:
    oversold = settle_sale(
        kiosk_id=fact.device_id,
        epoch=epoch,
        lines=sale.basket,
        at=sale.committed_at,
        handed_over=sale.handover == Handover.HANDED_OVER,
    )
    if oversold:
        judgement.note(Flag(Reason.OVERSOLD, {"products": oversold}))
