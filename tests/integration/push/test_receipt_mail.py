"""Receipts by mail, through a real mail server: once, patiently, and without naming anybody in a log."""

import logging
from dataclasses import replace

import pytest

from edgeshop.checkout.models import OrderLine
from edgeshop.push.models import ReceiptContact
from edgeshop.push.services import leave_contact, mail_receipts
from tests.factories.fleet import make_kiosk, make_shop
from tests.factories.mail_server import MailServer
from tests.factories.push import make_order

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
ADA = "ada.canary@example.org"


@pytest.fixture
def mail():
    """A real mail server."""
    with MailServer() as server:
        yield server


@pytest.fixture(autouse=True)
def _order(db, held_clock, settings, mail, tmp_path):
    """A sale of two pears at a kiosk that mails receipts."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", mail.port, 5
    push = replace(settings.EDGESHOP.push, sends_mail=True, mail_from="Shop <till@shop.example>", attempts_max=3)
    settings.EDGESHOP = replace(settings.EDGESHOP, push=push, state_dir=tmp_path)
    made = make_order(make_kiosk(make_shop()), 1, at=held_clock.at)
    OrderLine.objects.create(order=made, position=1, product_id=1, name="Pear", qty=2, unit_minor=50, rate_bp=1900)


def leave(address: str = ADA, *, language: str = "en") -> None:
    leave_contact(receipt_key="key-1", kind="email", address=address, language=language)


def standing() -> list[tuple[bool, bool, int, str]]:
    rows = ReceiptContact.objects.values_list("sent_at", "given_up_at", "attempts", "problem")
    return sorted((sent is not None, gone is not None, attempts, problem) for sent, gone, attempts, problem in rows)


def test_a_receipt_goes_out_once_to_whom_it_was_asked_for(mail):
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
def test_it_speaks_the_shopper_s_language(mail, language, word):
    leave(language=language)

    mail_receipts()

    assert f"{word}  1.00 EUR" in mail.taken[0].get_content()


def test_a_dead_link_only_delays_it(mail, held_clock, settings):
    leave()
    settings.EMAIL_PORT = 9  # nobody listens there
    assert [mail_receipts(), mail_receipts()] == [0, 0]
    assert standing() == [(False, False, 1, "ConnectionRefusedError")]

    settings.EMAIL_PORT = mail.port
    held_clock.move(seconds=11)

    assert mail_receipts() == 1


def test_after_three_days_nobody_waits_any_more(held_clock, settings):
    leave()
    settings.EMAIL_PORT = 9
    held_clock.move(days=3, seconds=1)

    mail_receipts()

    assert standing() == [(False, True, 1, "ConnectionRefusedError")]


def test_an_address_that_the_server_does_not_know_holds_up_no_other(mail):
    mail.refuses = {ADA: 550}
    leave()
    leave("ben@example.org")

    assert mail_receipts() == 1
    assert standing() == [(False, True, 1, "SMTP 550"), (True, False, 1, "")]


def test_a_server_that_asks_for_patience_gets_it_three_times(mail, held_clock):
    mail.refuses = {ADA: 451}
    leave()

    for _ in range(3):
        mail_receipts()
        held_clock.move(hours=1)

    assert standing() == [(False, True, 3, "SMTP 451")]


def test_no_log_and_no_row_names_anybody(mail, held_clock, caplog, settings):
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
