"""Cards at a screen need the provider's credential, which is on lease; without it the rest of the shop goes on."""

from dataclasses import replace
from typing import Any

import pytest

from edgeshop.checkout.errors import TenderRefused
from edgeshop.checkout.models import Number, Order, Review
from edgeshop.checkout.services import sell_at_counter, tender_codes
from edgeshop.fleet.services import keep_secret, revoke_secret
from edgeshop.fleet.services.lease_section import answer_leases, ask_leases, take_leases
from edgeshop.kernel import clock
from tests.factories.checkout import APPLE, KIOSK, SHOP, Browser, Cloud, HeldClock, place

pytestmark = [pytest.mark.unit, pytest.mark.django_db]


@pytest.fixture
def provider(cloud: Cloud, settings: Any, held_clock: HeldClock, monkeypatch: pytest.MonkeyPatch) -> Any:
    """This shop's terminals are run by a provider; `provider()` is a contact that carries the leases."""
    monkeypatch.setattr(clock, "boot_s", held_clock.timestamp)
    settings.EDGESHOP = replace(settings.EDGESHOP, checkout=replace(settings.EDGESHOP.checkout, card_lease="provider"))
    with cloud():
        keep_secret(shop_id=SHOP, name="provider", value="credential-1")

    def contact() -> None:
        asked = ask_leases()
        with cloud():
            told = answer_leases(KIOSK, asked)
        if told is not None:
            take_leases(told)

    return contact


def test_a_stand_alone_terminal_needs_no_lease(ada: Browser) -> None:
    assert tender_codes() == ["cash", "card", "counter", "invoice"]
    assert place(ada.order((APPLE, 1), tender="card")).payment == "cleared"


def test_cards_are_offered_while_the_lease_serves(provider: Any, ada: Browser, held_clock: HeldClock) -> None:
    assert "card" not in tender_codes()

    provider()

    assert tender_codes() == ["cash", "card", "counter", "invoice"]
    assert place(ada.order((APPLE, 1), tender="card")).payment == "cleared"
    held_clock.move(days=29)
    assert "card" in tender_codes()


def test_an_expired_lease_takes_the_card_away_and_nothing_else(provider: Any, till: Any, held_clock: HeldClock) -> None:
    provider()
    held_clock.move(days=30)
    bea = Browser().sit()
    bea.fetch_tokens(2)

    assert tender_codes() == ["cash", "counter", "invoice"]
    with pytest.raises(TenderRefused) as refused:
        place(bea.order((APPLE, 1), tender="card"))
    assert refused.value.fields == {"tender": "card", "why": "vault.lease_expired"}
    assert (Order.objects.count(), Number.objects.filter(state="sold").count()) == (0, 0)
    assert place(bea.order((APPLE, 1), tender="cash")).payment == "cleared"


def test_a_revoked_credential_takes_the_card_away_until_a_new_one_comes(provider: Any, cloud: Cloud) -> None:
    provider()
    with cloud():
        revoke_secret(shop_id=SHOP, name="provider")
    provider()
    assert "card" not in tender_codes()

    with cloud():
        keep_secret(shop_id=SHOP, name="provider", value="credential-2")
    provider()

    assert "card" in tender_codes()


def test_a_card_sale_that_has_happened_is_committed_and_looked_at(provider: Any, ada: Browser) -> None:
    sold = place(ada.order((APPLE, 1), tender="card"), slip_shown=True)

    assert Order.objects.get().number_id == sold.number
    [review] = Review.objects.all()
    assert (review.reason, review.evidence) == ("LIMIT_EXCEEDED", {"tender": "card", "why": "vault.lease_missing"})


def test_an_attendant_s_terminal_and_a_phone_s_promise_need_no_lease(provider: Any, till: Any, phone: Browser) -> None:
    phone.fetch_tokens(1)

    assert sell_at_counter(lines=[(APPLE, 1)], tender="card", staff="ben", at=clock.now()).payment == "cleared"
    assert place(phone.order((APPLE, 1), tender="card")).payment == "due"
