"""Keys of people: a random one each, under the month's, under this node's hardware key.

A chip unwraps once a month and process; everything below that happens in memory, and a subject's own key is read anew
each time, so that what was erased is erased in every process at once.

Source: RFC 3394 (AES key wrap); the hardware key unwraps RSA-OAEP, which is what TPMs do.
"""

import uuid
from functools import lru_cache

from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap
from joserfc.jwk import RSAKey

from edgeshop.kernel import clock
from edgeshop.vault.errors import SealBroken, SubjectErased
from edgeshop.vault.models import MonthKey, Subject
from edgeshop.vault.services import tombstones
from edgeshop.vault.services.node_keystore import keystore
from edgeshop.vault.services.sealing import SealKey
from edgeshop.vault.services.wrapping import wrap

_KEY = "personal"
_MONTHS_IN_MEMORY = 24


def new_subject() -> Subject:
    """A person with a fresh key. Effect: one Subject; the first of a month makes the month's key too."""
    month = ready_month()
    wrapped = aes_key_wrap(_month_key(bytes(month.wrapped)), SealKey.generate())
    return Subject.objects.create(month=month, wrapped=wrapped, made_at=clock.now())


def subject_key(subject_id: uuid.UUID) -> tuple[SealKey, int]:
    """A person's key and its version. One query.

    Raises: SubjectErased, also when only the list of the erased knows it; SealBroken or KeyMissing for a key that was
    made on another node.
    """
    row = Subject.objects.select_related("month").filter(pk=subject_id).first()
    if row is None or row.erased_at is not None or subject_id in tombstones.erased():
        raise SubjectErased("What was kept of this person is erased.")
    try:
        return SealKey(aes_key_unwrap(_month_key(bytes(row.month.wrapped)), bytes(row.wrapped))), row.version
    except (InvalidUnwrap, ValueError):
        raise SealBroken("This key does not belong to its month.") from None


def ready_month() -> MonthKey:
    """This month's key, made now if it is missing."""
    jwk = keystore().create_wrap_key(_KEY)
    found, _ = MonthKey.objects.get_or_create(
        month=clock.now().strftime("%Y-%m"),
        key_id=RSAKey.import_key(dict(jwk)).thumbprint(),
        defaults={"wrapped": wrap(jwk, SealKey.generate()), "made_at": clock.now()},
    )
    return found


@lru_cache(maxsize=_MONTHS_IN_MEMORY)
def _month_key(wrapped: bytes) -> bytes:
    return keystore().unwrap(_KEY, wrapped)
