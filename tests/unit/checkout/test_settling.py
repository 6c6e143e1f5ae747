"""From the kiosk's journal into the cloud's ledger: every order once, settled or before a person."""

import json
from dataclasses import replace
from datetime import timedelta
from functools import reduce
from itertools import permutations
from typing import Any
from uuid import uuid4

import pytest

from edgeshop.catalog.models import Allotment, StockLevel
from edgeshop.catalog.queries import stock_discrepancies
from edgeshop.checkout.models import Grant, Number, Order, Review
from edgeshop.checkout.queries import receipt_gaps
from edgeshop.checkout.services import move_order, sell_at_counter, sweep_numbers, void_numbers
from edgeshop.checkout.services.orders import COMPLETED
from edgeshop.fleet.models import Kiosk
from edgeshop.journal.models import Quarantine, Record
from edgeshop.journal.registry import Outcome, handler_of
from edgeshop.journal.services import append, open_chain, receive
from edgeshop.kernel import clock, events
from edgeshop.kernel.facts import GENESIS, Fact, link
from tests.factories.checkout import (
    APPLE,
    BREAD,
    CLOCK,
    DOLL,
    KIOSK,
    Browser,
    Cloud,
    HeldClock,
    new_book,
    number_of,
    place,
    rolled_back,
)

pytestmark = [pytest.mark.unit, pytest.mark.django_db]
SETTLED = Outcome("settled", [])


def completed() -> tuple[Fact, dict[str, Any]]:
    """The kiosk's last sale as the cloud will get it."""
    record = Record.objects.filter(kind=COMPLETED).latest("seq")
    body = bytes(record.body)
    fact = Fact(record.device_id, record.epoch, record.seq, record.kind, body, bytes(record.chain))
    return fact, json.loads(body)


def apply(fact: Fact, body: dict[str, Any]) -> Outcome:
    """What the ledger makes of a fact."""
    handler = handler_of(fact.kind)
    assert handler is not None
    return handler(fact, body)


def test_an_order_settles_in_one_contact_and_the_kiosk_learns_it(ada: Browser, cloud: Cloud) -> None:
    answer = place(ada.order((APPLE, 2), (BREAD, 1)))

    outcomes = cloud.contact()

    assert outcomes == [SETTLED, SETTLED]
    with cloud():
        order = Order.objects.get()
        assert (order.number_id, order.delivery, order.total_minor) == (answer.number, "settled", 899)
        assert (order.fact, order.envelope) == ("12/1/2", "")
        assert list(order.lines.values_list("name", "unit_minor")) == [("Apple", 250), ("Bread", 399)]
        assert set(Number.objects.values_list("seq", "state")) == {
            (1, "sold"), (2, "outstanding"), (3, "outstanding"),
        }  # fmt: skip
        assert StockLevel.objects.get(product=APPLE).on_hand == 98
        assert stock_discrepancies() == []
    mine = Order.objects.get()
    assert (mine.delivery, mine.acknowledged_at, mine.settled_at) == ("settled", clock.now(), clock.now())


def test_a_fact_applied_a_hundred_times_makes_one_order_and_one_stock_movement(ada: Browser, cloud: Cloud) -> None:
    place(ada.order((APPLE, 2)))
    fact, body = completed()
    cloud.contact()

    with cloud():
        outcomes = [apply(fact, body) for _ in range(100)]
        assert outcomes == [SETTLED] * 100
        assert (Order.objects.count(), Review.objects.count()) == (1, 0)
        assert Allotment.objects.get(product=APPLE).taken == 2
        assert StockLevel.objects.get(product=APPLE).on_hand == 98


def test_facts_in_any_order_end_in_the_same_ledger(ada: Browser, cloud: Cloud) -> None:
    place(ada.order((APPLE, 1)))
    ada.fetch_tokens(0, unspent=[number_of(ada.tokens[2])])
    facts = [(r.kind, json.loads(r.body), r) for r in Record.objects.order_by("seq")]
    assert [kind.split(".")[1] for kind, _, _ in facts] == ["numbers_minted", "order_completed", "number_ended"]

    for order in permutations(facts):
        with cloud(), rolled_back():
            for kind, body, r in [*order, *order]:
                apply(Fact(r.device_id, r.epoch, r.seq, kind, bytes(r.body), bytes(r.chain)), body)
            assert Order.objects.get().total_minor == 250
            assert Number.objects.get(seq=1).state == "sold"
            assert Number.objects.get(seq=2).state == "outstanding"


