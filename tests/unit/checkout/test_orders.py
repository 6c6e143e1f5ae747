"""Placing an order: once, all or nothing, and the same answer for ever."""

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from edgeshop.catalog.models import Allotment, Product
from edgeshop.checkout.errors import (
    LimitExceeded,
    NumberReused,
    PriceChanged,
    StockShort,
    TenderRefused,
    TokenInvalid,
)
from edgeshop.checkout.models import Allocator, Grant, Number, Order, OrderLine, Review
from edgeshop.checkout.services import orders, sell_at_counter
from edgeshop.fleet.models import Kiosk
from edgeshop.journal.models import Record
from edgeshop.kernel import clock
from edgeshop.kernel.ids import ReceiptNumber
from edgeshop.vault.services import peek_jws
from tests.factories.checkout import APPLE, BREAD, CLOCK, DOLL, Browser, HeldClock, new_book, number_of, place

pytestmark = [pytest.mark.unit, pytest.mark.django_db]


def test_place_commits_order_number_and_fact_together(ada: Browser) -> None:
    envelope = ada.order((APPLE, 2), (BREAD, 1))

    answer = place(envelope)

    order = Order.objects.get()
    assert (answer.delivery, answer.payment, answer.handover, answer.review) == (
        "committed", "cleared", "handed_over", None,
    )  # fmt: skip
    assert (answer.total_minor, answer.currency, answer.number) == (899, "EUR", number_of(envelope))
    assert order.pk == ReceiptNumber.parse(answer.number).order_id
    assert list(order.lines.values_list("name", "qty", "unit_minor", "rate_bp")) == [
        ("Apple", 2, 250, 1900),
        ("Bread", 1, 399, 700),
    ]
    assert order.tax_by_rate == {"700": 26, "1900": 80}
    assert (order.net_minor, order.tax_minor, order.business_day.isoformat()) == (793, 106, "2026-11-02")
    assert Number.objects.get(pk=answer.number).state == "sold"
    assert Record.objects.filter(kind="checkout.order_completed.v1").count() == 1


def test_place_returns_first_answer_when_called_a_hundred_times(ada: Browser) -> None:
    envelope = ada.order()
    first = place(envelope)
    facts = Record.objects.count()

    answers = {repr(place(envelope, slip_shown=bool(n % 2))) for n in range(100)}

    assert answers == {repr(first)}
    assert (Order.objects.count(), OrderLine.objects.count(), Record.objects.count()) == (1, 1, facts)


def test_place_refuses_other_content_under_a_sold_number_and_opens_one_review(ada: Browser) -> None:
    first = place(ada.order((APPLE, 2)))
    other = ada.order((APPLE, 1))

    for _ in range(3):
        with pytest.raises(NumberReused):
            place(other, slip_shown=True)

    review = Review.objects.get()
    assert (review.reason, review.order.number_id) == ("TOKEN_REPLAY", first.number)
    assert review.evidence["lines"] == [[APPLE, 1, 250]]
    assert Order.objects.get().total_minor == 500
    assert Record.objects.filter(kind="checkout.order_replayed.v1").count() == 1


def nothing_happened() -> bool:
    """No order, no review, no stock taken, all numbers still out, and only the minting told to the cloud."""
    return (
        not Order.objects.exists()
        and not Review.objects.exists()
        and not Allotment.objects.exclude(taken=0).exists()
        and not Number.objects.exclude(state="outstanding").exists()
        and set(Record.objects.values_list("kind", flat=True)) <= {"checkout.numbers_minted.v1"}
    )


def test_place_refuses_a_changed_price_before_anything_is_spent(ada: Browser) -> None:
    new_book({APPLE: 275})

    with pytest.raises(PriceChanged) as refused:
        place(ada.order((APPLE, 2)))

    assert refused.value.fields == {"total_minor": 550, "book": 2}
    assert nothing_happened()


def test_place_takes_an_older_book_whose_prices_are_the_same_today(ada: Browser) -> None:
    new_book({BREAD: 425})

    answer = place(ada.order((APPLE, 2)))

    assert (answer.total_minor, answer.review, Order.objects.get().book) == (500, None, 2)


def test_place_refuses_a_withdrawn_product(ada: Browser) -> None:
    Product.objects.filter(pk=APPLE).update(is_active=False)

    with pytest.raises(StockShort) as refused:
        place(ada.order((APPLE, 2)))

    assert refused.value.fields == {"product_id": APPLE, "available": 0}
    assert nothing_happened()


def test_place_refuses_a_strict_product_beyond_the_allotment(ada: Browser) -> None:
    with pytest.raises(StockShort) as refused:
        place(ada.order((APPLE, 1), (CLOCK, 4)))

    assert refused.value.fields == {"product_id": CLOCK, "available": 3}
    assert nothing_happened()


def test_one_strict_unit_and_two_seats_makes_one_sale(ada: Browser, bea: Browser) -> None:
    Allotment.objects.filter(product=CLOCK).update(granted=1)
    place(ada.order((CLOCK, 1)))

    with pytest.raises(StockShort):
        place(bea.order((CLOCK, 1)))

    assert Order.objects.get().seat_id == uuid.UUID(ada.seat_id)
    assert Allotment.objects.get(product=CLOCK).taken == 1


