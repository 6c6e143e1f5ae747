"""Random attacks on grants and tokens, on the real services under the real limits, and what each one got away with.

The loss is what left the door of the kiosk's shop uncleared: sales on the grant that the kiosk confirmed without asking
for a person. It must never exceed min(window, largest order x number of orders) of the kiosk's level. The same must
hold for what the ledger takes as good: uncleared orders that nobody has to look at.

What no software can see is a second box with everything of the first, its keys too, while both are offline. What such a
copy lets go is counted apart (`elsewhere_minor`); keys in hardware cannot be copied, so at levels 2 and 3 it must be
nothing, and at any level the ledger takes it for good only within the bound.

`run(naive=True)` is the control: each grant brings a budget of its own, as if nobody had counted over grants.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Sum

from edgeshop.checkout.enums import NumberState, Purpose
from edgeshop.checkout.models import Allocator, Grant, Number, Order
from edgeshop.checkout.services import envelope as orders
from edgeshop.checkout.services import (
    install_grant,
    issue_grant,
    open_request,
    place,
    renew_tokens,
    request_seat,
    sell_at_counter,
)
from edgeshop.checkout.services import seat_requests as requests
from edgeshop.checkout.services.grants import TYP as GRANT
from edgeshop.checkout.services.room import room
from edgeshop.fleet.models import Kiosk
from edgeshop.fleet.queries import this_kiosk
from edgeshop.fleet.services import DEVICE_KEY
from edgeshop.journal.services import receive, unsent_batch
from edgeshop.kernel import clock
from edgeshop.kernel.errors import EdgeShopError
from edgeshop.qa.two_nodes import KIOSK, OTHER, PRICE_MINOR, THING, Node, World
from edgeshop.settings.knobs import REAL
from edgeshop.vault.services import MemoryKeystore, StoredKey, keystore, peek_jws, sign_jws, thumbprint, write_jws

HOUR_S = 3600.0
_SALES_MAX = 300  # of one drain: more than any level's number of orders
_UNIT = 100  # minor units in a major one; the world's shop sells in euro


@dataclass(frozen=True, slots=True)
class Outcome:
    """One attack: what left uncleared, here and at a copy; what the ledger took as good; what it may be at most."""

    kind: str
    level: int
    seed: int
    bound_minor: int
    loss_minor: int
    ledger_minor: int
    elsewhere_minor: int

    @property
    def is_over(self) -> bool:
        """Whether the attack got more than its level allows."""
        elsewhere_max = self.bound_minor if self.level <= 1 and self.kind == "cloned_keys" else 0
        return max(self.loss_minor, self.ledger_minor) > self.bound_minor or self.elsewhere_minor > elsewhere_max


def bound_minor(level: int) -> int:
    """What a kiosk of this level may lose at most. Units: minor units of the world's shop."""
    limits = REAL[level]
    return min(limits.window, limits.order_max * limits.orders_max) * _UNIT