def test_what_a_restored_kiosk_wonders_about_an_order_that_has_settled_is_answered(ada: Browser, cloud: Cloud) -> None:
    answer = place(ada.order((APPLE, 2)))
    fact, body = completed()
    cloud.contact()
    order = Order.objects.get(number=answer.number)
    Review.objects.create(order=order, reason="OLD_EPOCH", opened_at=clock.now())  # as it sold the same bytes again

    with cloud():
        doubted = body | {"flags": [["OLD_EPOCH", "", {"epoch": 1}]]}
        assert apply(fact, doubted) == SETTLED
        assert apply(fact, doubted) == SETTLED
        assert Order.objects.get().delivery == "settled"
    cloud.pull()

    assert list(Review.objects.values_list("reason", "decision", "decided_by")) == [("OLD_EPOCH", "accept", "ledger")]


def test_what_a_kiosk_wonders_about_another_order_under_a_number_is_answered_by_the_one_review_of_both(
    ada: Browser, cloud: Cloud
) -> None:
    place(ada.order((APPLE, 2)))
    fact, body = completed()
    cloud.contact()

    with cloud():
        other = body | {"envelope_sha256": "0" * 64, "flags": [["OLD_EPOCH", "", {"epoch": 1}]]}
        assert apply(fact, other) == Outcome("review", ["TOKEN_REPLAY"])

        reviews = Review.objects.values_list("reason", "decision", "decided_by")
        assert set(reviews) == {("TOKEN_REPLAY", "", ""), ("OLD_EPOCH", "accept", "ledger")}


def test_two_baskets_alike_sold_at_a_counter_under_one_number_are_two(ada: Browser, cloud: Cloud) -> None:
    sell_at_counter(lines=[(APPLE, 1)], tender="cash", staff="ben", at=clock.now())
    fact, body = completed()

    with cloud():
        assert [apply(fact, body).status for _ in range(2)] == ["settled", "settled"]
        assert apply(fact, body | {"placed_at": body["placed_at"] + 1000}) == Outcome("review", ["TOKEN_REPLAY"])
        assert Order.objects.count() == 1


def test_two_baskets_alike_of_two_seats_under_one_number_are_two(ada: Browser, cloud: Cloud) -> None:
    place(ada.order())
    fact, body = completed()
    cloud.contact()

    with cloud():
        assert apply(fact, body) == SETTLED
        assert apply(fact, body | {"seat_id": str(uuid4())}) == Outcome("review", ["TOKEN_REPLAY"])


def test_a_disk_put_back_sells_on_a_number_of_its_own_later_epoch(ada: Browser, cloud: Cloud) -> None:
    place(ada.order((APPLE, 2)))
    fact, body = completed()
    with cloud():
        Kiosk.objects.update(epoch=2)

        assert apply(fact, body | {"number": "3-12-2-1"}).status == "settled"

        assert Order.objects.get().epoch == 2


def test_a_step_that_comes_before_its_order_is_taken_when_that_has_come(ada: Browser, cloud: Cloud) -> None:
    number = place(ada.order((APPLE, 2), tender="counter")).number
    move_order(number=number, by="ann", at=clock.now(), payment="cleared")
    minted, order, step = Record.objects.order_by("seq")
    facts = [minted, step, order]
    bodies = [bytes(fact.body) for fact in facts]
    with cloud():
        head = reduce(link, bodies, GENESIS)

        done = receive(
            device_id=KIOSK, epoch=1, first_seq=1, kinds=[fact.kind for fact in facts], bodies=bodies, head=head
        )

        assert [outcome.reasons for _, outcome in done.outcomes] == [[], ["journal.fact_early"], []]
        assert (Order.objects.get().payment, Quarantine.objects.get().closed_at) == ("cleared", clock.now())


