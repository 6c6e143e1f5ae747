"""Leaving an address with a receipt: who may, what is taken, and how long it is kept."""

from dataclasses import replace
from datetime import timedelta

import pytest

from edgeshop.checkout.errors import ReceiptUnknown
from edgeshop.push.errors import ContactNotOffered, ContactRefused
from edgeshop.push.models import ReceiptContact, Subscription
from edgeshop.push.services import forget_old_subjects, leave_contact, mail_receipts, subscribe_order, subscribe_reviews
from edgeshop.vault.models import Handle, Subject
from edgeshop.vault.services.subjects import find_subject
from tests.factories.fleet import make_staff
from tests.factories.push import Subscriber, make_order

pytestmark = [pytest.mark.unit, pytest.mark.django_db]
ADA = "ada.canary@example.org"


@pytest.fixture
def order(kiosk, held_clock, settings, tmp_path):
    """A sale at a kiosk that mails receipts and may call."""
    push = replace(settings.EDGESHOP.push, sends_mail=True, takes_phones=True, mail_from="till@shop.example")
    settings.EDGESHOP = replace(settings.EDGESHOP, push=push, state_dir=tmp_path)
    return make_order(kiosk, 1, at=held_clock.at)


def leave(address: str = ADA, *, kind: str = "email", key: str = "key-1", language: str = "en") -> None:
    leave_contact(receipt_key=key, kind=kind, address=address, language=language)


def test_a_kiosk_without_a_mail_server_takes_no_address(order, settings):
    settings.EDGESHOP = replace(
        settings.EDGESHOP, push=replace(settings.EDGESHOP.push, sends_mail=False, takes_phones=False)
    )

    for kind, address in (("email", ADA), ("phone", "+49 151 2345678")):
        with pytest.raises(ContactNotOffered):
            leave(address, kind=kind)
    assert mail_receipts() == 0
    assert Subject.objects.count() == 0


def test_who_does_not_hold_the_receipt_leaves_nothing(order):
    with pytest.raises(ReceiptUnknown):
        leave(key="key-2")
    assert Subject.objects.count() == 0


@pytest.mark.parametrize(
    "address",
    ["ada", "ada@", "@example.org", "ada@example", "a b@example.org", "ada@example.org\nBcc: ben@example.org",
     "ada@example.org,ben@example.org", "<ada@example.org>", "x" * 250 + "@example.org"],
)  # fmt: skip
def test_what_is_no_address_is_refused(order, address):
    with pytest.raises(ContactRefused) as refused:
        leave(address)

    assert refused.value.fields == {"problem": "not_an_address"}
    assert ReceiptContact.objects.count() == 0


def test_a_number_is_kept_in_one_spelling_and_never_mailed(order, mailoutbox):
    leave("0049 (151) 23 45 678", kind="phone")
    with pytest.raises(ContactRefused):
        leave("0151 2345678", kind="phone")

    assert ReceiptContact.objects.get().address == "+491512345678"
    assert mail_receipts() == 0


def test_three_addresses_to_a_receipt_are_enough(order):
    for n in range(3):
        leave(f"ada{n}@example.org")

    with pytest.raises(ContactRefused) as refused:
        leave("ada3@example.org")
    leave("ADA2@example.org")

    assert refused.value.fields == {"problem": "too_many"}
    assert ReceiptContact.objects.count() == 3


def test_whom_nothing_is_owed_is_forgotten_after_a_month(order, held_clock):
    leave()
    subscribe_order(number="3-12-1-1", receipt_key="key-1", **Subscriber().said)
    mia = Subscriber(endpoint="https://push.example.com/mia")
    subscribe_reviews(staff=make_staff("mia"), **mia.said)

    held_clock.move(days=30)
    assert forget_old_subjects() == 0
    held_clock.move(seconds=1)
    assert forget_old_subjects() == 2

    assert [row.topic for row in Subscription.objects.all()] == ["reviews"]
    assert (ReceiptContact.objects.count(), Handle.objects.count()) == (0, 1)
    assert find_subject("email", ADA) is None
    assert find_subject("endpoint", mia.endpoint) is not None
    assert forget_old_subjects() == 0


def test_whoever_comes_back_within_the_month_is_kept(order, kiosk, held_clock):
    leave()
    held_clock.move(days=20)
    make_order(kiosk, 2, at=held_clock.at)
    leave(key="key-2")
    held_clock.move(days=20)

    assert forget_old_subjects() == 0
    assert Subject.objects.get().made_at + timedelta(days=40) == held_clock.at


def test_over_http_it_is_taken_and_refused_in_the_one_shape(order, client, settings):
    settings.ROOT_URLCONF = "tests.unit.shop.kiosk_urls"

    def post(key: str, **body: str):
        return client.post(f"/api/receipts/{key}/contact", body, content_type="application/json")

    taken = post("key-1", kind="email", address=ADA, language="de")
    odd = post("key-1", kind="email", address="ada@")
    fax = post("key-1", kind="fax", address="123")
    unknown = post("key-9", kind="email", address=ADA)

    assert taken.status_code == 204
    assert (odd.status_code, odd.json()["code"]) == (422, "push.contact_refused")
    assert (fax.status_code, fax.json()["code"]) == (422, "kernel.invalid_input")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "checkout.receipt_unknown")
    assert ADA not in odd.content.decode() + unknown.content.decode()


@pytest.mark.parametrize(
    ("is_ledger", "role", "status"), [(False, "manager", 200), (False, "attendant", 403), (True, "manager", 403)]
)
def test_the_address_is_shown_on_its_own_page_to_whoever_runs_the_shop(
    order, client, settings, is_ledger, role, status
):
    leave()
    settings.EDGESHOP = replace(settings.EDGESHOP, is_ledger=is_ledger)
    client.force_login(make_staff("mia", role=role))
    contact = ReceiptContact.objects.get()

    shown = client.get(f"/admin/push/receiptcontact/{contact.pk}/change/")
    listed = client.get("/admin/push/receiptcontact/")

    assert (shown.status_code, listed.status_code) == (status, status)
    assert (ADA in shown.content.decode()) is (status == 200)
    assert ADA not in listed.content.decode()
