"""Where a receipt is to go. Taken only from who holds the receipt, and only for what this shop can do with it."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.db import transaction

from edgeshop.checkout.queries import receipt_order
from edgeshop.kernel import clock
from edgeshop.kernel.errors import InvalidInput
from edgeshop.push.errors import ContactNotOffered, ContactRefused
from edgeshop.push.models import ContactKind, ReceiptContact
from edgeshop.vault.services.blind_index import spelled
from edgeshop.vault.services.subjects import find_subject, subject_for

_EMAIL_CHARS_MAX = 254  # RFC 5321, by its erratum
_LINE_BREAKS = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")  # would write headers of their own


@transaction.atomic
def leave_contact(*, receipt_key: str, kind: str, address: str, language: str) -> None:
    """Send this order's receipt there, or let the shop call. Asking again for the same address changes nothing more.

    Raises: ReceiptUnknown, ContactNotOffered, ContactRefused.
    Effect: one ReceiptContact, sealed under the key of whoever has that address.
    """
    order = receipt_order(receipt_key)
    _check_offered(kind)
    written = _written(kind, address)
    others = ReceiptContact.objects.filter(number=order.number_id).exclude(subject=find_subject(kind, written))
    if others.count() >= settings.EDGESHOP.push.contacts_per_order_max:
        raise ContactRefused("Enough addresses have been left with this receipt.", problem="too_many")
    _save(order.number_id, kind, written, language)


def _save(number: str, kind: str, address: str, language: str) -> None:
    subject_id, now = subject_for(kind, address), clock.now()
    row = ReceiptContact.objects.filter(number=number, subject=subject_id).first()
    if row is None:
        row = ReceiptContact(number=number, subject_id=subject_id, kind=kind, address=address, made_at=now)
        row.next_at = now if kind == ContactKind.EMAIL else None
    row.language = language[:8]
    row.save()


def _check_offered(kind: str) -> None:
    push = settings.EDGESHOP.push
    if not (push.sends_mail if kind == ContactKind.EMAIL else push.takes_phones):
        raise ContactNotOffered("This shop does not use such an address, so it does not take it.", kind=kind)


def _written(kind: str, address: str) -> str:
    """The address as it is used. Raises: ContactRefused."""
    if _LINE_BREAKS.search(address) or len(address) > _EMAIL_CHARS_MAX:
        raise ContactRefused("An address is one line of at most 254 characters.", problem="not_an_address")
    try:
        if kind == ContactKind.PHONE:
            return spelled(kind, address)
        EmailValidator()(address.strip())
    except InvalidInput as error:
        raise ContactRefused(error.message, problem="not_a_number") from None
    except ValidationError:
        raise ContactRefused("An e-mail address looks like ada@example.org.", problem="not_an_address") from None
    return address.strip()