def test_other_content_under_a_settled_number_is_kept_for_a_person(ada: Browser, cloud: Cloud) -> None:
    envelope = ada.order((APPLE, 2))
    with rolled_back():  # the sale that a pulled disk took with it
        place(envelope)
        lost = completed()
    place(ada.order((BREAD, 1)))
    cloud.contact()

    with cloud():
        assert apply(*lost) == Outcome("review", ["TOKEN_REPLAY"])
        assert apply(*lost) == Outcome("review", ["TOKEN_REPLAY"])
        review = Review.objects.get()
        assert (Order.objects.get().total_minor, review.evidence["order"]["total_minor"]) == (399, 500)
    cloud.pull()
    assert Review.objects.get().reason == "TOKEN_REPLAY"
    assert Order.objects.get().delivery == "settled"


def test_a_replay_seen_by_the_kiosk_reaches_the_cloud(ada: Browser, cloud: Cloud) -> None:
    from edgeshop.checkout.errors import NumberReused

    place(ada.order((APPLE, 2)))
    other = ada.order((APPLE, 1))
    with pytest.raises(NumberReused):
        place(other, slip_shown=True)

    cloud.contact()

    with cloud():
        review = Review.objects.get()
        assert (review.reason, review.evidence["envelope"]) == ("TOKEN_REPLAY", other)


