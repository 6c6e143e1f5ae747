"""The cloud's side: what a kiosk's facts about numbers and orders do to the ledger. Each is safe to apply again."""

from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from edgeshop.checkout.enums import Decision, NumberState, Payment, Reason, TenderCode
from edgeshop.checkout.errors import FactInvalid
from edgeshop.checkout.models import Number, Order, Review
from edgeshop.checkout.services.judgement import from_wire
from edgeshop.checkout.services.numbers import mark_ended, value_at_risk
from edgeshop.checkout.services.outcomes import is_forward, mark_changed
from edgeshop.checkout.services.progress import apply_moves
from edgeshop.checkout.services.record import open_reviews
from edgeshop.checkout.services.replies import open_reasons
from edgeshop.fleet.models import Kiosk
from edgeshop.journal.errors import FactEarly
from edgeshop.journal.registry import Outcome
from edgeshop.kernel import clock, events
from edgeshop.kernel.errors import InvalidInput
from edgeshop.kernel.facts import Fact
from edgeshop.kernel.ids import ReceiptNumber


def take_minted(fact: Fact, body: dict[str, Any]) -> Outcome:
    """Numbers are out: each will have to end. Raises: FactInvalid."""
    shop_id = Kiosk.objects.values_list("shop_id", flat=True).get(pk=fact.device_id)
    if body["shop"] != shop_id or not 0 < body["epoch"] <= fact.epoch:
        raise FactInvalid("These numbers are not this kiosk's to give.", shop=body["shop"], epoch=body["epoch"])
    rows = [_minted(fact, body, *row) for row in body["numbers"]]
    Number.objects.bulk_create(rows, update_conflicts=True, unique_fields=["number"], update_fields=_BORN_WITH)
    return Outcome()


_BORN_WITH = ["seat_id", "purpose", "grant_id", "max_minor", "minted_at", "expires_at"]


def _minted(fact: Fact, body: dict[str, Any], seq: int, max_minor: int, expires_s: int) -> Number:
    return Number(
        number=str(ReceiptNumber(body["shop"], fact.device_id, body["epoch"], seq)),
        kiosk_id=fact.device_id,
        epoch=body["epoch"],
        seq=seq,
        seat_id=body["seat"],
        purpose=body["purpose"],
        grant_id=body["grant"],
        max_minor=max_minor,
        minted_at=instant(body["at"]),
        expires_at=instant(expires_s),
    )


def take_ended(fact: Fact, body: dict[str, Any]) -> Outcome:
    """Numbers have ended without a sale, or are missing; those sold meanwhile stay sold. A disk put back, which ends
    them in another way than it did before, is told how. Raises: FactInvalid."""
    own = [own_number(fact, name) for name in body["numbers"]]
    state, at = NumberState(body["state"]), instant(body["at"])
    Number.objects.bulk_create([_met_late(number, at) for number in own], ignore_conflicts=True)
    names = [str(number) for number in own]
    ended = mark_ended(numbers=names, state=state, reason=body["reason"], at=at)
    if len(ended) < len(names):
        mark_changed(
            fact.device_id, *Number.objects.filter(pk__in=names).exclude(state=state).values_list("pk", flat=True)
        )
    if state == NumberState.UNACCOUNTED:
        alert_unaccounted(ended)
    return Outcome()


def _met_late(number: ReceiptNumber, at: datetime) -> Number:
    """A number whose minting we have not heard of, or not yet."""
    return Number(number=str(number), kiosk_id=number.kiosk, epoch=number.epoch, seq=number.seq, minted_at=at)


def alert_unaccounted(numbers: list[str]) -> None:
    """Tell staff, after commit, that numbers are missing and what they may be worth. Phones' are only counted."""
    screens = Number.objects.filter(pk__in=numbers).exclude(purpose="phone").values_list("pk", flat=True)
    named, value = list(screens), value_at_risk(numbers)
    if numbers:
        phones = len(numbers) - len(named)
        transaction.on_commit(
            lambda: events.publish("numbers.unaccounted", numbers=named, phones=phones, value_minor=value)
        )


def take_replayed(fact: Fact, body: dict[str, Any]) -> Outcome:
    """Somebody sent other content under a number that is sold. Raises: FactInvalid; FactEarly without such an order."""
    order = _own_order(fact, body["number"])
    announce_reviews(order, open_reviews(order, from_wire(body["flags"]), at=clock.now()))
    mark_changed(fact.device_id, order.number_id)
    return Outcome("review", [Reason.TOKEN_REPLAY])


def announce_reviews(order: Order, opened: list[Review]) -> None:
    """Tell staff, after commit, that somebody has to look at an order."""
    number, reasons = order.number_id, [review.reason for review in opened]
    if reasons:
        transaction.on_commit(lambda: events.publish("review.opened", number=number, reasons=reasons))


def take_moved(fact: Fact, body: dict[str, Any]) -> Outcome:
    """Money or goods have come further on the kiosk; what the ledger has passed is left.

    Raises: FactInvalid; FactEarly without such an order.

    An attendant can tell that cash is in the drawer, not that an invoice is paid: from a kiosk that is a claim, and
    the window refills when the cloud clears it.
    """
    order = _own_order(fact, body["number"])
    if order.tender == TenderCode.INVOICE and body["payment"] == Payment.CLEARED:
        body = body | {"payment": Payment.PAID}
    steps = {f: body[f] if is_forward(f, getattr(order, f), body[f]) else "" for f in ("payment", "handover")}
    apply_moves(order, payment=steps["payment"], handover=steps["handover"], by=body["by"], at=instant(body["at"]))
    is_as_told = all(getattr(order, f) == body[f] for f in steps if body[f]) and not open_reasons(order)
    mark_changed(fact.device_id, order.number_id, known_to=fact.known_to if is_as_told else None)
    return Outcome(reasons=open_reasons(order) or [])


def take_proposed(fact: Fact, body: dict[str, Any]) -> Outcome:
    """The kiosk's staff say what they would decide. Raises: FactInvalid, FactEarly."""
    order = _own_order(fact, body["number"])
    same = Review.objects.filter(order=order, reason=body["reason"], subject=body["subject"], decision="")
    same.update(proposal=Decision(body["proposal"]), proposed_by=body["by"])
    return Outcome()


def own_number(fact: Fact, name: str) -> ReceiptNumber:
    """The number, when it is one that this kiosk can speak of: a disk put back meets numbers of its own later epochs.

    Raises: FactInvalid.
    """
    try:
        number = ReceiptNumber.parse(name)
    except InvalidInput as odd:
        raise FactInvalid("This is no receipt number.", number=str(name)[:44]) from odd
    is_given = number.epoch <= fact.epoch or Kiosk.objects.filter(pk=number.kiosk, epoch__gte=number.epoch).exists()
    if number.kiosk != fact.device_id or not is_given:
        raise FactInvalid("This number is not this kiosk's.", number=name, kiosk_id=fact.device_id)
    return number


def _own_order(fact: Fact, name: str) -> Order:
    order = Order.objects.filter(number=str(own_number(fact, name))).first()
    if order is None:
        raise FactEarly("There is no order under this number yet.", number=name)
    return order


def instant(seconds: int) -> datetime:
    """Unix seconds as aware UTC."""
    return datetime.fromtimestamp(seconds, UTC)
