"""The revocation list: one bit per device, compressed, and a short signed token that names it by its hash.

Devices are known by a small number that is never given twice, so a fleet of 100,000 with one in a hundred revoked
fits 2 kB. The bits travel beside the token as they are: inside, base64 would cost them three quarters more.
"""

import hashlib
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from edgeshop.vault.errors import BadSignature
from edgeshop.vault.services.jws import verify_jws, write_jws
from edgeshop.vault.services.signers import Signer

TYP = "revocations+jwt"
DEVICES_MAX = 2**24  # two megabytes of bits: a bound for what a few compressed bytes may unfold to
_RAW_DEFLATE = -zlib.MAX_WBITS  # no header and no checksum: the token holds a better one


@dataclass(frozen=True, slots=True)
class Revocations:
    """A list as it was signed. Shapes: bit i of `bits`, lowest first in each byte, says that device i is revoked."""

    version: int
    issued_s: int
    size: int
    bits: bytes

    def names(self, index: int) -> bool:
        """Whether a device is revoked; one beyond the list is not."""
        return 0 <= index < self.size and bool(self.bits[index >> 3] >> (index & 7) & 1)


def write_revocations(*, signer: Signer, version: int, revoked: Collection[int], issued_s: int) -> tuple[str, bytes]:
    """Token and packed bits of a numbered list. Raises: ValueError for an index outside 0..DEVICES_MAX - 1."""
    size = max(revoked, default=-1) + 1
    if size > DEVICES_MAX or min(revoked, default=0) < 0:
        raise ValueError("a device's index is outside the list")
    bits = bytearray((size + 7) // 8)
    for index in revoked:
        bits[index >> 3] |= 1 << (index & 7)
    packed = _pack(bytes(bits))
    digest = hashlib.sha256(packed).hexdigest()
    claims = {"v": version, "iat": issued_s, "size": size, "bits_sha256": digest}
    return write_jws(signer=signer, typ=TYP, claims=claims), packed


def read_revocations(token: str, packed: bytes, *, jwk: Mapping[str, Any]) -> Revocations:
    """The list, when this key signed it and these are its bits. Whether it is the newest is the caller's to judge.

    Raises: BadSignature, WrongType.
    """
    claims = verify_jws(token, jwk=jwk, typ=TYP)
    version, issued_s, size = (claims.get(name) for name in ("v", "iat", "size"))
    if not (type(version) is int and type(issued_s) is int and type(size) is int) or not 0 <= size <= DEVICES_MAX:
        raise BadSignature("This token describes no revocation list.")
    if hashlib.sha256(packed).hexdigest() != claims.get("bits_sha256"):
        raise BadSignature("These are not the bits that were signed.")
    return Revocations(version, issued_s, size, _unpack(packed, (size + 7) // 8))


def _pack(bits: bytes) -> bytes:
    deflate = zlib.compressobj(9, zlib.DEFLATED, _RAW_DEFLATE)
    return deflate.compress(bits) + deflate.flush()


def _unpack(packed: bytes, length: int) -> bytes:
    try:
        bits = zlib.decompressobj(_RAW_DEFLATE).decompress(packed, length + 1)
    except zlib.error:
        raise BadSignature("These are no packed bits.") from None
    if len(bits) != length:
        raise BadSignature("There are more or fewer bits than were signed for.")
    return bits
