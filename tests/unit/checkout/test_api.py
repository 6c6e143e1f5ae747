"""The checkout over HTTP: the contract's shapes, and one shape of error."""

from typing import Any

import pytest
from django.test import Client

from edgeshop.checkout.errors import NumberReused
from edgeshop.checkout.models import Order, Review
from edgeshop.checkout.services.envelope import open_envelope
from edgeshop.fleet.models import Kiosk
from edgeshop.fleet.queries import this_kiosk
from edgeshop.kernel import clock
from tests.factories.checkout import APPLE, BREAD, Browser, Cloud, HeldClock, new_book, number_of, place

pytestmark = [pytest.mark.unit, pytest.mark.django_db]


def post(client: Client, path: str, **body: Any) -> tuple[int, Any]:
    """Status and JSON of one POST."""
    answer = client.post(f"/api{path}", body, content_type="application/json")
    return answer.status_code, answer.json()


def test_a_browser_gets_a_seat_tokens_and_sells(till: Kiosk, client: Client, held_clock: HeldClock) -> None:
    ada = Browser()

    status, seat = post(client, "/seats", jwk=ada.jwk, purpose="screen")
    assert (status, set(seat)) == (200, {"seat", "seat_id", "expires_at", "purpose"})
    ada.seat, ada.seat_id = seat["seat"], seat["seat_id"]
    status, tokens = post(client, "/tokens", seat=ada.seat, request=ada.token_request(2))
    assert (status, len(tokens["tokens"]), tokens["released"]) == (200, 2, [])
    ada.tokens = tokens["tokens"]
    status, order = post(client, "/orders", order=ada.order((APPLE, 2)), slip_shown=False)

    found = Order.objects.get()
    assert status == 200
    assert order == {
        "number": "3-12-1-1",
        "order_id": str(found.pk),
        "delivery": "committed",
        "payment": "cleared",
        "handover": "handed_over",
        "review": None,
        "total_minor": 500,
        "currency": "EUR",
        "receipt_key": found.receipt_key,
        "placed_at": "2026-11-02T10:00:00Z",
    }


def test_a_refusal_says_what_to_do_next(ada: Browser, client: Client) -> None:
    new_book({APPLE: 300})

    status, error = post(client, "/orders", order=ada.order((APPLE, 2)), slip_shown=False)

    assert status == 409
    assert error.pop("request_id")
    assert error == {
        "code": "checkout.price_changed",
        "message": "The price has changed.",
        "retry": "later",
        "fields": {"total_minor": 600, "book": 2},
    }
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("/seats", {"jwk": {}, "purpose": "screen"}, 422, "kernel.invalid_input"),
        ("/seats", {"jwk": {"kty": "EC", "crv": "P-256", "x": "A" * 43, "y": "A" * 43}, "purpose": "phone"}, 422, None),
        ("/tokens", {"seat": "x" * 30, "request": "y" * 30}, 403, "checkout.seat_invalid"),
        ("/orders", {"order": "x" * 30, "slip_shown": True}, 422, "checkout.envelope_invalid"),
        ("/orders", {"order": "x" * 30}, 422, "kernel.invalid_input"),
        ("/orders/status", {"numbers": ["1-1-1-1"] * 51}, 422, "kernel.invalid_input"),
        ("/orders/status", {"numbers": [], "contents": {"1-1-1-1": "short"}}, 422, "kernel.invalid_input"),
    ],
)
def test_rubbish_is_refused_in_the_one_shape(
    till: Kiosk, client: Client, path: str, body: dict[str, Any], status: int, code: str | None
) -> None:
    got, error = post(client, path, **body)

    assert (got, set(error)) == (status, {"code", "message", "retry", "fields", "request_id"})
    assert code in {None, error["code"]}


def test_status_tells_where_orders_stand_in_the_order_asked(ada: Browser, cloud: Cloud, client: Client) -> None:
    settled = place(ada.order()).number
    cloud.contact()
    odd = place(ada.order(total=1, token=ada.tokens[1]), slip_shown=True).number

    status, answer = post(client, "/orders/status", numbers=[odd, "3-12-1-99", settled])

    unknown = {"delivery": None, "payment": None, "handover": None, "review": None}
    done = {"payment": "cleared", "handover": "handed_over"}
    assert status == 200
    assert answer["orders"] == [
        {"number": odd, "known": True, "delivery": "committed", "review": ["ENVELOPE_MISMATCH"]} | done,
        {"number": "3-12-1-99", "known": False} | unknown,
        {"number": settled, "known": True, "delivery": "settled", "review": None} | done,
    ]