def test_place_lets_only_cleared_money_exceed_a_tokens_limit(ada: Browser) -> None:
    poor = ada.tokens[0]
    Grant.objects.update(order_max_minor=400)
    rich = Browser().sit()
    rich.fetch_tokens(1)
    assert peek_jws(poor)[1]["max"] > peek_jws(rich.tokens[0])[1]["max"] == 400

    with pytest.raises(LimitExceeded) as refused:
        place(rich.order((APPLE, 2), tender="invoice"))
    assert refused.value.fields == {"total_minor": 500, "limit_minor": 400}
    assert nothing_happened()

    assert place(rich.order((APPLE, 2), tender="cash")).payment == "cleared"


@pytest.mark.parametrize(
    ("tender", "standing"),
    [
        ("cash", ("cleared", "handed_over", False)),
        ("card", ("cleared", "handed_over", False)),
        ("counter", ("due", "open", False)),
        ("invoice", ("due", "handed_over", True)),
    ],
)
def test_each_tender_starts_where_its_money_and_goods_are(
    ada: Browser, tender: str, standing: tuple[str, str, bool]
) -> None:
    place(ada.order(tender=tender))

    order = Order.objects.get()
    assert (order.payment, order.handover, order.is_on_grant) == standing
    assert Allocator.objects.get().spent_minor == (500 if order.is_on_grant else 0)


def test_cash_claimed_by_a_phone_is_only_a_promise(phone: Browser) -> None:
    phone.fetch_tokens(1)

    answer = place(phone.order(tender="cash"))

    assert (answer.payment, Order.objects.get().is_on_grant) == ("due", True)


def test_a_stale_epoch_sells_on_cleared_tenders_only(ada: Browser) -> None:
    Kiosk.objects.update(is_epoch_stale=True)

    for tender in ("invoice", "counter"):
        with pytest.raises(TenderRefused):
            place(ada.order(tender=tender))
    assert nothing_happened()

    assert place(ada.order(tender="card")).delivery == "committed"


def test_place_refuses_a_token_past_its_time_while_nothing_is_promised(ada: Browser, held_clock: HeldClock) -> None:
    envelope = ada.order()
    held_clock.move(hours=13)

    with pytest.raises(TokenInvalid):
        place(envelope)

    assert nothing_happened()


def test_place_refuses_a_returned_token(ada: Browser) -> None:
    ada.fetch_tokens(0, unspent=[number_of(ada.tokens[0])])

    with pytest.raises(TokenInvalid) as refused:
        place(ada.order())

    assert refused.value.fields["state"] == "returned"
    assert not Order.objects.exists()


def test_place_does_not_take_a_basket_sold_at_the_counter_for_its_own(ada: Browser) -> None:
    Number.objects.all().delete()  # a disk put back
    Allocator.objects.update(last_seq=0)
    sold = sell_at_counter(lines=[(APPLE, 1)], tender="cash", staff="ben", at=clock.now())
    envelope = ada.order((APPLE, 1), tender="cash")

    with pytest.raises(NumberReused):
        place(envelope)

    assert (sold.number, Order.objects.get().origin) == (number_of(envelope), "counter")


KILL_POINTS = ["take_stock", "append", "spend_number", "write_order", "open_reviews"]


@pytest.mark.parametrize("point", KILL_POINTS)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_crash_at_any_point_leaves_nothing_and_the_retry_makes_one_order(
    ada: Browser, monkeypatch: pytest.MonkeyPatch, point: str, when: str
) -> None:
    envelope, real = ada.order((APPLE, 2)), getattr(orders, point)

    def dies(*args: Any, **kwargs: Any) -> Any:
        if when == "after":
            real(*args, **kwargs)
        raise PowerCut

    monkeypatch.setattr(orders, point, dies)
    with pytest.raises(PowerCut):
        place(envelope)
    assert nothing_happened()

    monkeypatch.setattr(orders, point, real)
    assert place(envelope).number == place(envelope, slip_shown=True).number
    assert (Order.objects.count(), Allotment.objects.get(product=APPLE).taken) == (1, 2)


class PowerCut(Exception):
    """The plug is pulled here."""


def test_the_same_order_from_two_tabs_at_once_is_one_order(ada: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    envelope, real, nested = ada.order(), orders.open_envelope, []

    def other_tab_first(raw: str, **kwargs: Any) -> Any:
        monkeypatch.setattr(orders, "open_envelope", real)
        nested.append(place(envelope))
        return real(raw, **kwargs)

    monkeypatch.setattr(orders, "open_envelope", other_tab_first)
    answer = place(envelope)

    assert repr(answer) == repr(nested[0])
    assert (Order.objects.count(), Allotment.objects.get(product=APPLE).taken) == (1, 2)


def test_place_asks_the_database_as_often_for_three_lines_as_for_one(
    ada: Browser, django_assert_num_queries: Any
) -> None:
    one, three = ada.order((APPLE, 1)), ada.order((APPLE, 1), (BREAD, 1), (DOLL, 1), token=ada.tokens[1])

    with CaptureQueriesContext(connection) as first:
        place(one)
    with CaptureQueriesContext(connection) as second:
        place(three)

    assert len(second) - len(first) <= 2  # one UPDATE per counted product
    assert len(first) <= 45
