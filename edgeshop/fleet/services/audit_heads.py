"""Heads of journals, signed and kept where their writer cannot reach: a journal that was cut short is seen to be.

A kiosk signs how far its journal has come at contacts and when a business day is over; the cloud keeps the last one.
The cloud signs its own, and every kiosk keeps that: a copy shown back is how a cut in the cloud is noticed.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.db import transaction

from edgeshop.fleet.models import Kiosk
from edgeshop.fleet.queries import this_kiosk, this_kiosk_id
from edgeshop.fleet.services.keys import DEVICE_KEY, cloud_jwks, cloud_key, hot_key, subject_of
from edgeshop.fleet.services.short_heads import TYP, claims_of, shorten, spell_out
from edgeshop.journal.models import AuditHead, Chain
from edgeshop.journal.services import own_chain
from edgeshop.journal.services.audit import CLOUD
from edgeshop.kernel import clock
from edgeshop.kernel.errors import EdgeShopError
from edgeshop.vault.errors import BadSignature
from edgeshop.vault.services import (
    keystore,
    peek_jws,
    thumbprint,
    verify_hot_certificate,
    verify_jws,
    write_jws,
)

CONTACT = "contact"
_DAYS_KEPT = 400  # a business year and a month to look at it


def ask_head() -> dict[str, Any] | None:
    """In a contact: the kiosk's signed head, when its journal has moved since the cloud has kept one.

    While a backlog goes up, one head for all of it: what is announced once need not be announced with each batch.
    """
    chain, kiosk = own_chain(), this_kiosk()
    mine = _kept(kiosk.pk, chain.epoch)
    is_new = mine is None or mine.seq != chain.seq or (chain.acked_seq == chain.seq != mine.acked_seq)
    if is_new and chain.seq:
        mine = _sign(chain, CONTACT)
    told: dict[str, Any] = {"head": shorten(mine.jws)} if mine is not None and not mine.is_told else {}
    theirs = AuditHead.objects.filter(device_id=CLOUD).order_by("-epoch").first()
    if theirs is not None and told:
        told["cloud"] = [theirs.epoch, theirs.seq]
    if theirs is not None and not theirs.is_told:
        told["shown"] = theirs.jws
    return told or None


def answer_head(kiosk_id: int, asked: dict[str, Any] | None) -> dict[str, Any] | None:
    """In the cloud: keep the kiosk's head, and give it ours if it holds an older one. Raises: BadSignature."""
    if asked is None:
        return None
    kiosk = Kiosk.objects.get(pk=kiosk_id)
    told: dict[str, Any] = {}
    if "head" in asked:
        head = spell_out(asked["head"], kiosk_id)
        told["kept"] = _keep(head, _of_device(head, kiosk.device_jwk or {}, kiosk_id)).seq
    if "shown" in asked:
        _keep(asked["shown"], _of_cloud(asked["shown"], cloud_jwks()))
        told["seen"] = True
    ours = _own_cloud_head()
    holds = tuple(asked.get("cloud", (0, 0)))
    if ours is not None and holds < (ours.epoch, ours.seq):
        told["cloud"] = ours.jws
    elif ours is not None and holds > (ours.epoch, ours.seq) and "shown" not in asked:
        told["show"] = True
    return told


def take_head(told: dict[str, Any]) -> None:
    """On the kiosk: note what the cloud has kept, and keep the cloud's own head. Raises: BadSignature."""
    if "kept" in told:
        AuditHead.objects.filter(device_id=this_kiosk_id(), occasion=CONTACT, seq=told["kept"]).update(is_told=True)
    if "show" in told or "seen" in told:
        AuditHead.objects.filter(device_id=CLOUD).update(is_told="seen" in told)
    if "cloud" in told:
        _keep(told["cloud"], _of_cloud(told["cloud"], this_kiosk().cloud_jwks), is_told=True)


def close_day(*, at: datetime) -> str | None:
    """On the kiosk: sign the journal's head for the business day that has ended last, once; answers the day.

    Effect: heads of days long gone are dropped.
    """
    kiosk, chain = this_kiosk(), own_chain()
    day = (at.astimezone(_zone(kiosk.shop.timezone)).date() - timedelta(days=1)).isoformat()
    if not chain.seq or AuditHead.objects.filter(device_id=kiosk.pk, occasion=day).exists():
        return None
    _sign(chain, day)
    old = AuditHead.objects.filter(device_id=kiosk.pk, at__lt=at - timedelta(days=_DAYS_KEPT))
    old.exclude(occasion=CONTACT).delete()
    return day


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def _kept(device_id: int, epoch: int) -> AuditHead | None:
    return AuditHead.objects.filter(device_id=device_id, epoch=epoch, occasion=CONTACT).first()