def test_status_tells_of_the_content_that_is_asked_for(ada: Browser, cloud: Cloud, client: Client) -> None:
    ours, theirs = ada.order((APPLE, 1)), ada.order((APPLE, 3))
    number = place(ours).number
    mine, other = (open_envelope(order, kiosk=this_kiosk()).sha256 for order in (ours, theirs))

    def asked(sha256: str) -> dict[str, Any]:
        return post(client, "/orders/status", numbers=[number], contents={number: sha256})[1]["orders"][0]

    assert (asked(mine)["known"], asked(other)["known"], asked("0" * 64)["known"]) == (True, False, False)
    with pytest.raises(NumberReused):
        place(theirs, slip_shown=True)
    waits = {"known": True, "delivery": "committed", "payment": "due", "handover": "open", "review": ["TOKEN_REPLAY"]}
    assert asked(other) == {"number": number} | waits
    Review.objects.update(decision="accept", decided_by="bea", decided_at=clock.now())
    assert asked(other) == {"number": number} | waits | {"delivery": "settled", "review": None}
    assert asked(mine)["delivery"] == "committed"


def test_status_asks_the_database_as_often_for_three_as_for_one(
    ada: Browser, client: Client, django_assert_num_queries: Any
) -> None:
    numbers = [place(ada.order((APPLE, 1), token=token)).number for token in ada.tokens]

    for some in (numbers[:1], numbers):
        with django_assert_num_queries(2):
            post(client, "/orders/status", numbers=some, contents=dict.fromkeys(some, "0" * 64))


def test_a_receipt_says_all_that_a_receipt_must(ada: Browser, client: Client) -> None:
    answer = place(ada.order((APPLE, 2), (BREAD, 1), lang="de"))

    receipt = client.get(f"/api/receipts/{answer.receipt_key}").json()

    svg, url = receipt.pop("qr"), receipt.pop("url")
    assert (svg.startswith("<svg"), url) == (True, f"http://testserver/r/{answer.receipt_key}")
    assert receipt["lines"][0] == {
        "product_id": APPLE,
        "name": "Apple (de)",
        "qty": 2,
        "unit_minor": 250,
        "discount_minor": 0,
        "total_minor": 500,
        "rate_bp": 1900,
    }
    assert receipt["taxes"] == [{"rate_bp": 700, "tax_minor": 26}, {"rate_bp": 1900, "tax_minor": 80}]
    assert (receipt["net_minor"], receipt["tax_minor"], receipt["total_minor"]) == (793, 106, 899)
    assert (receipt["state"], receipt["number"], receipt["shop"]["name"]) == ("confirmed", answer.number, "Corner")
    assert receipt["business_day"] == "2026-11-02"


def test_a_receipt_follows_its_order(ada: Browser, cloud: Cloud, client: Client) -> None:
    fine = place(ada.order())
    odd = place(ada.order(total=1, token=ada.tokens[1]), slip_shown=True)
    cloud.contact()

    states = [client.get(f"/api/receipts/{key}").json()["state"] for key in (fine.receipt_key, odd.receipt_key)]

    assert states == ["settled", "review"]


def test_the_number_alone_opens_no_receipt(ada: Browser, client: Client) -> None:
    number = place(ada.order()).number

    answer = client.get(f"/api/receipts/{number}")

    assert (answer.status_code, answer.json()["code"]) == (404, "checkout.receipt_unknown")


def test_a_receipt_asks_the_database_as_often_for_three_lines_as_for_one(
    ada: Browser, client: Client, django_assert_num_queries: Any
) -> None:
    keys = [
        place(ada.order((APPLE, 1))).receipt_key,
        place(ada.order((APPLE, 1), (BREAD, 1), (APPLE, 2), token=ada.tokens[1])).receipt_key,
    ]

    for key in keys:
        with django_assert_num_queries(4):
            assert client.get(f"/api/receipts/{key}").status_code == 200


def test_a_screen_waits_for_staff_with_a_code_that_says_so(till: Kiosk, client: Client) -> None:
    answer = client.post(
        "/api/seats", {"jwk": Browser().jwk, "purpose": "screen"}, "application/json", REMOTE_ADDR="192.0.2.9"
    )

    assert (answer.status_code, answer.json()["code"]) == (403, "checkout.seat_not_admitted")
    assert answer.json()["retry"] == "ask_staff"


def test_nobody_moves_their_address_with_a_header(till: Kiosk, client: Client) -> None:
    answer = client.post(
        "/api/seats",
        {"jwk": Browser().jwk, "purpose": "screen"},
        "application/json",
        REMOTE_ADDR="192.0.2.9",
        headers={"x-forwarded-for": "127.0.0.1"},
    )

    assert answer.status_code == 403


def test_no_cookie_is_asked_for_or_given(ada: Browser) -> None:
    strict = Client(enforce_csrf_checks=True)

    answer = strict.post("/api/orders", {"order": ada.order(), "slip_shown": False}, "application/json")

    assert (answer.status_code, dict(answer.cookies)) == (200, {})
    assert Order.objects.get().placed_at == clock.now()
    assert number_of(ada.tokens[0]) == Order.objects.get().number_id
