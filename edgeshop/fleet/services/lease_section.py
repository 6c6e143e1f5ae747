"""Leases on their way: the section of a contact in which a kiosk says what it holds and its cloud gives what lacks.

Nothing hangs on a moment: what the kiosk says of itself is compared with what should be, at every contact. An answer
that was lost is given again, and a renewal that failed leaves the lease as it was.
"""

import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import cache
from typing import Any

from edgeshop.fleet.models import Kiosk, LeaseSecret
from edgeshop.fleet.services.keys import cloud_key
from edgeshop.fleet.services.leases import device_of, lease, lease_standings, lent
from edgeshop.fleet.services.secrets import VAPID, Kept, ready_vapid, reveal, secrets_of
from edgeshop.kernel import clock
from edgeshop.kernel.errors import EdgeShopError
from edgeshop.vault.errors import LeaseExpired
from edgeshop.vault.services import (
    WRAP_KEY,
    LeaseState,
    Signer,
    Standing,
    Terms,
    keystore,
    revoke_lease,
    seal_lease,
    wrap_thumbprint,
)

log = logging.getLogger(__name__)
_SOFT_SHARE = 3  # soft time after a third of the life: two thirds are left to find a link
_WORN = {LeaseState.STALE, LeaseState.EXPIRED}


def ask_leases() -> dict[str, Any] | None:
    """What the kiosk holds, what it wants renewed, and which key to seal for; the key itself while it may be news.

    None on a box whose keystore has no such key: it borrows nothing, and the rest of the contact goes on.
    """
    try:
        jwk = keystore().create_wrap_key(WRAP_KEY)
    except EdgeShopError as error:
        log.warning("no leases: %s", error.code)
        return None
    held = [s for s in lease_standings() if _opens(s)]
    worn = [s.name for s in held if s.state in _WORN and lent().renewals.may_ask(s.name)]
    asked: dict[str, Any] = {
        "key": wrap_thumbprint(jwk),
        "held": {s.name: [s.ver, s.before_ver, s.state == LeaseState.REVOKED] for s in held},
    }
    if not held or lent().must_introduce:
        asked["jwk"] = jwk
        lent().must_introduce = False  # if this gets lost, the cloud says so again
    return asked | ({"renew": worn} if worn else {})


def _opens(standing: Standing) -> bool:
    """A lease that our key does not open any more is as good as none."""
    try:
        lease(standing.name)
    except LeaseExpired:
        return True
    except EdgeShopError:
        return False
    return True


def answer_leases(kiosk_id: int, asked: dict[str, Any] | None) -> dict[str, Any] | None:
    """On the cloud: what this kiosk lacks or wants renewed, and what is over; None when all is as it should be.

    Effect: the kiosk's wrapping key is remembered, and a shop without a VAPID key gets one.
    """
    if asked is None:
        return None
    kiosk = Kiosk.objects.get(pk=kiosk_id)
    if "jwk" in asked and asked["jwk"] != kiosk.wrap_jwk and wrap_thumbprint(asked["jwk"]) == asked["key"]:
        kiosk.wrap_jwk = asked["jwk"]
        kiosk.save(update_fields=["wrap_jwk"])
    if kiosk.wrap_jwk is None or wrap_thumbprint(kiosk.wrap_jwk) != asked["key"]:
        return {"introduce": True}
    signer = cache(cloud_key)  # asked for once, and only when there is something to sign
    words = [word for kept in _secrets(kiosk.shop_id) for word in _words(kiosk, kept, asked, signer)]
    return {"leases": words} if words else None


def _secrets(shop_id: int) -> list[Kept]:
    kept = secrets_of(shop_id)
    if any(secret.now.name == VAPID for secret in kept):
        return kept
    ready_vapid(shop_id=shop_id)
    return secrets_of(shop_id)


def _words(kiosk: Kiosk, kept: Kept, asked: dict[str, Any], signer: Callable[[], Signer]) -> Iterator[str]:
    """What to say about one name. A secret that cannot be sealed today holds up no other."""
    name, now, before = kept.now.name, kept.now, kept.before
    ver, before_ver, is_revoked = asked["held"].get(name, (0, 0, False))
    over = max(kept.revoked & {before_ver, 0 if is_revoked else ver}, default=0)
    if over:
        at = int(clock.timestamp())
        yield revoke_lease(name=name, ver=over, issued_s=at, device=device_of(kiosk), signer=signer())
    try:
        if now.revoked_at is None and (ver != now.ver or name in asked.get("renew", ())):
            yield _lend(kiosk, now, signer())
        if before is not None and before.ver not in {ver, before_ver} and _is_usable(before):
            yield _lend(kiosk, before, signer())
    except EdgeShopError:
        log.exception("secret %s of shop %s cannot be lent", name, kiosk.shop_id)


def _is_usable(replaced: LeaseSecret) -> bool:
    """Whether kiosks that are cut off may still be using a version that was replaced."""
    at = replaced.superseded_at
    return replaced.revoked_at is None and at is not None and clock.now() < at + timedelta(seconds=replaced.life_s)


def _lend(kiosk: Kiosk, secret: LeaseSecret, signer: Signer) -> str:
    issued_s, end_s = int(clock.timestamp()), secret.life_s
    if secret.superseded_at is not None:
        end_s = int(secret.superseded_at.timestamp()) + secret.life_s - issued_s
    terms = Terms(secret.name, secret.ver, issued_s, issued_s + end_s // _SOFT_SHARE, issued_s + end_s)
    return seal_lease(
        terms=terms,
        value=reveal(secret),
        wrap_jwk=kiosk.wrap_jwk or {},
        device=device_of(kiosk),
        signer=signer,
    )


def take_leases(told: dict[str, Any]) -> None:
    """On the kiosk: keep what came, each on its own. Raises: the last error, when all others are kept."""
    lent().must_introduce = bool(told.get("introduce"))
    problem: EdgeShopError | None = None
    for jws in told.get("leases", []):
        try:
            lent().folder.install(jws)
        except EdgeShopError as error:
            lent().must_introduce, problem = True, error
    for standing in lease_standings():
        if standing.state == LeaseState.FRESH:
            lent().renewals.came(standing.name)
    if problem is not None:
        raise problem
