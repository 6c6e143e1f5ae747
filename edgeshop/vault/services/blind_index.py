"""Finding a person again without keeping what they are known by: a keyed hash of the value in its one spelling.

Without the key nobody can try out addresses or numbers on a copied database; the key is sealed by this node.
Source: RFC 5869 (HKDF) for a key per kind, RFC 2104 (HMAC) over SHA-256 for the index.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from edgeshop.kernel.errors import InvalidInput
from edgeshop.vault.errors import KeyMissing, SealBroken
from edgeshop.vault.models import IndexKey
from edgeshop.vault.services.node_keystore import keystore
from edgeshop.vault.services.sealing import KEY_BYTES, SealKey

_KEY = "personal"
_CONTEXT = b"edgeshop blind index"
_INTERNATIONAL = re.compile(r"\+[1-9][0-9]{6,14}")  # E.164: a country's digit and at most fifteen in all
_BETWEEN_DIGITS = re.compile(r"[\s().\-/\u2010-\u2015]")


def _email(value: str) -> str:
    """RFC 5321 lets a host tell Ada from ada; none does, and people do not either."""
    return unicodedata.normalize("NFKC", value).strip().lower()


def _phone(value: str) -> str:
    digits = re.sub(r"\(0\)", "", unicodedata.normalize("NFKC", value))
    digits = "".join(str(int(c)) if c.isdecimal() else c for c in _BETWEEN_DIGITS.sub("", digits))
    number = f"+{digits[2:]}" if digits.startswith("00") else digits
    if not _INTERNATIONAL.fullmatch(number):
        raise InvalidInput("A phone number is written with its country: +49 151 23456789.", field="phone")
    return number


_SPELL: dict[str, Callable[[str], str]] = {"email": _email, "phone": _phone, "endpoint": str}
KINDS = tuple(_SPELL)


def spelled(kind: str, value: str) -> str:
    """The one spelling of a value: `ada@example.org`, `+4915123456789`. Raises: InvalidInput."""
    if kind not in _SPELL:
        raise InvalidInput(f"People are known by {', '.join(KINDS)}.", kind=kind[:40])
    return _SPELL[kind](value)


def blind_index(kind: str, value: str) -> str:
    """What to look a person up by: hex [64], the same for every spelling of the same value on this node.

    Raises: InvalidInput; KeystoreLocked.
    Effect: the first call makes the index key.
    """
    text = spelled(kind, value).encode()
    mac = HMAC(_key_of(kind), hashes.SHA256())
    mac.update(text)
    return mac.finalize().hex()


def _key_of(kind: str) -> bytes:
    """The first key that opens. With other hardware there is none: a new one begins, which finds nobody from before;
    when the hardware is back, so is the first."""
    kept = list(IndexKey.objects.order_by("pk"))
    for row in kept:
        try:
            return _derived(bytes(row.sealed), kind)
        except (SealBroken, KeyMissing):
            continue
    made = keystore().seal(_KEY, SealKey.generate(), _CONTEXT)
    fresh, _ = IndexKey.objects.get_or_create(pk=len(kept) + 1, defaults={"sealed": made})
    return _derived(bytes(fresh.sealed), kind)


@lru_cache(maxsize=16)  # one per kind in a shop, a few in tests; this process's memory only
def _derived(sealed: bytes, kind: str) -> bytes:
    root = keystore().open_sealed(_KEY, sealed, _CONTEXT)
    return HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=f"edgeshop {kind} index".encode()).derive(root)
