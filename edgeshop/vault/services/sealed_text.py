"""One value of one person in one place: AES-256-GCM under the person's key, bound to table, column, row and version.

Shapes: sealed = format [1], key version [1], nonce [12], ciphertext, tag [16].
"""

import uuid

from edgeshop.vault.errors import SealBroken
from edgeshop.vault.services.subject_keys import subject_key

_FORMAT = 1
_HEAD_BYTES = 2


def seal_text(text: str, *, subject_id: uuid.UUID, place: str) -> bytes:
    """The text, readable only with this person's key and in this place. Raises: SubjectErased."""
    key, version = subject_key(subject_id)
    return bytes((_FORMAT, version)) + key.seal(text.encode(), _bound(subject_id, place, version))


def open_text(sealed: bytes, *, subject_id: uuid.UUID, place: str) -> str:
    """The text again. Raises: SubjectErased; SealBroken for changed bytes, another person or another place."""
    key, version = subject_key(subject_id)
    if sealed[:_HEAD_BYTES] != bytes((_FORMAT, version)):
        raise SealBroken("This was sealed in another form or under another version of the key.")
    return key.open(sealed[_HEAD_BYTES:], _bound(subject_id, place, version)).decode()


def _bound(subject_id: uuid.UUID, place: str, version: int) -> bytes:
    return f"edgeshop personal/{_FORMAT} {place} {subject_id} {version}".encode()
