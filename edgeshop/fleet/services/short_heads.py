"""A kiosk's signed head on its way: what is signed, and the signature; who vouches for the key the cloud has heard when
the key was introduced. The cloud writes the same token again, so what it keeps and shows is what was signed.

Shapes: the name of the hot key, epoch, number, what is acknowledged, the chain value [32], when, the signature [64].
"""

from collections.abc import Mapping
from typing import Any

from edgeshop.fleet.models import HotKey
from edgeshop.fleet.services.keys import hot_key
from edgeshop.vault.errors import BadSignature
from edgeshop.vault.services import key_name, peek_jws, put_together, signature_of, thumbprint

TYP = "audit-head+jwt"
Short = list[Any]


def claims_of(place: tuple[int, int, int, int], chain: bytes, at: int) -> dict[str, Any]:
    """What a head says; `place` is device, epoch, last number, and how far the cloud has acknowledged."""
    device, epoch, seq, acked = place
    return {"device": device, "epoch": epoch, "seq": seq, "acked": acked, "chain": chain.hex(), "at": at}


def shorten(jws: str) -> str | Short:
    """On the kiosk: a head as the cloud can spell it out; the token where it cannot, as by a key of another process."""
    hot, (header, said) = hot_key(), peek_jws(jws)
    if header.get("cert") != hot.certificate:
        return jws
    place, chain = [said["epoch"], said["seq"], said["acked"]], bytes.fromhex(said["chain"])
    short = [key_name(hot.kid), *place, chain, said["at"], signature_of(jws)]
    return short if _token(said["device"], short, hot.jwk, hot.certificate) == jws else jws


def spell_out(said: object, kiosk_id: int) -> str:
    """On the cloud: the token that was signed, whose signature is still to be checked. Raises: BadSignature."""
    match said:
        case str():
            return said
        case [str() as name, int(), int(), int(), bytes(), int(), bytes()]:
            hot = HotKey.objects.filter(kid=name, kiosk=kiosk_id).exclude(certificate="").first()
            if hot is not None:
                return _token(kiosk_id, list(said), hot.jwk, hot.certificate)
    raise BadSignature("This head is signed by nobody we know.")


def _token(device: int, short: Short, jwk: Mapping[str, Any], certificate: str) -> str:
    _, epoch, seq, acked, chain, at, signature = short
    header = {"alg": "ES256", "typ": TYP, "kid": thumbprint(jwk), "cert": certificate}
    return put_together(header, claims_of((device, epoch, seq, acked), chain, at), signature)