def _sign(chain: Chain, occasion: str) -> AuditHead:
    hot = hot_key()
    jws = hot.sign_jws(TYP, _claims(chain), {"cert": hot.certificate})
    return _keep(jws, keystore().public_key(DEVICE_KEY), occasion=occasion)


def _own_cloud_head() -> AuditHead | None:
    """The cloud's head, signed anew when its journal has moved; a head beyond it is evidence and is left alone."""
    chain = Chain.objects.filter(device_id=CLOUD, seq__gt=0).order_by("-epoch").first()
    kept = _kept(CLOUD, chain.epoch) if chain else None
    if chain is None or (kept is not None and kept.seq >= chain.seq):
        return kept
    return _keep(write_jws(signer=cloud_key(), typ=TYP, claims=_claims(chain)), cloud_jwks()[0])


def _claims(chain: Chain) -> dict[str, Any]:
    place = (chain.device_id, chain.epoch, chain.seq, chain.acked_seq)
    return claims_of(place, bytes(chain.head), int(clock.timestamp()))


@transaction.atomic
def _keep(jws: str, signer: Mapping[str, Any], *, occasion: str = CONTACT, is_told: bool = False) -> AuditHead:
    """Put a head whose signature was checked in the place of an older one. Older news never replaces newer."""
    said = peek_jws(jws)[1]
    values = {
        "seq": said["seq"],
        "acked_seq": said["acked"],
        "chain": bytes.fromhex(said["chain"]),
        "jws": jws,
        "signer": dict(signer),
        "at": datetime.fromtimestamp(said["at"], UTC),
        "is_told": is_told,
    }
    place = {"device_id": said["device"], "epoch": said["epoch"], "occasion": occasion}
    known = AuditHead.objects.select_for_update().filter(**place).first()
    if known is not None and (known.seq, known.acked_seq) >= (said["seq"], said["acked"]):
        return known
    return AuditHead.objects.update_or_create(**place, defaults=values)[0]


def _of_device(jws: str, device_jwk: Mapping[str, Any], kiosk_id: int) -> Mapping[str, Any]:
    """The device key that vouches for a kiosk's head. Raises: BadSignature, WrongType, Expired."""
    header, said = peek_jws(jws)
    hot = verify_hot_certificate(
        str(header.get("cert")), issuer_jwk=device_jwk, now_s=_when(said), subject=subject_of(kiosk_id)
    )
    verify_jws(jws, jwk=hot, typ=TYP)
    if said.get("device") != kiosk_id:
        raise BadSignature("This head is of another kiosk's journal.")
    return device_jwk


def _of_cloud(jws: str, jwks: list[dict[str, str]]) -> Mapping[str, Any]:
    """The cloud's key that signed its head. Raises: BadSignature, WrongType."""
    header, said = peek_jws(jws)
    signer = next((jwk for jwk in jwks if thumbprint(jwk) == header.get("kid")), None)
    if signer is None or said.get("device") != CLOUD:
        raise BadSignature("This head is signed by nobody we know.")
    verify_jws(jws, jwk=signer, typ=TYP)
    return signer


def _when(said: Mapping[str, Any]) -> int:
    at = said.get("at")
    if type(at) is not int:
        raise BadSignature("This head does not say when it was signed.")
    return at


def is_genuine(head: AuditHead) -> bool:
    """Whether a kept head is what its writer signed. A kiosk's present epoch must be vouched for by its present key."""
    try:
        if head.device_id == CLOUD:
            _of_cloud(head.jws, [head.signer])
        else:
            _of_device(head.jws, head.signer, head.device_id)
        said = peek_jws(head.jws)[1]
        told = (said["epoch"], said["seq"], said["acked"], said["chain"])
    except (EdgeShopError, KeyError, TypeError):
        return False
    return told == (head.epoch, head.seq, head.acked_seq, bytes(head.chain).hex()) and _is_present_signer(head)


def _is_present_signer(head: AuditHead) -> bool:
    if head.device_id == CLOUD:
        return not settings.EDGESHOP.is_ledger or head.signer in cloud_jwks()
    kiosk = Kiosk.objects.filter(pk=head.device_id).first()
    if kiosk is None or kiosk.epoch != head.epoch:
        return True  # an older self: its key may have been replaced since
    present = keystore().public_key(DEVICE_KEY) if kiosk.is_self else kiosk.device_jwk
    return present is not None and thumbprint(present) == thumbprint(head.signer)
