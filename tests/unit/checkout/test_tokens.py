"""Minting: within the grant's window, within the seat's ceiling, and every number told of."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from edgeshop.checkout.errors import EpochStale, SeatInvalid
from edgeshop.checkout.models import Allocator, Grant, Number, Order
from edgeshop.checkout.services import open_request, renew_tokens
from edgeshop.checkout.services.grants import install_grant
from edgeshop.fleet.models import Kiosk
from edgeshop.journal.models import Record
from edgeshop.kernel import clock
from edgeshop.kernel.ids import ReceiptNumber
from edgeshop.settings.knobs import REAL
from edgeshop.vault.services import peek_jws
from tests.factories.checkout import APPLE, DOLL, Browser, Cloud, HeldClock, number_of, place

pytestmark = [pytest.mark.unit, pytest.mark.django_db]


@pytest.fixture
def real_policy(settings: Any) -> None:
    """The bounds that real kiosks get: at level 1, 200 in major units and 50 per order."""
    settings.EDGESHOP = replace(settings.EDGESHOP, checkout=replace(settings.EDGESHOP.checkout, limits=REAL))


def limits_of(tokens: list[str]) -> list[int]:
    """What each token may sell."""
    return [peek_jws(token)[1]["max"] for token in tokens]


def test_a_token_carries_everything_it_is_checked_by(till: Kiosk, held_clock: HeldClock) -> None:
    ada = Browser().sit()

    token = ada.fetch_tokens(1).tokens[0]

    header, claims = peek_jws(token)
    now, grant = int(held_clock.timestamp()), Grant.objects.get()
    assert (header["typ"], set(header)) == ("token+jwt", {"alg", "typ", "kid", "cert"})
    assert claims == {
        "jti": str(ReceiptNumber(3, 12, 1, 1).token_id),
        "rn": "3-12-1-1",
        "aud": 12,
        "sub": ada.seat_id,
        "purpose": "screen",
        "max": 500_000,
        "book": 1,
        "iat": now,
        "exp": now + 12 * 3600,
        "cnf": {"jkt": peek_jws(ada.seat)[1]["cnf"]["jkt"]},
        "gid": str(grant.pk),
    }


def test_minting_tells_the_cloud_of_each_number(till: Kiosk, held_clock: HeldClock) -> None:
    Browser().sit().fetch_tokens(2)

    body = json.loads(Record.objects.get(kind="checkout.numbers_minted.v1").body)

    over = int(held_clock.timestamp()) + 12 * 3600
    assert (body["shop"], body["epoch"], body["numbers"]) == (3, 1, [[1, 500_000, over], [2, 500_000, over]])


def test_minting_stops_at_the_window_and_hands_out_tokens_for_cleared_money(
    kiosk: Kiosk, cloud: Cloud, real_policy: None
) -> None:
    cloud.grant()

    ada = Browser().sit()

    assert limits_of(ada.fetch_tokens(10).tokens) == [5_000, 5_000, 5_000, 5_000, 0, 0]
    assert ada.fetch_tokens(10).tokens == []


def test_two_seats_share_one_window(kiosk: Kiosk, cloud: Cloud, real_policy: None) -> None:
    cloud.grant()
    Browser().sit().fetch_tokens(3)

    assert limits_of(Browser().sit().fetch_tokens(3).tokens) == [5_000, 0, 0]


def test_the_window_is_given_out_to_the_last_cent(kiosk: Kiosk, cloud: Cloud, real_policy: None) -> None:
    cloud.grant()
    Grant.objects.update(sum_ceil_minor=7_200)

    assert limits_of(Browser().sit().fetch_tokens(3).tokens) == [5_000, 2_200, 0]


def test_the_count_of_uncleared_orders_is_bounded_too(kiosk: Kiosk, cloud: Cloud, real_policy: None) -> None:
    cloud.grant()
    Grant.objects.update(count_ceil=2)

    assert limits_of(Browser().sit().fetch_tokens(3).tokens) == [5_000, 5_000, 0]


def test_a_cleared_sale_gives_its_reservation_back(kiosk: Kiosk, cloud: Cloud, real_policy: None) -> None:
    cloud.grant()
    ada = Browser().sit()
    ada.fetch_tokens(4)
    place(ada.order((APPLE, 1), tender="cash"))

    assert limits_of(ada.fetch_tokens(9).tokens) == [5_000, 0, 0]


def test_an_unpaid_sale_keeps_its_total_of_the_window(kiosk: Kiosk, cloud: Cloud, real_policy: None) -> None:
    cloud.grant()
    ada = Browser().sit()
    ada.fetch_tokens(4)
    place(ada.order((DOLL, 1), tender="invoice"))

    assert limits_of(ada.fetch_tokens(7).tokens) == [3_950, 0, 0]
    assert Allocator.objects.get().spent_minor == 1_050


def test_a_reported_non_use_gives_its_reservation_back(kiosk: Kiosk, cloud: Cloud, real_policy: None) -> None:
    cloud.grant()
    ada = Browser().sit()
    first = ada.fetch_tokens(4).tokens

    minted = ada.fetch_tokens(3, unspent=[number_of(first[0])])

    assert minted.released == [number_of(first[0])]
    assert limits_of(minted.tokens) == [5_000, 0, 0]
    assert Number.objects.get(pk=number_of(first[0])).state == "returned"


def test_what_is_unaccounted_stays_reserved_until_a_person_ends_it(
    kiosk: Kiosk, cloud: Cloud, real_policy: None, held_clock: HeldClock
) -> None:
    from edgeshop.checkout.services import sweep_numbers, void_numbers

    cloud.grant()
    Browser().sit().fetch_tokens(4)
    held_clock.move(hours=13)
    missing = sweep_numbers(at=clock.now())
    cleo = Browser().sit()
    assert limits_of(cleo.fetch_tokens(1).tokens) == [0]

    void_numbers(numbers=missing, reason="browser was wiped", by="ben", at=clock.now())

    assert limits_of(cleo.fetch_tokens(1).tokens) == [5_000]


def test_without_a_grant_tokens_are_for_cleared_money(kiosk: Kiosk) -> None:
    ada = Browser().sit()

    token = ada.fetch_tokens(1).tokens[0]

    assert (limits_of([token]), peek_jws(token)[1]["gid"]) == ([0], "")
    assert place(ada.order((APPLE, 1), tender="cash")).payment == "cleared"


def test_a_token_ends_with_its_grant(till: Kiosk, held_clock: HeldClock) -> None:
    Grant.objects.update(soft_at=clock.now(), hard_at=clock.now() + timedelta(hours=3))

    token = Browser().sit().fetch_tokens(1).tokens[0]

    assert peek_jws(token)[1]["exp"] == int(held_clock.timestamp()) + 3 * 3600


def test_the_grant_of_another_epoch_counts_for_nothing(till: Kiosk) -> None:
    Grant.objects.update(epoch=2)

    assert limits_of(Browser().sit().fetch_tokens(1).tokens) == [0]


def test_a_stale_epoch_draws_no_number(ada: Browser) -> None:
    Kiosk.objects.update(is_epoch_stale=True)

    with pytest.raises(EpochStale):
        ada.fetch_tokens(5)

    assert Number.objects.count() == 3


def test_a_screen_never_holds_more_than_its_ceiling(till: Kiosk) -> None:
    ada = Browser().sit()

    assert len(ada.fetch_tokens(50).tokens) == 10
    assert ada.fetch_tokens(50).tokens == []


def test_tokens_about_to_end_are_replaced_before_they_do(till: Kiosk, held_clock: HeldClock) -> None:
    ada = Browser().sit()
    ada.fetch_tokens(10)
    held_clock.move(hours=10, minutes=59)
    assert ada.fetch_tokens(10).tokens == []

    held_clock.move(minutes=2)

    assert len(ada.fetch_tokens(10).tokens) == 10


def test_a_screen_whose_answer_got_lost_may_ask_again_but_not_for_ever(till: Kiosk) -> None:
    ada = Browser().sit()

    got = [len(ada.fetch_tokens(10, held=[]).tokens) for _ in range(5)]

    assert got == [10, 10, 10, 0, 0]


def test_a_phone_gets_two_tokens_whatever_it_says_it_holds(phone: Browser) -> None:
    got = [len(phone.fetch_tokens(10, held=[]).tokens) for _ in range(3)]

    assert got == [2, 0, 0]


def test_the_same_request_again_gives_the_same_numbers(till: Kiosk) -> None:
    ada = Browser().sit()
    request = ada.token_request(2)
    now = clock.now()

    answers = [renew_tokens(open_request(delegation=ada.seat, request=request, at=now), at=now) for _ in range(3)]

    assert [[number_of(token) for token in answer.tokens] for answer in answers] == [["3-12-1-1", "3-12-1-2"]] * 3
    assert Number.objects.count() == 2


def test_an_expired_token_reported_unspent_has_expired(ada: Browser, held_clock: HeldClock) -> None:
    held_clock.move(hours=12, seconds=1)
    again = Browser(keys=ada.keys).sit()
    names = [number_of(token) for token in ada.tokens]

    minted = again.fetch_tokens(0, unspent=[*names, "3-12-1-999"])

    assert minted.released == names
    assert set(Number.objects.values_list("state", "reason")) == {("expired", "reported_unspent")}
    body = json.loads(Record.objects.get(kind="checkout.number_ended.v1").body)
    assert (body["numbers"], body["state"]) == (names, "expired")


def test_a_sold_number_reported_unspent_stays_sold(ada: Browser) -> None:
    answer = place(ada.order())

    minted = ada.fetch_tokens(0, unspent=[answer.number])

    assert (minted.released, Number.objects.get(pk=answer.number).state) == ([], "sold")
    assert Order.objects.count() == 1


def test_nobody_hands_back_anothers_numbers(ada: Browser, bea: Browser) -> None:
    minted = bea.fetch_tokens(0, unspent=[number_of(ada.tokens[0])])

    assert minted.released == []
    assert not Number.objects.exclude(state="outstanding").exists()


def refused_request(browser: Browser, *, delegation: str = "", request: str = "") -> None:
    """Asking this way is refused, and no number is drawn."""
    before = Number.objects.count()
    with pytest.raises(SeatInvalid):
        open_request(delegation=delegation or browser.seat, request=request or browser.token_request(1), at=clock.now())
    assert Number.objects.count() == before


def test_a_request_signed_by_another_browser_is_refused(ada: Browser, bea: Browser) -> None:
    refused_request(ada, request=bea.token_request(1))


def test_a_request_for_another_seat_is_refused(ada: Browser, bea: Browser) -> None:
    claims = {"jti": "1", "seat": bea.seat_id, "want": 1, "held": [], "unspent": []}

    refused_request(ada, request=ada.sign("tokens+jws", claims))


@pytest.mark.parametrize(
    "claims", [{"want": -1}, {"want": "1"}, {"held": ["x" * 50]}, {"unspent": ["1-1-1-1"] * 201}, {"jti": ""}]
)
def test_a_request_of_another_form_is_refused(ada: Browser, claims: dict[str, Any]) -> None:
    refused_request(ada, request=ada.sign("tokens+jws", {"jti": "1", "seat": ada.seat_id, "want": 1} | claims))


def test_a_seat_that_is_over_gets_nothing(ada: Browser, held_clock: HeldClock) -> None:
    held_clock.move(hours=12)

    refused_request(ada)


def test_a_token_is_no_seat(ada: Browser) -> None:
    refused_request(ada, delegation=ada.tokens[0])


def test_a_grant_installed_twice_is_one_grant(till: Kiosk) -> None:
    install_grant(Grant.objects.get().jws)

    assert Grant.objects.count() == 1