def test_an_odd_order_waits_acknowledged_and_staff_are_told(
    ada: Browser, cloud: Cloud, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    told: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr(events, "publish", lambda kind, **payload: told.append((kind, payload)))
    envelope = ada.order((APPLE, 2), total=1)
    place(envelope, slip_shown=True)

    with django_capture_on_commit_callbacks(execute=True):
        cloud.contact()

    with cloud():
        order = Order.objects.get()
        assert (order.delivery, order.envelope) == ("acknowledged", envelope)
    assert Order.objects.get().delivery == "acknowledged"
    number = number_of(envelope)
    assert ("review.opened", {"number": number, "reasons": ["ENVELOPE_MISMATCH"]}) in told
    assert ("order.acknowledged", {"number": number, "delivery": "acknowledged"}) in told


CHANGES: list[tuple[dict[str, Any], list[str]]] = [
    ({"total_minor": 400, "net_minor": 320, "tax_minor": 80}, ["ENVELOPE_MISMATCH"]),
    ({"lines": [[APPLE, 1, 250, 1900, 0]]}, ["ENVELOPE_MISMATCH"]),
    ({"tax_minor": 0, "net_minor": 500}, ["ENVELOPE_MISMATCH"]),
    ({"currency": "USD"}, ["ENVELOPE_MISMATCH"]),
    ({"book": 99}, ["PRICE_DRIFT"]),
    ({"lines": [[999, 2, 250, 1900, 0]]}, ["PRODUCT_WITHDRAWN"]),
    ({"number": "3-12-1-77"}, ["CHAIN_GAP"]),
    ({"flags": [["FROM_THE_FUTURE", "", {}]]}, ["SCHEMA_TOO_OLD"]),
]


@pytest.mark.parametrize(("changed", "reasons"), CHANGES)
def test_a_fact_that_does_not_add_up_is_kept_and_looked_at(
    ada: Browser, cloud: Cloud, changed: dict[str, Any], reasons: list[str]
) -> None:
    cloud.contact()
    place(ada.order((APPLE, 2)))
    fact, body = completed()

    with cloud():
        assert apply(fact, body | changed) == Outcome("review", reasons)
        assert Order.objects.get().delivery == "acknowledged"


@pytest.mark.parametrize(
    "changed",
    [{"number": "3-13-1-1"}, {"number": "3-12-2-1"}, {"number": "x"}, {"lines": [[1, 2]]}, {"origin": "moon"}],
)
def test_a_fact_its_kiosk_cannot_tell_is_set_aside_with_nothing_written(
    ada: Browser, cloud: Cloud, changed: dict[str, Any]
) -> None:
    from edgeshop.checkout.errors import FactInvalid

    place(ada.order())
    fact, body = completed()

    with cloud(), pytest.raises(FactInvalid):
        apply(fact, body | changed)

    with cloud():
        assert not Order.objects.exists()
        assert not Number.objects.exists()


def test_one_poisonous_fact_does_not_stop_the_others(ada: Browser, cloud: Cloud) -> None:
    append(COMPLETED, {"number": "rubbish"})
    place(ada.order())

    outcomes = [outcome.status for outcome in cloud.contact()]

    assert outcomes == ["settled", "quarantined", "settled"]
    with cloud():
        assert (Order.objects.count(), Quarantine.objects.get().code) == (1, "checkout.fact_invalid")


def test_a_price_the_kiosk_had_not_heard_of_settles_within_a_tenth(
    ada: Browser, cloud: Cloud, held_clock: HeldClock
) -> None:
    with cloud():
        new_book({APPLE: 270, DOLL: 1_500})
    held_clock.move(minutes=5)
    place(ada.order((APPLE, 2)))
    place(ada.order((DOLL, 1), token=ada.tokens[1]))

    outcomes = cloud.contact()

    assert outcomes == [SETTLED, SETTLED, Outcome("review", ["PRICE_DRIFT"])]
    with cloud():
        assert Review.objects.get().evidence == {"sold_as": 1_050, "now": 1_500, "book": 1, "book_now": 2}


def test_more_on_the_grant_than_the_cloud_ever_gave_is_looked_at(ada: Browser, cloud: Cloud) -> None:
    with cloud():
        Grant.objects.update(sum_ceil_minor=700)
    place(ada.order((APPLE, 2), tender="invoice"))
    place(ada.order((APPLE, 2), tender="invoice", token=ada.tokens[1]))

    assert cloud.contact() == [SETTLED, SETTLED, Outcome("review", ["LIMIT_EXCEEDED"])]


def test_an_older_epochs_number_is_looked_at(ada: Browser, cloud: Cloud) -> None:
    envelope = ada.order()
    cloud.contact()
    Kiosk.objects.update(epoch=2)
    open_chain(device_id=12, epoch=2)
    place(envelope, slip_shown=True)

    assert cloud.contact() == [Outcome("review", ["OLD_EPOCH"])]


def test_a_kiosk_clock_far_ahead_is_looked_at(ada: Browser, cloud: Cloud, held_clock: HeldClock) -> None:
    held_clock.move(hours=1)
    place(ada.order())
    held_clock.move(hours=-1)

    assert cloud.contact() == [SETTLED, Outcome("review", ["CLOCK_SUSPECT"])]


def test_the_last_strict_unit_sold_by_a_lost_kiosk_is_oversold(ada: Browser, cloud: Cloud) -> None:
    place(ada.order((CLOCK, 3)))
    with cloud():
        Allotment.objects.filter(product=CLOCK).update(taken=3)  # declared lost, and sold elsewhere

    assert cloud.contact() == [SETTLED, Outcome("review", ["OVERSOLD"])]


def test_counter_sales_settle_too(till: Kiosk, cloud: Cloud) -> None:
    sell_at_counter(lines=[(APPLE, 1)], tender="cash", staff="ben", at=clock.now())

    assert cloud.contact() == [SETTLED]

    with cloud():
        order = Order.objects.get()
        assert (order.origin, order.sold_by, order.number.state) == ("counter", "ben", "sold")
        assert receipt_gaps() == []


def test_unaccounted_numbers_are_alarmed_with_their_value_and_a_late_order_still_settles(
    ada: Browser, cloud: Cloud, held_clock: HeldClock, monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    told: list[dict[str, Any]] = []
    monkeypatch.setattr(events, "publish", lambda kind, **p: told.append(p) if kind == "numbers.unaccounted" else None)
    envelope = ada.order()
    held_clock.move(hours=13)
    with django_capture_on_commit_callbacks(execute=True):
        sweep_numbers(at=clock.now())
        assert sweep_numbers(at=clock.now()) == []
        cloud.contact()

    names = [f"3-12-1-{n}" for n in (1, 2, 3)]
    assert told == [{"numbers": names, "phones": 0, "value_minor": 1_500_000}] * 2
    with cloud():
        assert set(Number.objects.values_list("state", flat=True)) == {"unaccounted"}

    place(envelope, slip_shown=True)
    assert cloud.contact() == [SETTLED]
    with cloud():
        assert Number.objects.get(seq=1).state == "sold"


def test_a_phones_missing_numbers_are_only_counted(
    phone: Browser, held_clock: HeldClock, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    told: list[dict[str, Any]] = []
    monkeypatch.setattr(events, "publish", lambda _kind, **payload: told.append(payload))
    phone.fetch_tokens(2)
    held_clock.move(hours=13)

    with django_capture_on_commit_callbacks(execute=True):
        sweep_numbers(at=clock.now())

    assert told == [{"numbers": [], "phones": 2, "value_minor": 1_000_000}]


def test_the_cloud_sweeps_older_epochs_whose_disk_may_be_gone(
    ada: Browser, cloud: Cloud, held_clock: HeldClock
) -> None:
    cloud.contact()
    held_clock.move(hours=13)
    with cloud():
        assert sweep_numbers(at=clock.now()) == []
        Kiosk.objects.update(epoch=2)
        assert len(sweep_numbers(at=clock.now())) == 3


def test_a_number_written_off_by_the_cloud_ends_on_the_kiosk(ada: Browser, cloud: Cloud, held_clock: HeldClock) -> None:
    held_clock.move(hours=13)
    missing = sweep_numbers(at=clock.now())
    cloud.contact()
    with cloud():
        assert void_numbers(numbers=missing, reason="wiped", by="ben", at=clock.now()) == missing
        assert void_numbers(numbers=missing, reason="wiped", by="ben", at=clock.now()) == []

    cloud.pull()

    assert set(Number.objects.values_list("state", "reason")) == {("void", "wiped")}


def test_money_and_goods_that_come_later_reach_the_ledger(ada: Browser, cloud: Cloud, held_clock: HeldClock) -> None:
    number = place(ada.order((APPLE, 2), tender="counter")).number
    cloud.contact()
    with cloud():
        assert (StockLevel.objects.get(product=APPLE).on_hand, Order.objects.get().payment) == (100, "due")

    held_clock.move(minutes=3)
    move_order(number=number, payment="cleared", handover="handed_over", by="ben", at=clock.now())
    move_order(number=number, payment="cleared", by="ben", at=clock.now())

    assert cloud.contact() == [SETTLED]
    with cloud():
        order = Order.objects.get()
        assert (order.payment, order.handover) == ("cleared", "handed_over")
        assert list(order.moves.values_list("field", "before", "after", "by")) == [
            ("payment", "due", "cleared", "ben"),
            ("handover", "open", "handed_over", "ben"),
        ]
        assert StockLevel.objects.get(product=APPLE).on_hand == 98
        assert stock_discrepancies() == []


def test_a_declined_payment_calls_for_a_person(ada: Browser, cloud: Cloud) -> None:
    number = place(ada.order(tender="invoice")).number
    move_order(number=number, payment="declined", by="ben", at=clock.now())

    cloud.contact()

    with cloud():
        assert Review.objects.get().reason == "PAYMENT_DECLINED"


def test_an_order_is_placed_and_settled_at_their_own_times(ada: Browser, cloud: Cloud, held_clock: HeldClock) -> None:
    placed_at = held_clock.at
    envelope = ada.order()
    committed_at = held_clock.move(hours=2)
    place(envelope, slip_shown=True)
    settled_at = held_clock.move(days=2)

    cloud.contact()

    order = Order.objects.get()
    assert (order.placed_at, order.committed_at, order.settled_at) == (placed_at, committed_at, settled_at)
    assert settled_at - placed_at == timedelta(days=2, hours=2)


def test_stock_is_booked_where_it_was_taken_though_a_newer_journal_tells_it(ada: Browser, cloud: Cloud) -> None:
    place(ada.order((APPLE, 2)))
    fact, body = completed()

    with cloud():
        Kiosk.objects.update(epoch=2)
        assert apply(replace(fact, epoch=2, seq=1), body).reasons[0] == "OLD_EPOCH"
        assert dict(Allotment.objects.filter(product=APPLE).values_list("epoch", "taken")) == {1: 2}
        assert stock_discrepancies() == []