class Thief:
    """Somebody who has a kiosk in hand: sells on invoice, and never pays."""

    def __init__(self, world: World, level: int, rng: random.Random, *, naive: bool) -> None:
        """In a world that has just begun."""
        self.world, self.level, self.rng, self.naive = world, level, rng, naive
        self.gone = {"box": 0}
        self.stash: list[str] = []

    def contact(self, box: Node | None = None) -> None:
        """Meet the cloud, and keep every grant that ever came."""
        box = box or self.world.box
        known = len(self.stash)
        self.world.contact(box)
        with box():
            self.stash = list(Grant.objects.order_by("issued_at", "id").values_list("jws", flat=True))
            if self.naive and len(self.stash) > known:
                Allocator.objects.update(spent_minor=0, spent_count=0)

    def sell(self, amount_minor: int, box: Node | None = None) -> bool:
        """One sale on invoice; whether it went out of the door."""
        box, lines = box or self.world.box, [(THING, max(1, amount_minor // PRICE_MINOR))]
        with box():
            try:
                sell_at_counter(lines=lines, tender="invoice", staff="thief", at=clock.now())
            except EdgeShopError:
                return False
        self.gone[box.name] = self.gone.get(box.name, 0) + lines[0][1] * PRICE_MINOR
        return True

    def drain(self, box: Node | None = None) -> None:
        """Sell until nothing goes any more, mostly as much at once as is allowed, and then some more."""
        most = REAL[self.level].order_max * _UNIT
        for _ in range(_SALES_MAX):
            left = self.left(box)
            amount = min(left, most) if self.rng.random() < 0.8 else self.rng.randrange(PRICE_MINOR, most + 1)
            if amount < PRICE_MINOR:
                break
            self.sell(amount, box)
        self.sell(self.rng.choice((PRICE_MINOR, most)), box)

    def left(self, box: Node | None = None) -> int:
        """What the box itself says may still go."""
        with (box or self.world.box)():
            kiosk = this_kiosk()
            found, _ = Allocator.objects.get_or_create(kiosk=kiosk, epoch=kiosk.epoch)
            left = room(kiosk=kiosk, allocator=found)
            return left.sum_minor if left.count else 0

    def nibble(self) -> None:
        """A few honest-looking sales."""
        for _ in range(self.rng.randint(0, 3)):
            self.sell(self.rng.randrange(PRICE_MINOR, REAL[self.level].order_max * _UNIT // 2))

    def wait(self, hours_max: float) -> None:
        """Let some time pass."""
        self.world.time.move(self.rng.uniform(0.1, hours_max) * HOUR_S)

    def install(self, *grants: str) -> None:
        """Try grants from anywhere."""
        with self.world.box():
            for jws in grants:
                try:
                    install_grant(jws)
                except EdgeShopError:
                    continue

    def seat(self, purpose: Purpose = Purpose.SCREEN) -> "Browser":
        """A browser with a seat and tokens."""
        with self.world.box():
            return Browser(purpose)

    def place(self, envelope: str, *, slip_shown: bool = False) -> bool:
        """Hand an order in; whether it went out of the door with nobody asked."""
        with self.world.box():
            known = set(Order.objects.values_list("number_id", flat=True))
            try:
                done = place(envelope=envelope, slip_shown=slip_shown, at=clock.now())
            except EdgeShopError:
                return False
            order = Order.objects.get(number=done.number)
            if done.number in known or not order.is_on_grant or order.reviews.exists():
                return False
        self.gone["box"] += order.total_minor
        return True


class Browser:
    """A shopper's browser with devtools open: it signs what it likes with its own key. Works on the present node."""

    def __init__(self, purpose: Purpose, address: str = "127.0.0.1") -> None:
        """Seated."""
        self.keys = MemoryKeystore()
        self.jwk = self.keys.create("seat")
        admitted = request_seat(jwk=self.jwk, purpose=purpose, address=address, at=clock.now())
        self.seat, self.seat_id, self.asked = admitted.jws, str(admitted.seat_id), 0

    def tokens(self, want: int = 10) -> list[str]:
        """Fresh tokens; it claims to hold none."""
        self.asked += 1
        asked = self.request(want)
        minted = renew_tokens(open_request(delegation=self.seat, request=asked, at=clock.now()), at=clock.now())
        return minted.tokens

    def request(self, want: int) -> str:
        """A signed request for tokens."""
        return self._sign(requests.TYP, {"jti": str(self.asked), "seat": self.seat_id, "want": want, "held": []})

    def order(self, token: str, amount_minor: int, *, tender: str = "invoice") -> str:
        """A signed order of this amount."""
        qty = max(1, amount_minor // PRICE_MINOR)
        body = {
            "rn": peek_jws(token)[1]["rn"], "token": token, "book": 1, "lines": [[THING, qty, PRICE_MINOR]],
            "total": qty * PRICE_MINOR, "tender": tender, "at": clock.timestamp(), "lang": "en",
        }  # fmt: skip
        return self._sign(orders.TYP, body, jwk=self.jwk, kid=thumbprint(self.jwk))

    def _sign(self, typ: str, claims: dict[str, Any], **headers: Any) -> str:
        return sign_jws(keystore=self.keys, key="seat", typ=typ, claims=claims, headers=headers or None)


def overlapping(thief: Thief) -> None:
    """Grants pile up; then each is put in again, and everything is sold that goes."""
    for _ in range(thief.rng.randint(2, 4)):
        thief.contact()
        thief.nibble()
        thief.wait(14)
    thief.contact()
    for jws in thief.rng.sample(thief.stash, min(3, len(thief.stash))):
        thief.install(jws)
        thief.drain()


def renewing(thief: Thief) -> None:
    """The stolen kiosk stays online, asks every hour for days, and never pays."""
    for _ in range(thief.rng.randint(2, 5)):
        thief.contact()
        thief.drain()
        thief.world.time.move(HOUR_S * thief.rng.choice((1, 1, 1, 6, 24)))


def replaying(thief: Thief) -> None:
    """Orders again and again: the same bytes, other content under the number, the same facts to the cloud."""
    thief.contact()
    with thief.world.box():
        browser = Browser(thief.rng.choice(list(Purpose)))
        tokens = browser.tokens()
        limit = REAL[thief.level].order_max * _UNIT
        tender = thief.rng.choice(("invoice", "cash"))
        envelopes = [browser.order(t, thief.rng.choice((limit, limit // 2, 2 * limit)), tender=tender) for t in tokens]
        others = [browser.order(t, limit // 3, tender=tender) for t in tokens]
    for envelope in [*envelopes, *envelopes, *others]:
        thief.place(envelope, slip_shown=thief.rng.random() < 0.5)
    batch = _batch(thief.world.box)
    thief.contact()
    for _ in range(2):
        _receive(thief.world.cloud, batch)
    thief.contact()
    thief.drain()


def _batch(box: Node) -> dict[str, Any] | None:
    with box():
        found = unsent_batch(1000)
        if found is None:
            return None
        chain, records = found
        return {
            "device_id": chain.device_id, "epoch": chain.epoch, "first_seq": records[0].seq,
            "kinds": [r.kind for r in records], "bodies": [bytes(r.body) for r in records],
            "head": bytes(records[-1].chain),
        }  # fmt: skip


def _receive(cloud: Node, batch: dict[str, Any] | None) -> None:
    if batch is None:
        return
    with cloud():
        try:
            receive(**batch)
        except EdgeShopError:
            return


def forging(thief: Thief) -> None:
    """Grants and tokens of the thief's own making: other claims under the device's key, a stranger's, the old name."""
    thief.contact()
    strangers = MemoryKeystore()
    strangers.create("cloud")
    claims = peek_jws(thief.stash[-1])[1]
    wide = claims | {"sum_ceil": 10**9, "count_ceil": 10**6, "order_max": 10**7, "exp": claims["exp"] + 10**7}
    wide["jti"] = f"0192a000-0000-7000-8000-{thief.rng.getrandbits(48):012x}"
    kid = peek_jws(thief.stash[-1])[0]["kid"]
    head, _, signature = thief.stash[-1].split(".")
    with thief.world.box():
        own = write_jws(signer=StoredKey(keystore(), DEVICE_KEY), typ=GRANT, claims=wide)
        browser = Browser(Purpose.SCREEN)
        token = (browser.tokens(1) or [""])[0]
    signer = StoredKey(strangers, "cloud")
    borrowed = write_jws(signer=signer, typ=GRANT, claims=wide, headers={"kid": kid})
    payload = borrowed.split(".")[1]
    thief.install(own, borrowed, write_jws(signer=signer, typ=GRANT, claims=wide), f"{head}.{payload}.{signature}")
    if token:
        forged = _raised(token, browser)
        with thief.world.box():
            envelope = browser.order(forged, 10 * REAL[thief.level].order_max * _UNIT)
        thief.place(envelope, slip_shown=thief.rng.random() < 0.5)
    thief.drain()


def _raised(token: str, browser: Browser) -> str:
    """The token with a higher limit, under the browser's own key, with the kiosk's certificate beside it."""
    header, claims = peek_jws(token)
    kept = {name: header[name] for name in ("cert", "kid")}
    return sign_jws(keystore=browser.keys, key="seat", typ=header["typ"], claims=claims | {"max": 10**9}, headers=kept)


def borrowing(thief: Thief) -> None:
    """Another kiosk's grant, put into this one."""
    with thief.world.cloud():
        theirs = [issue_grant(OTHER) for _ in range(3)]
    thief.install(*theirs)
    thief.drain()
    thief.contact()
    thief.install(*theirs)
    thief.drain()


def copying(thief: Thief) -> None:
    """The disk is copied, without the keys, and both boxes sell; then both meet the cloud."""
    _two_writers(thief, with_keys=False)


def copying_keys(thief: Thief) -> None:
    """Everything is copied, the keys too. Out of hardware they cannot be: there the copy has none."""
    _two_writers(thief, with_keys=thief.level <= 1)


def _two_writers(thief: Thief, *, with_keys: bool) -> None:
    thief.contact()
    thief.nibble()
    copy = thief.world.copy(with_keys=with_keys)
    thief.world.start(copy)
    both = [thief.world.box, copy]
    for box in thief.rng.sample(both, 2):
        thief.drain(box)
    if not with_keys:
        both = [thief.world.box]  # the copy cannot sign a request
    for box in thief.rng.choices(both, k=3):
        thief.contact(box)
        thief.drain(box)


def restoring(thief: Thief) -> None:
    """An old copy of the database is put back, again and again, with the cloud within reach now and then."""
    thief.contact()
    thief.nibble()
    image = thief.world.box.image()
    for _ in range(thief.rng.randint(2, 3)):
        thief.drain()
        thief.world.box.put(image, with_head=False)
        thief.world.start(thief.world.box)
        if thief.rng.random() < 0.7:
            thief.contact()
        if thief.rng.random() < 0.3:
            image = thief.world.box.image()
        thief.wait(5)
    thief.drain()


def clock_back(thief: Thief) -> None:
    """The wall clock is set back whenever the grant is over."""
    thief.contact()
    thief.nibble()
    for _ in range(thief.rng.randint(1, 3)):
        thief.wait(80)
        thief.world.time.wrong_s = -thief.rng.uniform(1, 200) * HOUR_S
        thief.drain()
        if thief.rng.random() < 0.5:
            thief.contact()


def clock_frozen(thief: Thief) -> None:
    """The wall clock stands still."""
    thief.contact()
    thief.world.time.is_frozen = True
    for _ in range(thief.rng.randint(1, 3)):
        thief.wait(80)
        thief.drain()
        if thief.rng.random() < 0.5:
            thief.contact()


def clock_forward(thief: Thief) -> None:
    """The wall clock runs years ahead, and back again."""
    for _ in range(thief.rng.randint(1, 3)):
        thief.world.time.wrong_s = thief.rng.choice((1, 100, 10_000)) * HOUR_S
        thief.contact()
        thief.drain()
        thief.world.time.wrong_s = 0
        thief.contact()
        thief.drain()


KINDS: dict[str, Callable[[Thief], None]] = {
    "overlap": overlapping,
    "renewal": renewing,
    "replay": replaying,
    "forged": forging,
    "other_kiosk": borrowing,
    "cloned_disk": copying,
    "cloned_keys": copying_keys,
    "restored": restoring,
    "clock_back": clock_back,
    "clock_frozen": clock_frozen,
    "clock_forward": clock_forward,
}


def run(seed: int, count: int, level: int, *, naive: bool = False) -> list[Outcome]:
    """`count` attacks on a kiosk of this level, all kinds in turn, each from its own seed. Needs Django set up."""
    kinds = list(KINDS)
    return [attack(kinds[n % len(kinds)], seed * 1_000_003 + n, level, naive=naive) for n in range(count)]


def attack(kind: str, seed: int, level: int, *, naive: bool = False) -> Outcome:
    """One attack in a world of its own, and the reckoning when all that can be told has been told."""
    world = World(level=level)
    rng = random.Random(seed)  # noqa: S311 -- an attack that can be repeated
    thief = Thief(world, level, rng, naive=naive)
    try:
        KINDS[kind](thief)
        world.time.wrong_s, world.time.is_frozen = 0.0, False
        world.contact(world.box)
        here = thief.gone.pop("box")
        return Outcome(kind, level, seed, bound_minor(level), here, _taken_as_good(world), sum(thief.gone.values()))
    finally:
        world.close()


def _taken_as_good(world: World) -> int:
    """Uncleared sales in the ledger that nobody has to look at."""
    with world.cloud():
        good = Order.objects.filter(kiosk=KIOSK, is_on_grant=True, reviews__isnull=True).exclude(payment="cleared")
        return good.aggregate(total=Sum("total_minor"))["total"] or 0


def drain_by_phones(level: int, phones: int, *, addresses: int) -> tuple[int, int]:
    """So many phones ask for seats and tokens, from so many addresses; answers seats given, and value handed out."""
    world, given = World(level=level), 0
    try:
        world.contact(world.box)
        with world.box():
            for n in range(phones):
                try:
                    phone = Browser(Purpose.PHONE, address=f"192.0.2.{n % addresses}")
                    given += 1
                    phone.tokens(2)
                except EdgeShopError:
                    continue
            out = Number.objects.filter(state=NumberState.OUTSTANDING, kiosk__in=Kiosk.objects.filter(is_self=True))
            return given, out.aggregate(total=Sum("max_minor"))["total"] or 0
    finally:
        world.close()
