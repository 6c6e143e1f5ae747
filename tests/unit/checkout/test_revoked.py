"""A revoked kiosk lets nothing leave unpaid, and one that has not seen the list that its grant asks for neither."""

import pytest

from edgeshop.checkout.errors import LimitExceeded, TenderRefused
from edgeshop.checkout.models import Grant, Order, Review
from edgeshop.checkout.services import sell_at_counter
from edgeshop.fleet.models import Kiosk, RevocationList
from edgeshop.fleet.services import publish_revocations, revocations_version
from edgeshop.fleet.services.revocation import revocations_newer_than, take_revocations
from edgeshop.kernel import clock
from edgeshop.vault.services import peek_jws
from tests.factories.checkout import APPLE, Browser, Cloud, HeldClock, place

pytestmark = [pytest.mark.unit, pytest.mark.django_db]


def limits(browser: Browser, count: int = 1) -> list[int]:
    return [peek_jws(token)[1]["max"] for token in browser.fetch_tokens(count).tokens]


def revoke_here(at: HeldClock) -> None:
    """What finding oneself on the list leaves behind."""
    Kiosk.objects.update(revoked_at=at.at)


def test_a_revoked_kiosk_mints_nothing_for_uncleared_money(till: Kiosk, held_clock: HeldClock) -> None:
    assert limits(Browser().sit()) == [500_000]  # the control
    revoke_here(held_clock)

    assert limits(Browser().sit()) == [0]


@pytest.mark.parametrize("tender", ["invoice", "counter"])
def test_tokens_from_before_sell_on_cleared_tenders_only(ada: Browser, held_clock: HeldClock, tender: str) -> None:
    revoke_here(held_clock)

    with pytest.raises(TenderRefused):
        place(ada.order((APPLE, 1), tender=tender))

    assert not Order.objects.exists()
    assert place(ada.order((APPLE, 1), tender="cash")).payment == "cleared"


def test_what_has_been_sold_already_is_committed_for_people_to_look_at(ada: Browser, held_clock: HeldClock) -> None:
    envelope = ada.order((APPLE, 1), tender="invoice")
    revoke_here(held_clock)

    assert place(envelope, slip_shown=True).delivery == "committed"

    assert Review.objects.get().evidence["is_revoked"] is True


def test_the_counter_writes_no_invoice_on_a_revoked_kiosk(till: Kiosk, held_clock: HeldClock) -> None:
    revoke_here(held_clock)

    with pytest.raises(LimitExceeded):
        sell_at_counter(lines=[(APPLE, 1)], tender="invoice", staff="cleo", at=clock.now())

    assert sell_at_counter(lines=[(APPLE, 1)], tender="cash", staff="cleo", at=clock.now()).payment == "cleared"


def test_a_grant_asks_for_the_list_of_its_day(kiosk: Kiosk, cloud: Cloud) -> None:
    with cloud():
        version = publish_revocations()

    cloud.grant()

    assert Grant.objects.get().claims["revocations_min"] == version > 0


def test_without_that_list_a_kiosk_mints_nothing_for_uncleared_money_until_it_has_it(
    kiosk: Kiosk, cloud: Cloud
) -> None:
    with cloud():
        publish_revocations()
        newest = revocations_newer_than(0)
    cloud.grant()
    assert revocations_version() == 0

    assert limits(Browser().sit()) == [0]

    assert newest is not None
    take_revocations(newest)
    assert limits(Browser().sit()) == [500_000]
    RevocationList.objects.all().delete()
    assert limits(Browser().sit()) == [0]
