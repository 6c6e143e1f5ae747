"""Revocation: a signed, numbered list that comes first in every answer, and what a kiosk does that finds itself on it.

The cloud stops believing a device at once. The list is for the kiosk: one on it stops selling on credit and minting
with its next contact, and one whose grant asks for a newer list than it has does not either until it has it.
"""

import logging
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from edgeshop.fleet.errors import TrustRefused
from edgeshop.fleet.models import LIVE, Device, Kiosk, RevocationList
from edgeshop.fleet.queries import this_kiosk
from edgeshop.fleet.services.keys import cloud_key
from edgeshop.fleet.services.trust import cloud_jwk_of
from edgeshop.kernel import clock
from edgeshop.kernel.errors import EdgeShopError
from edgeshop.vault.services import Revocations, read_revocations, write_revocations

log = logging.getLogger(__name__)


@transaction.atomic
def revoke(kiosk_id: int, *, reason: str = "revoked by a person") -> None:
    """Do not believe this kiosk any more: what it still sends goes into quarantine, and it is told nothing else.

    A new enrolment of a box for it ends that. Effect: a new version of the list, for the kiosk to find itself on.
    """
    at = clock.now()
    Kiosk.objects.filter(pk=kiosk_id, revoked_at=None).update(revoked_at=at)
    if Device.objects.filter(LIVE, kiosk=kiosk_id).update(revoked_at=at, reason=reason):
        publish_revocations()


@transaction.atomic
def publish_revocations() -> int:
    """Sign the list as it is now; answers its version.

    Versions are unix seconds, or one more than the one before: a cloud restored from last week never counts on from
    there into numbers that kiosks have seen.
    """
    RevocationList.objects.select_for_update().order_by("version").first()  # one at a time; the oldest is never gone
    revoked = Device.objects.exclude(LIVE).values_list("pk", flat=True)
    version = max(revocations_version() + 1, int(clock.timestamp()))
    issued_s = int(clock.timestamp())
    token, bits = write_revocations(signer=cloud_key(), version=version, revoked=set(revoked), issued_s=issued_s)
    RevocationList.objects.create(version=version, token=token, bits=bits, issued_at=clock.now())
    return version


def revocations_version() -> int:
    """The newest list that this node has; 0 when there is none."""
    return RevocationList.objects.aggregate(n=Max("version"))["n"] or 0


def revocations_newer_than(version: int) -> dict[str, Any] | None:
    """The newest list when it is newer than that: token and packed bits."""
    newest = RevocationList.objects.filter(version__gt=version).order_by("-version").first()
    return {"token": newest.token, "bits": bytes(newest.bits)} if newest else None


def ask_revocations() -> dict[str, int]:
    """Which list we have."""
    return {"v": revocations_version()}


def answer_revocations(_kiosk_id: int, asked: dict[str, Any] | None) -> dict[str, Any] | None:
    """The newest list, when the kiosk's is older; also for a device that is told nothing else."""
    return revocations_newer_than(int(asked["v"])) if asked else None


def take_revocations(told: dict[str, Any]) -> None:
    """The kiosk's end of the section. Raises: TrustRefused; the list before stays in force then."""
    try:
        install_revocations(told["token"], told["bits"])
    except TrustRefused as wrong:
        log.warning("a revocation list was refused: %s %s", wrong.message, wrong.fields)
        raise


@transaction.atomic
def install_revocations(token: str, bits: bytes) -> None:
    """Put a list of our cloud in force. The same one again changes nothing.

    Raises: TrustRefused for another signer, other bits or an older version.
    Effect: a kiosk that finds its own device on it is revoked, here and now.
    """
    said, held = _read(token, bits), revocations_version()
    if said.version < held:
        raise TrustRefused("This list is older than ours.", version=said.version, held=held)
    issued_at = datetime.fromtimestamp(said.issued_s, UTC)
    RevocationList.objects.exclude(version=said.version).delete()
    RevocationList.objects.get_or_create(
        version=said.version, defaults={"token": token, "bits": bits, "issued_at": issued_at}
    )
    _look_for_ourselves(said)


def _read(token: str, bits: bytes) -> Revocations:
    try:
        return read_revocations(token, bits, jwk=cloud_jwk_of(token))
    except TrustRefused:
        raise
    except EdgeShopError as wrong:
        raise TrustRefused("This list is not what our cloud signed.", why=wrong.code) from wrong


def _look_for_ourselves(said: Revocations) -> None:
    kiosk = this_kiosk()
    own = Device.objects.filter(kiosk=kiosk).first()
    is_named = own is not None and said.names(own.pk)
    if is_named != (kiosk.revoked_at is not None):
        log.warning("this kiosk is revoked" if is_named else "this kiosk is not revoked any more")
        Kiosk.objects.filter(pk=kiosk.pk).update(revoked_at=clock.now() if is_named else None)
