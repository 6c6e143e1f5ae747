"""Four issuer rotations while kiosks are cut off for up to 60 hours: does a checkout fail, does a sale go to review?

The cloud is the real one: its issuer keys, its grants, its judgement of what a grant was worth. The kiosks are real in
what they hold and check, grants, lists of issuer keys and tokens under real signatures, but keep them in memory: so
thousands of checkouts take seconds. `sample` sends some more through the whole kiosk and the whole ledger.
`run(overlap=False)` is the control: each new key takes over at once, and the old one counts for nothing.
"""

import random
from dataclasses import dataclass, field
from typing import Any

from edgeshop.checkout.errors import GrantInvalid
from edgeshop.checkout.models import Order, Review
from edgeshop.checkout.services import issue_grant, sell_at_counter
from edgeshop.checkout.services.grants import read_grant
from edgeshop.checkout.services.tokens import TYP as TOKEN
from edgeshop.checkout.services.warrant import problem_with
from edgeshop.fleet.errors import CloudUnreachable, IssuersUnvouched
from edgeshop.fleet.models import Kiosk
from edgeshop.fleet.services import cloud_jwks, replace_issuer, rotate_issuer
from edgeshop.fleet.services.issuers import follow, vouched_lists
from edgeshop.kernel import clock
from edgeshop.kernel.errors import EdgeShopError
from edgeshop.qa.two_nodes import KIOSK, THING, World
from edgeshop.vault.services import HotKey, Jwk, MemoryKeystore, new_hot_key, verify_jws

HOUR_S = 3600
_STEP_H = 2
_AWAY_H = (2, 4, 12, 24, 48, 60)  # how long a kiosk is cut off
_WEEK_H = 7 * 24


@dataclass
class Till:
    """A kiosk as far as a rotation can hurt it: whose word it takes, its last grant, and what waits for the cloud."""

    pk: int
    hot: HotKey
    trusted: list[Jwk]
    since_s: int = 0
    next_contact_h: int = 0
    grant: dict[str, Any] = field(default_factory=dict)
    grant_jws: str = ""
    waiting: list[tuple[str, str, Jwk]] = field(default_factory=list)  # token, grant, key of the token


@dataclass
class Result:
    """What happened. `failed`: a shopper was refused. `quarantined`: sold, and then a person had to look at it."""

    rotations: int = 0
    checkouts: int = 0
    failed: int = 0
    settled: int = 0
    quarantined: int = 0
    sampled: int = 0
    sampled_failed: int = 0
    sampled_reviewed: int = 0


def run(
    seed: int = 1, *, overlap: bool = True, rotations: int = 4, kiosks: int = 6, per_step: int = 2, sample: bool = True
) -> Result:
    """One run over as many weeks as rotations, and one more. Needs Django set up; deterministic but for signatures."""
    rng = random.Random(seed)  # noqa: S311 -- a run that can be repeated
    world, result = World(level=2), Result()
    start_s = world.time.at_s
    try:
        with world.cloud():
            tills = [_till(world, n) for n in range(kiosks)]
        world.contact(world.box)
        for hour in range(0, (rotations + 1) * _WEEK_H, _STEP_H):
            world.time.at_s = start_s + hour * HOUR_S
            if hour and hour % _WEEK_H == 0:
                result.rotations += _rotate(world, overlap=overlap)
            for till in tills:
                _visit(world, till, hour, rng)
                for _ in range(per_step):
                    _sell(world, till, rng, result)
            with world.cloud():
                _settle([till for till in tills if till.next_contact_h == hour], rng, hour, result)
            if sample and hour % 12 == 0:
                _sample(world, hour, rng, result)
        with world.cloud():
            _settle(tills, rng, 0, result)
        return result
    finally:
        world.close()


def _till(world: World, number: int) -> Till:
    kiosk, _ = Kiosk.objects.get_or_create(
        pk=100 + number, defaults={"shop_id": 3, "name": f"Till {number}", "epoch": 1}
    )
    keys = MemoryKeystore()
    keys.create("device")
    hot = new_hot_key(subject=f"kiosk/{kiosk.pk}", keystore=keys, now_s=world.time.at_s)
    Kiosk.objects.filter(pk=kiosk.pk).update(trust_level=2, device_jwk=keys.public_key("device"))
    return Till(kiosk.pk, hot, cloud_jwks())


def _rotate(world: World, *, overlap: bool) -> int:
    with world.cloud():
        (rotate_issuer if overlap else replace_issuer)(at=clock.now())
    return 1


def _visit(world: World, till: Till, hour: int, rng: random.Random) -> None:
    """A contact when the link is there: the cloud's keys on a trusted key's word, then a fresh grant."""
    if hour < till.next_contact_h:
        return
    till.next_contact_h = hour
    with world.cloud():
        lists, grant = vouched_lists(), issue_grant(till.pk)
    try:
        till.trusted, till.since_s = follow(till.trusted, till.since_s, lists)
        till.grant, till.grant_jws = read_grant(grant, till.trusted), grant
    except (IssuersUnvouched, GrantInvalid):
        return


def _sell(world: World, till: Till, rng: random.Random, result: Result) -> None:
    """One checkout with the cable out: the grant must be good, the token signed, and read again as at the till."""
    at_s = int(world.time.at_s)
    result.checkouts += 1
    try:
        claims = read_grant(till.grant_jws, till.trusted)
        if not claims["iat"] <= at_s < claims["exp"]:
            raise GrantInvalid("This grant is over.")
        token = till.hot.sign_jws(TOKEN, {"aud": till.pk, "iat": at_s, "gid": claims["jti"], "n": result.checkouts})
        verify_jws(token, jwk=till.hot.jwk, typ=TOKEN)
    except EdgeShopError:
        result.failed += 1
        return
    till.waiting.append((token, till.grant_jws, till.hot.jwk))


def _settle(tills: list[Till], rng: random.Random, hour: int, result: Result) -> None:
    """What waited reaches the ledger, which asks whether its own grant still counts; then the link goes again."""
    for till in tills:
        for token, grant_jws, jwk in till.waiting:
            verify_jws(token, jwk=jwk, typ=TOKEN)
            is_good = not problem_with(grant_jws, at=clock.now())
            result.settled += is_good
            result.quarantined += not is_good
        till.waiting.clear()
        till.next_contact_h = hour + rng.choice(_AWAY_H)


def _sample(world: World, hour: int, rng: random.Random, result: Result) -> None:
    """The enrolled box sells on its grant, and meets the cloud once in a while; money clears before the next time."""
    with world.box():
        result.sampled += 1
        try:
            sell_at_counter(lines=[(THING, rng.randint(1, 500))], tender="invoice", staff="ben", at=clock.now())
        except EdgeShopError:
            result.sampled_failed += 1
    if hour % 60 == 0:
        _meet(world, result)


def _meet(world: World, result: Result) -> None:
    try:
        world.contact(world.box)
    except CloudUnreachable:
        return
    with world.cloud():
        Order.objects.filter(kiosk=KIOSK, payment="due").update(payment="cleared")
        result.sampled_reviewed = Review.objects.filter(order__kiosk=KIOSK).values("order").distinct().count()
