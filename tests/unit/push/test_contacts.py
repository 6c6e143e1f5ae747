"""Leaving an address with a receipt, and what the mail server gets; nobody else gets anything."""

import logging
from dataclasses import replace
from datetime import timedelta

import pytest

from edgeshop.checkout.errors import ReceiptUnknown
from edgeshop.checkout.models import OrderLine
from edgeshop.push.errors import ContactNotOffered, ContactRefused
from edgeshop.push.models import ReceiptContact, Subscription
from edgeshop.push.services import forget_old_subjects, leave_contact, mail_receipts, subscribe_order, subscribe_reviews
from edgeshop.vault.models import Handle, Subject
from edgeshop.vault.services.subjects import find_subject
from tests.factories.fleet import make_staff
from tests.factories.mail_server import MailServer
from tests.factories.push import Subscriber, make_order

pytestmark = [pytest.mark.unit, pytest.mark.django_db]
ADA = "ada.canary@example.org"


@pytest.fixture
def mail():
    """A real mail server."""
    with MailServer() as server:
        yield server


@pytest.fixture
def order(kiosk, held_clock, settings, mail, tmp_path):
    """A sale of three pears at a kiosk that mails receipts and may call."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", mail.port, 5
    push = replace(settings.EDGESHOP.push, sends_mail=True, takes_phones=True, mail_from="Shop <till@shop.example>")
    settings.EDGESHOP = replace(settings.EDGESHOP, push=replace(push, attempts_max=3), state_dir=tmp_path)
    made = make_order(kiosk, 1, at=held_clock.at)
    OrderLine.objects.create(order=made, position=1, product_id=1, name="Pear", qty=2, unit_minor=50, rate_bp=1900)
    return made


def leave(address: str = ADA, *, kind: str = "email", key: str = "key-1", language: str = "en") -> None:
    leave_contact(receipt_key=key, kind=kind, address=address, language=language)


def standing() -> list[tuple[bool, bool, int, str]]:
    rows = ReceiptContact.objects.order_by("pk").values_list("sent_at", "given_up_at", "attempts", "problem")
    return [(sent is not None, gone is not None, attempts, problem) for sent, gone, attempts, problem in rows]


def test_a_receipt_goes_out_once_to_whom_it_was_asked_for(order, mail):
    leave()
    leave()

    assert [mail_receipts(), mail_receipts()] == [1, 0]

    [letter] = mail.taken
    contact = ReceiptContact.objects.get()
    assert (letter["To"], letter["From"]) == (ADA, "Shop <till@shop.example>")
    assert letter["Message-ID"] == f"<{contact.pk}@shop.example>"
    assert "3-12-1-1" in letter["Subject"]
    assert "2 × Pear  1.00 EUR" in letter.get_content()
    assert standing() == [(True, False, 1, "")]


@pytest.mark.parametrize(("language", "word"), [("de", "Summe"), ("ar", "المجموع"), ("xx", "Total")])
def test_it_speaks_the_shopper_s_language(order, mail, language, word):
    leave(language=language)

    mail_receipts()

    assert f"{word}  1.00 EUR" in mail.taken[0].get_content()


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


def test_a_number_is_kept_in_one_spelling_and_never_mailed(order, mail):
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


def test_a_dead_link_only_delays_it(order, mail, held_clock, settings):
    leave()
    settings.EMAIL_PORT = 9  # nobody listens there
    assert [mail_receipts(), mail_receipts()] == [0, 0]
    assert standing() == [(False, False, 1, "ConnectionRefusedError")]

    settings.EMAIL_PORT = mail.port
    held_clock.move(seconds=11)

    assert mail_receipts() == 1


def test_after_three_days_nobody_waits_any_more(order, held_clock, settings):
    leave()
    settings.EMAIL_PORT = 9
    held_clock.move(days=3, seconds=1)

    mail_receipts()

    assert standing() == [(False, True, 1, "ConnectionRefusedError")]


def test_an_address_that_the_server_does_not_know_holds_up_no_other(order, mail):
    mail.refuses = {ADA: 550}
    leave()
    leave("ben@example.org")

    assert mail_receipts() == 1
    assert standing() == [(False, True, 1, "SMTP 550"), (True, False, 1, "")]


def test_a_server_that_asks_for_patience_gets_it_three_times(order, mail, held_clock):
    mail.refuses = {ADA: 451}
    leave()

    for _ in range(3):
        mail_receipts()
        held_clock.move(hours=1)

    assert standing() == [(False, True, 3, "SMTP 451")]


def test_no_log_and_no_row_names_anybody(order, mail, held_clock, caplog, settings):
    caplog.set_level(logging.DEBUG)
    mail.refuses = {ADA: 550}
    leave()
    mail_receipts()
    leave("ben.canary@example.org")
    settings.EMAIL_PORT = 9
    mail_receipts()

    assert "given up: SMTP 550" in caplog.text  # the control: this log has what happened
    assert "canary" not in caplog.text
    assert all("canary" not in problem for *_, problem in standing())


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
