"""Orders whose slip is out: always committed, with the reasons a person should look."""

import json
import uuid
from typing import Any

import pytest

from edgeshop.catalog.models import Allotment, PriceBook, Product
from edgeshop.checkout.errors import TokenInvalid
from edgeshop.checkout.models import Grant, Number, Order, Review, Seat
from edgeshop.checkout.services import sweep_numbers
from edgeshop.checkout.services.orders import COMPLETED
from edgeshop.fleet.models import Kiosk
from edgeshop.journal.models import Record
from edgeshop.journal.services import open_chain
from edgeshop.kernel import clock
from tests.factories.checkout import (
    APPLE,
    BREAD,
    CLOCK,
    PRICES,
    RATES,
    Browser,
    Cloud,
    HeldClock,
    new_book,
    number_of,
    place,
)

pytestmark = [pytest.mark.unit, pytest.mark.django_db]


def evidence(reason: str) -> dict[str, Any]:
    """What a person is shown about the one review of a reason."""
    return dict(Review.objects.get(reason=reason).evidence)


def test_a_well_made_offline_order_needs_nobody(ada: Browser, held_clock: HeldClock) -> None:
    envelope = ada.order((APPLE, 2))
    held_clock.move(hours=5)

    answer = place(envelope, slip_shown=True)

    order = Order.objects.get()
    assert (answer.review, answer.payment, answer.total_minor) == (None, "cleared", 500)
    assert (order.is_slip_shown, order.placed_at.hour, order.committed_at.hour) == (True, 10, 15)


def test_a_lost_answer_at_pay_and_a_slip_after_it_make_one_order(ada: Browser) -> None:
    envelope = ada.order()
    first = place(envelope, slip_shown=False)

    assert repr(place(envelope, slip_shown=True)) == repr(first)
    assert (Order.objects.count(), Order.objects.get().is_slip_shown) == (1, False)


def test_a_price_published_after_the_sale_changes_nothing(ada: Browser, held_clock: HeldClock) -> None:
    envelope = ada.order((APPLE, 2))
    held_clock.move(hours=1)
    new_book({APPLE: 900})

    answer = place(envelope, slip_shown=True)

    assert (answer.total_minor, answer.review) == (500, None)


@pytest.mark.parametrize(("now", "reasons"), [(275, None), (227, ["PRICE_DRIFT"]), (278, ["PRICE_DRIFT"])])
def test_a_price_the_browser_had_not_heard_of_flags_beyond_a_tenth(
    ada: Browser, held_clock: HeldClock, now: int, reasons: list[str] | None
) -> None:
    new_book({APPLE: now})
    held_clock.move(minutes=10)

    answer = place(ada.order((APPLE, 2)), slip_shown=True)

    assert (answer.total_minor, answer.review) == (500, reasons)
    if reasons:
        assert evidence("PRICE_DRIFT") == {"sold_as": 500, "now": 2 * now, "book": 1, "book_now": 2}


def test_a_small_drift_flags_once_its_book_is_three_days_old(till: Kiosk, cloud: Cloud, held_clock: HeldClock) -> None:
    new_book({APPLE: 255})
    held_clock.move(hours=73)
    cloud.grant()
    late = Browser().sit()
    late.fetch_tokens(1)

    assert place(late.order((APPLE, 2)), slip_shown=True).review == ["PRICE_DRIFT"]


def test_tax_that_changed_before_the_sale_is_looked_at(ada: Browser, held_clock: HeldClock) -> None:
    new_book({}, rates=RATES | {"standard": 2000})
    held_clock.move(minutes=1)

    answer = place(ada.order((APPLE, 2)), slip_shown=True)

    assert answer.review == ["TAX_CHANGED"]
    assert Order.objects.get().tax_by_rate == {"1900": 80}


def test_prices_the_book_does_not_have_are_charged_as_shown_and_looked_at(ada: Browser) -> None:
    envelope = ada.order(lines=[[APPLE, 2, 200], [BREAD, 1, 399]], total=799)

    answer = place(envelope, slip_shown=True)

    order = Order.objects.get()
    assert (answer.total_minor, answer.review) == (799, ["ENVELOPE_MISMATCH"])
    assert order.net_minor + order.tax_minor == 799
    assert evidence("ENVELOPE_MISMATCH") == {
        "sold_as": {"unit_minor": [200, 399], "total_minor": 799},
        "book": {"unit_minor": [250, 399], "total_minor": 899},
    }


def test_a_total_that_is_not_the_sum_is_charged_as_shown_and_looked_at(ada: Browser) -> None:
    assert place(ada.order((APPLE, 2), total=1), slip_shown=True).review == ["ENVELOPE_MISMATCH"]
    assert Order.objects.get().total_minor == 1


def test_a_book_nobody_knows_is_looked_at(ada: Browser) -> None:
    answer = place(ada.order((APPLE, 2), book=77), slip_shown=True)

    assert (answer.review, answer.total_minor) == (["PRICE_DRIFT"], 500)
    assert Order.objects.get().lines.get().name == "Apple"


def test_a_product_nobody_knows_is_sold_as_shown(ada: Browser) -> None:
    envelope = ada.order(lines=[[999, 1, 120]], total=120)

    answer = place(envelope, slip_shown=True)

    assert answer.review == ["PRODUCT_WITHDRAWN"]
    assert Order.objects.get().lines.values_list("product_id", "name", "unit_minor").get() == (999, "#999", 120)


