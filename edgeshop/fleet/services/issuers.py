"""Issuer keys: the cloud's signing keys follow each other with an overlap; kiosks take a new one on the old one's word.

A version is published (a day before its use, named in a list that the version in use has signed), used, then good for
spending until every grant by it is over, then good for settling only. The lists are kept for ever: a kiosk that was
away for months walks from the key it knows to the one in use.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from edgeshop.fleet.errors import IssuersUnvouched, RotationUnderWay
from edgeshop.fleet.models import IssuerKey, Kiosk
from edgeshop.fleet.queries import this_kiosk, this_kiosk_id
from edgeshop.kernel import clock
from edgeshop.kernel.errors import EdgeShopError
from edgeshop.vault.services import Jwk, StoredKey, keystore, peek_jws, thumbprint, verify_jws, write_jws

TYP = "issuers+jwt"
FIRST_NAME = "cloud"
_KEYS_MAX = 16  # of one list; two or three are usual
_CHAIN_MAX = 1000  # lists that one kiosk walks in one go: centuries of rotations


def ready_issuer() -> IssuerKey:
    """The version in use; the first one is made now if there is none."""
    return _in_use(clock.now()) or _first()


def _in_use(at: datetime) -> IssuerKey | None:
    return IssuerKey.objects.filter(active_from__lte=at).last() or IssuerKey.objects.first()


def _first() -> IssuerKey:
    now = clock.now()
    jwk = keystore().create(FIRST_NAME)
    fields = {"kid": thumbprint(jwk), "jwk": jwk, "published_at": now, "active_from": now}
    return IssuerKey.objects.get_or_create(name=FIRST_NAME, defaults=fields)[0]


def signing_key() -> StoredKey:
    """What the cloud signs answers, grants and lists of keys with."""
    return StoredKey(keystore(), ready_issuer().name)


def trusted_jwks() -> list[Jwk]:
    """The keys a kiosk should take grants and answers by: published, in use, or used until lately."""
    ready_issuer()
    return [dict(key.jwk) for key in _spending(clock.now())]


def _spending(at: datetime) -> QuerySet[IssuerKey]:
    return IssuerKey.objects.filter(Q(spend_until=None) | Q(spend_until__gt=at))


def standing(*, at: datetime) -> list[tuple[IssuerKey, str]]:
    """Every version and where it stands, oldest first."""
    present = _in_use(at)
    return [(key, key.state(at, in_use=key == present)) for key in IssuerKey.objects.all()]


def settles(kid: str, *, at: datetime) -> bool:
    """Whether grants by this key still settle what was sold on them, without a person."""
    good = Q(settle_until=None) | Q(settle_until__gt=at)
    return IssuerKey.objects.filter(good, kid=kid).exists()


def jwk_of(kid: str) -> Jwk | None:
    """The public half of any version we ever had, by its thumbprint."""
    ready_issuer()
    return IssuerKey.objects.filter(kid=kid).values_list("jwk", flat=True).first()


@transaction.atomic
def rotate_issuer(*, at: datetime) -> IssuerKey:
    """Publish the next version; it is used a day later, and the present one retires step by step after that.

    Raises: RotationUnderWay. Effect: a key in the keystore, its row with the present version's word for it.
    """
    knobs, present = settings.EDGESHOP.issuers, _locked_present()
    if IssuerKey.objects.filter(active_from__gt=at).exists():
        raise RotationUnderWay("The next issuer key is published and waits for its day.")
    fresh = _made(at, at + timedelta(seconds=knobs.publish_s))
    fresh.vouch = _statement([*trusted_jwks(), fresh.jwk], present, at)
    fresh.save()
    last_use = fresh.active_from
    _retire(present, last_use + timedelta(seconds=knobs.spend_s), timedelta(seconds=knobs.settle_s))
    return fresh


@transaction.atomic
def replace_issuer(*, at: datetime) -> IssuerKey:
    """The key in use is stolen: another one from now on, and nothing by the old ones counts any more.

    There is no overlap and nobody's word for the new key: kiosks are enrolled again, and what was sold on old grants
    is looked at by people. Effect: as for a rotation, all of it at once.
    """
    _locked_present()
    IssuerKey.objects.filter(active_from__gt=at).update(published_at=at, active_from=at)
    for old in IssuerKey.objects.exclude(settle_until__lte=at):
        _retire(old, at, timedelta(0))
    fresh = _made(at, at)
    fresh.save()
    return fresh


def _locked_present() -> IssuerKey:
    return IssuerKey.objects.select_for_update().get(pk=ready_issuer().pk)


def _made(at: datetime, active_from: datetime) -> IssuerKey:
    number = IssuerKey.objects.count() + 1
    name = f"{FIRST_NAME}-{number}"
    jwk = keystore().create(name)
    return IssuerKey(name=name, kid=thumbprint(jwk), jwk=jwk, published_at=at, active_from=active_from)


def _retire(key: IssuerKey, spend_until: datetime, settles_on_for: timedelta) -> None:
    key.spend_until, key.settle_until = spend_until, spend_until + settles_on_for
    key.save(update_fields=["spend_until", "settle_until"])


def rotate_when_old(*, at: datetime) -> bool:
    """Begin a rotation when the key in use has served its time; answers whether one was begun."""
    present = ready_issuer()
    is_old = at - present.active_from > timedelta(seconds=settings.EDGESHOP.issuers.age_max_s)
    if not is_old or IssuerKey.objects.filter(active_from__gt=at).exists():
        return False
    rotate_issuer(at=at)
    return True


def _statement(jwks: Iterable[Jwk], signer: IssuerKey, at: datetime) -> str:
    """The list of keys to trust from now on, on the word of one of them."""
    claims = {"keys": list(jwks), "iat": int(at.timestamp())}
    return write_jws(signer=StoredKey(keystore(), signer.name), typ=TYP, claims=claims)


def vouched_lists() -> list[str]:
    """Every list in which a version named its successor, oldest first, and the present list."""
    signer = ready_issuer()
    vouches = IssuerKey.objects.exclude(vouch="").order_by("published_at").values_list("vouch", flat=True)
    return [*vouches, _statement(trusted_jwks(), signer, clock.now())]


def follow(trusted: Sequence[Jwk], since_s: int, lists: Sequence[str]) -> tuple[list[Jwk], int]:
    """Which keys to trust after these lists, each taken only on the word of a key trusted before it; and since when.

    Lists by strangers and lists older than `since_s` are passed over. Nothing is looked up or written.
    Raises: IssuersUnvouched when the last one, the present one, is not on the word of a key trusted by then.
    """
    keys, is_vouched = list(trusted), False
    for token in list(lists)[-_CHAIN_MAX:]:
        claims = _vouched(token, keys)
        is_vouched = claims is not None
        if claims is not None and claims["iat"] > since_s:
            keys, since_s = claims["keys"], claims["iat"]
    if not is_vouched:
        raise IssuersUnvouched("No key that this kiosk trusts speaks for the cloud's present keys.")
    return keys, since_s


def _vouched(token: str, trusted: Sequence[Jwk]) -> dict[str, Any] | None:
    """The claims of a list by one of these keys; None for anything else."""
    try:
        kid = peek_jws(token)[0].get("kid")
        signer = next((jwk for jwk in trusted if thumbprint(jwk) == kid), None)
        if signer is None:
            return None
        claims = verify_jws(token, jwk=signer, typ=TYP)
        keys, iat = claims.get("keys"), claims.get("iat")
        if type(iat) is not int or not isinstance(keys, list) or not 0 < len(keys) <= _KEYS_MAX:
            return None
        for jwk in keys:
            thumbprint(jwk)
    except EdgeShopError:
        return None
    return {"keys": [{name: jwk[name] for name in ("kty", "crv", "x", "y")} for jwk in keys], "iat": iat}


@transaction.atomic
def adopt_issuers(lists: Sequence[str]) -> None:
    """On the kiosk: trust what the cloud's lists say, as far as a trusted key speaks for them. Safe to repeat.

    Raises: IssuersUnvouched; what was trusted stays trusted then.
    """
    kiosk = Kiosk.objects.select_for_update().get(pk=this_kiosk_id())
    since = int(kiosk.issuers_at.timestamp()) if kiosk.issuers_at else 0
    keys, since = follow(kiosk.cloud_jwks, since, lists)
    kiosk.cloud_jwks, kiosk.issuers_at = keys, datetime.fromtimestamp(since, UTC)
    kiosk.save(update_fields=["cloud_jwks", "issuers_at"])


def ask_issuers() -> dict[str, list[str]]:
    """What the kiosk says in a contact: whose word it takes."""
    return {"kids": sorted(thumbprint(jwk) for jwk in this_kiosk().cloud_jwks)}


def answer_issuers(_kiosk_id: int, asked: dict[str, list[str]] | None) -> dict[str, list[str]] | None:
    """All lists, for a kiosk that trusts other keys than it should."""
    if asked is None or asked["kids"] == sorted(thumbprint(jwk) for jwk in trusted_jwks()):
        return None
    return {"lists": vouched_lists()}


def take_issuers(told: dict[str, list[str]]) -> None:
    """The kiosk's end of the section."""
    adopt_issuers(told["lists"])
