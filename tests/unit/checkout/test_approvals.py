"""What takes a manager at a till: money back, large invoices, and letting uncleared selling go on."""

from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from edgeshop.checkout.errors import LimitExceeded
from edgeshop.checkout.models import Allocator, Order, Review, UnclearedPause
from edgeshop.checkout.services import is_paused, pause_uncleared, propose_decision, resume_uncleared, sell_at_counter
from edgeshop.fleet.errors import ApprovalNeeded, NotAllowed, PinRefused
from edgeshop.fleet.models import Kiosk, Staff
from edgeshop.fleet.services.approvals import NOBODY, Second
from edgeshop.fleet.services.pins import set_pin
from edgeshop.journal.models import AuditEntry, Record
from edgeshop.kernel import clock
from edgeshop.vault.services import peek_jws
from tests.factories.checkout import APPLE, Browser, Cloud, place
from tests.factories.fleet import make_staff

pytestmark = [pytest.mark.unit, pytest.mark.django_db]
MIA = Second("mia", "5802")


@pytest.fixture(autouse=True)
def people(kiosk: Kiosk) -> None:
    """Ben serves, Mia manages and has a PIN here."""
    make_staff("ben")
    set_pin(staff=make_staff("mia", role=Staff.Role.MANAGER), pin=MIA.pin, at=clock.now())


@pytest.fixture
def odd_order(ada: Browser, cloud: Cloud) -> Review:
    """An order that charges less than its book says waits for a person."""
    place(ada.order((APPLE, 2), total=499), slip_shown=True)
    cloud.contact()
    return Review.objects.get()


def log_in(client: Client, name: str = "ben") -> None:
    client.force_login(Staff.objects.get(username=name))


def invoice(units: int, second: Second = NOBODY, staff: str = "ben") -> int:
    sold = sell_at_counter(lines=[(APPLE, units)], tender="invoice", staff=staff, at=clock.now(), second=second)
    return Order.objects.get(number=sold.number).total_minor


def limits(browser: Browser) -> list[int]:
    return [peek_jws(token)[1]["max"] for token in browser.tokens]


def kinds() -> list[str]:
    return [kind.split(".")[1] for kind in AuditEntry.objects.order_by("record__seq").values_list("kind", flat=True)]


# Invoices


def test_an_attendant_gives_small_invoices_alone_and_large_ones_with_a_manager(till: Kiosk) -> None:
    assert invoice(20) == 5_000
    facts = Record.objects.count()

    with pytest.raises(ApprovalNeeded) as needed:
        invoice(21)

    assert needed.value.fields == {"action": "invoice_above_limit", "total_minor": 5_250}
    assert (Order.objects.count(), Record.objects.count(), Allocator.objects.get().spent_minor) == (1, facts, 5_000)
    assert invoice(21, MIA) == 5_250
    assert invoice(21, staff="mia") == 5_250
    assert kinds()[-2:] == ["approved", "approved"]


def test_a_refused_approval_sells_nothing_and_stays_counted(till: Kiosk) -> None:
    with pytest.raises(PinRefused):
        invoice(21, Second("mia", "0001"))

    assert not Order.objects.exists()
    assert kinds()[-1] == "refused"


def test_no_manager_goes_beyond_the_grant(till: Kiosk, kiosk: Kiosk) -> None:
    """Control: the same basket within a grant is sold, as above."""
    pause_uncleared(by="ben", at=clock.now())

    with pytest.raises(LimitExceeded):
        invoice(21, MIA)
    with pytest.raises(LimitExceeded):
        invoice(1, staff="mia")


# Reviews


def test_an_attendant_proposes_to_accept_alone_and_to_undo_with_a_manager(odd_order: Review) -> None:
    for proposal in ("void", "correct"):
        with pytest.raises(ApprovalNeeded):
            propose_decision(review_id=odd_order.pk, proposal=proposal, by="ben", at=clock.now())
    odd_order.refresh_from_db()
    assert odd_order.proposal == ""

    propose_decision(review_id=odd_order.pk, proposal="void", by="ben", at=clock.now(), second=MIA)

    odd_order.refresh_from_db()
    assert (odd_order.proposal, odd_order.proposed_by) == ("void", "ben")
    assert b'"approved_by":"mia"' in bytes(Record.objects.latest("seq").body)


def test_the_form_of_a_review_asks_an_attendant_for_a_manager_and_a_manager_for_nobody(
    odd_order: Review, client: Client
) -> None:
    page = reverse("admin:checkout_review_change", args=[odd_order.pk])
    log_in(client, "mia")
    assert b"second_pin" not in client.get(page).content
    log_in(client)
    assert b"second_pin" in client.get(page).content

    client.post(page, {"proposal": "void"})
    odd_order.refresh_from_db()
    assert odd_order.proposal == ""
    client.post(page, {"proposal": "void", "second_name": "mia", "second_pin": MIA.pin})

    odd_order.refresh_from_db()
    assert odd_order.proposal == "void"


def test_from_the_list_an_attendant_is_sent_to_the_form(odd_order: Review, client: Client) -> None:
    log_in(client)
    data = {"action": "void", "_selected_action": [str(odd_order.pk)]}

    answer = client.post(reverse("admin:checkout_review_changelist"), data, follow=True)

    assert "Open the review and type both there" in answer.content.decode()
    odd_order.refresh_from_db()
    assert odd_order.proposal == ""


# The switch


def test_while_paused_tokens_come_with_a_limit_of_nothing(till: Kiosk, kiosk: Kiosk) -> None:
    ada = Browser().sit()
    pause_uncleared(by="ben", at=clock.now())
    pause_uncleared(by="ben", at=clock.now())
    ada.fetch_tokens(2)
    assert limits(ada) == [0, 0]
    assert kinds().count("setting_changed") == 1

    resume_uncleared(by="ben", at=clock.now(), second=MIA)
    bea = Browser().sit()
    bea.fetch_tokens(2)
    assert min(limits(bea)) > 0


def test_it_goes_on_by_a_manager_and_by_nobody_less(kiosk: Kiosk) -> None:
    pause_uncleared(by="ben", at=clock.now())
    for second in (NOBODY, Second("ben", "1"), Second("mia", "0001")):
        with pytest.raises((ApprovalNeeded, PinRefused)):
            resume_uncleared(by="ben", at=clock.now(), second=second)
        assert is_paused()

    resume_uncleared(by="mia", at=clock.now())

    assert not is_paused()
    assert kinds()[-2:] == ["approved", "setting_changed"]


def test_the_page_pauses_for_anybody_at_the_till_and_asks_for_a_manager_to_go_on(kiosk: Kiosk, client: Client) -> None:
    log_in(client)
    page = reverse("admin:checkout_uncleared")
    assert "Uncleared selling is on" in client.get(page).content.decode()

    client.post(page, {"pause": "1"})
    assert UnclearedPause.objects.get().by == "ben"
    assert b'inputmode="numeric"' in client.get(page).content
    refused = client.post(page, {"resume": "1"})
    assert (refused.status_code, is_paused()) == (422, True)
    assert "This takes a manager" in refused.content.decode()
    client.post(page, {"resume": "1", "second_name": "mia", "second_pin": MIA.pin})

    assert not is_paused()


def test_the_cloud_has_no_such_switch(kiosk: Kiosk, client: Client, settings) -> None:
    log_in(client, "mia")
    settings.EDGESHOP = replace(settings.EDGESHOP, is_ledger=True)

    assert client.get(reverse("admin:checkout_uncleared")).status_code == 404
    with pytest.raises(NotAllowed):
        pause_uncleared(by="mia", at=clock.now())