def test_a_product_withdrawn_meanwhile_is_sold_and_looked_at(ada: Browser) -> None:
    Product.objects.filter(pk=APPLE).update(is_active=False)

    assert place(ada.order((APPLE, 1)), slip_shown=True).review == ["PRODUCT_WITHDRAWN"]
    assert evidence("PRODUCT_WITHDRAWN") == {"products": [APPLE]}


def test_the_last_strict_unit_sold_on_two_slips_is_oversold_once(ada: Browser, bea: Browser) -> None:
    Allotment.objects.filter(product=CLOCK).update(granted=1)

    first = place(ada.order((CLOCK, 1)), slip_shown=True)
    second = place(bea.order((CLOCK, 1)), slip_shown=True)

    assert (first.review, second.review) == (None, ["OVERSOLD"])
    assert evidence("OVERSOLD") == {"products": [CLOCK]}
    assert Allotment.objects.get(product=CLOCK).taken == 2


def test_an_order_placed_after_its_token_was_over_is_looked_at(ada: Browser, held_clock: HeldClock) -> None:
    held_clock.move(hours=12, minutes=1)

    assert place(ada.order(), slip_shown=True).review == ["TOKEN_EXPIRED"]


def test_an_order_placed_in_time_may_come_days_later(ada: Browser, held_clock: HeldClock) -> None:
    envelope = ada.order()
    number = number_of(envelope)
    held_clock.move(days=9)
    assert number in sweep_numbers(at=clock.now())
    assert Number.objects.get(pk=number).state == "unaccounted"

    assert place(envelope, slip_shown=True).review is None

    assert Number.objects.get(pk=number).state == "sold"


def test_a_token_reported_unspent_and_then_sold_is_looked_at(ada: Browser) -> None:
    envelope = ada.order()
    ada.fetch_tokens(0, unspent=[number_of(envelope)])

    assert place(envelope, slip_shown=True).review == ["TOKEN_REVOKED"]
    assert evidence("TOKEN_REVOKED") == {"state": "returned", "why": "returned_by_seat"}


def test_more_than_the_token_allows_is_looked_at_even_when_it_says_cash(ada: Browser) -> None:
    Grant.objects.update(order_max_minor=400)
    poor = Browser().sit()
    poor.fetch_tokens(1)

    assert place(poor.order((APPLE, 2), tender="cash"), slip_shown=True).review == ["LIMIT_EXCEEDED"]
    assert evidence("LIMIT_EXCEEDED") == {"total_minor": 500, "limit_minor": 400}


@pytest.mark.parametrize(("minutes", "reasons"), [(4, None), (6, ["CLOCK_SUSPECT"]), (-6, ["CLOCK_SUSPECT"])])
def test_a_browser_clock_far_off_is_looked_at_and_the_instant_held_to_what_can_be(
    ada: Browser, held_clock: HeldClock, minutes: int, reasons: list[str] | None
) -> None:
    now = held_clock.timestamp()

    answer = place(ada.order(at=now + 60 * minutes), slip_shown=True)

    assert answer.review == reasons
    assert answer.placed_at == held_clock.at


def test_a_token_of_an_older_epoch_is_taken_into_review(ada: Browser) -> None:
    envelope = ada.order()
    Kiosk.objects.update(epoch=2)
    open_chain(device_id=12, epoch=2)

    assert place(envelope, slip_shown=True).review == ["OLD_EPOCH"]
    assert evidence("OLD_EPOCH") == {"epoch": 1, "epoch_now": 2, "is_known": True}
    assert Order.objects.get().epoch == 1


def test_a_token_that_a_restored_kiosk_has_forgotten_is_taken_into_review(ada: Browser) -> None:
    envelope = ada.order()
    Number.objects.all().delete()

    assert place(envelope, slip_shown=True).review == ["OLD_EPOCH"]
    assert Number.objects.get().state == "sold"


def test_a_number_that_a_restored_disk_gave_to_another_seat_is_refused_while_there_is_a_choice(ada: Browser) -> None:
    envelope, somebody = ada.order(), uuid.uuid4()
    Number.objects.filter(pk=number_of(envelope)).update(seat_id=somebody)

    with pytest.raises(TokenInvalid):
        place(envelope)

    assert Number.objects.get(pk=number_of(envelope)).state == "outstanding"
    assert place(envelope, slip_shown=True).review == ["OLD_EPOCH"]
    assert evidence("OLD_EPOCH") == {"seat": str(Seat.objects.get().pk), "seat_now": str(somebody)}


def test_many_things_wrong_at_once_still_make_one_order_with_each_reason(ada: Browser, held_clock: HeldClock) -> None:
    new_book({APPLE: 1_000})
    Allotment.objects.filter(product=CLOCK).update(granted=0)
    held_clock.move(hours=13)

    answer = place(ada.order((APPLE, 1), (CLOCK, 1), tender="invoice"), slip_shown=True)

    assert answer.review == ["TOKEN_EXPIRED", "PRICE_DRIFT", "OVERSOLD"]
    assert answer.total_minor == PRICES[APPLE] + PRICES[CLOCK]
    assert PriceBook.objects.count() == 2


def test_the_envelope_goes_up_only_where_a_person_must_judge(ada: Browser) -> None:
    fine, odd = ada.order((APPLE, 1)), ada.order((APPLE, 1), token=ada.tokens[1], total=1)
    place(fine, slip_shown=True)
    place(odd, slip_shown=True)

    bodies = [json.loads(r.body) for r in Record.objects.filter(kind=COMPLETED).order_by("seq")]

    assert ["envelope" in body for body in bodies] == [False, True]
    assert bodies[1]["envelope"] == odd
