"""Bringing receipts by mail. A row is the truth and a lost link only delays it, as with notices.

What goes wrong is noted by its kind alone: mail servers repeat addresses in what they say.
"""

import logging
import smtplib
from datetime import timedelta
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F

from edgeshop.checkout.errors import ReceiptUnknown
from edgeshop.checkout.models import Order
from edgeshop.kernel import clock
from edgeshop.push.models import ContactKind, ReceiptContact
from edgeshop.push.services.receipt_text import receipt_mail

log = logging.getLogger(__name__)
_CLAIM = timedelta(minutes=2)  # longer than any attempt; one whose sender was killed comes back after it
_PAUSE_S, _PAUSE_S_MAX = 10, 3600
_KEPT = timedelta(days=3)
_FINAL = 500  # from here on a mail server means: never


def mail_receipts(limit: int = 20) -> int:
    """Send what is due, oldest first; answers how many a mail server has taken. Stops where the link seems dead."""
    if not settings.EDGESHOP.push.sends_mail:
        return 0
    due = ReceiptContact.objects.filter(
        kind=ContactKind.EMAIL, sent_at=None, given_up_at=None, next_at__lte=clock.now()
    )
    taken, server = 0, get_connection()
    for contact in due.order_by("next_at", "pk")[:limit]:
        if not _claim(contact):
            continue
        try:
            taken += _send(contact, server)
        except OSError as error:  # smtplib's own are among them; those that concern one mail are caught below
            _try_later(contact, type(error).__name__, counts=False)
            break
    server.close()
    return taken


def _claim(contact: ReceiptContact) -> bool:
    """Whether this one is ours to send now; two workers never send one twice."""
    same = ReceiptContact.objects.filter(pk=contact.pk, next_at=contact.next_at, sent_at=None, given_up_at=None)
    return same.update(next_at=clock.now() + _CLAIM, attempts=F("attempts") + 1) == 1


def _send(contact: ReceiptContact, server: BaseEmailBackend) -> bool:
    """Whether the mail server took it. Raises: OSError when it could not be reached or said nothing about this mail."""
    try:
        server.send_messages([_message(contact)])
    except smtplib.SMTPRecipientsRefused as error:
        _after_refusal(contact, max((code for code, _ in error.recipients.values()), default=_FINAL))
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
        _after_refusal(contact, error.smtp_code)
    except OSError:
        raise
    except Exception as error:  # noqa: BLE001 -- logged by its kind only: what it says may hold the address
        _give_up(contact, type(error).__name__)
    else:
        ReceiptContact.objects.filter(pk=contact.pk).update(sent_at=clock.now(), problem="")
        return True
    return False


def _message(contact: ReceiptContact) -> EmailMessage:
    related = Order.objects.select_related("kiosk__shop").prefetch_related("lines")
    order = related.filter(number=contact.number).first()
    if order is None:
        raise ReceiptUnknown("This order is not here.")
    subject, body = receipt_mail(order, contact.language)
    sender = settings.EDGESHOP.push.mail_from
    # The same for each attempt, so that a lost answer makes no second mail where servers look at it.
    identity = f"<{contact.pk}@{parseaddr(sender)[1].rpartition('@')[2]}>"
    headers = {"Message-ID": identity, "Auto-Submitted": "auto-generated"}
    return EmailMessage(subject, body, sender, [contact.address], headers=headers)


def _after_refusal(contact: ReceiptContact, code: int) -> None:
    if code >= _FINAL:
        _give_up(contact, f"SMTP {code}")
    else:
        _try_later(contact, f"SMTP {code}", counts=True)


def _give_up(contact: ReceiptContact, problem: str) -> None:
    log.warning("receipt mail %s given up: %s", contact.pk, problem)
    ReceiptContact.objects.filter(pk=contact.pk).update(given_up_at=clock.now(), problem=problem)


def _try_later(contact: ReceiptContact, problem: str, *, counts: bool) -> None:
    """Wait, longer each time. A dead link uses up no attempts; only age ends what could never be brought."""
    attempts, now = contact.attempts + 1, clock.now()
    if (counts and attempts >= settings.EDGESHOP.push.attempts_max) or now - contact.made_at > _KEPT:
        _give_up(contact, problem)
        return
    wait_s = min(_PAUSE_S * 2 ** min(attempts - 1, 20), _PAUSE_S_MAX)
    ReceiptContact.objects.filter(pk=contact.pk).update(next_at=now + timedelta(seconds=wait_s), problem=problem)
