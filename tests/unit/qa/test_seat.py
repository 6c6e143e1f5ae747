"""The arithmetic and the bytes of a shopper without a browser."""

import pytest

from edgeshop.qa.seat import Prices, Seat, _read_core
from edgeshop.vault.services import peek_jws, thumbprint, verify_jws

pytestmark = pytest.mark.unit
CORE = {
    "book": 7,
    "rates": {"standard": 1900, "reduced": 700},
    "shop": {"inclusive": True},
    "products": {
        "id": [3, 5, 9],
        "price": [250, 1999, 5],
        "tax": ["standard", "reduced", "standard"],
        "policy": ["shelf", "strict", "shelf"],
        "popular": [9, 3],
    },
}


def test_best_sellers_come_first_then_the_rest_of_the_shelf():
    seat = Seat("http://127.0.0.1:9")
    seat._prices = _read_core(CORE)

    assert seat.sellable(3) == [9, 3, 5]
    assert seat.sellable(3, policy="strict") == [5]


@pytest.mark.parametrize(("inclusive", "total"), [(True, 2499), (False, 2499 + 95 + 140)])
def test_totals_follow_the_shops_tax_rule(inclusive, total):
    prices = _read_core(CORE | {"shop": {"inclusive": inclusive}})

    assert prices.total_minor([(3, 2), (5, 1)]) == total


def test_an_order_is_signed_by_the_seat_and_carries_its_token():
    seat = Seat("http://127.0.0.1:9", lang="de")
    seat._prices = _read_core(CORE)
    token = seat._sign("token+jwt", {"rn": "1-1-1-4"})

    order = seat.freeze((3, 2), (5, 1), tender="counter", token=token)

    header, _ = peek_jws(order)
    claims = verify_jws(order, jwk=seat.jwk, typ="order+jws")
    assert (header["kid"], header["jwk"]) == (thumbprint(seat.jwk), seat.jwk)
    assert claims.pop("at") > 0
    assert claims == {
        "rn": "1-1-1-4",
        "token": token,
        "book": 7,
        "lines": [[3, 2, 250], [5, 1, 1999]],
        "total": 2499,
        "tender": "counter",
        "lang": "de",
    }


def test_prices_know_what_a_line_costs_by_its_product():
    prices = _read_core(CORE)

    assert isinstance(prices, Prices)
    assert (prices.unit_minor[5], prices.tax_class[5], prices.policy[9]) == (1999, "reduced", "shelf")
