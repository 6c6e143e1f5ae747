"""What a thief tries: grants overlapping, renewed, replayed, forged, borrowed and copied, and clocks that lie."""

from collections.abc import Callable
from typing import Any

from edgeshop.checkout.enums import Purpose
from edgeshop.checkout.services import issue_grant
from edgeshop.checkout.services.grants import TYP as GRANT
from edgeshop.fleet.services import DEVICE_KEY
from edgeshop.journal.services import receive, unsent_batch
from edgeshop.kernel.errors import EdgeShopError
from edgeshop.qa.thief import UNIT, Browser, Thief
from edgeshop.qa.two_nodes import OTHER, Node
from edgeshop.settings.knobs import REAL
from edgeshop.vault.services import MemoryKeystore, StoredKey, keystore, peek_jws, sign_jws, write_jws

_HOUR_S = 3600.0


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
        thief.world.time.move(_HOUR_S * thief.rng.choice((1, 1, 1, 6, 24)))


def replaying(thief: Thief) -> None:
    """Orders again and again: the same bytes, other content under the number, the same facts to the cloud."""
    thief.contact()
    with thief.world.box():
        browser = Browser(thief.rng.choice(list(Purpose)))
        tokens = browser.tokens()
        limit = REAL[thief.level].order_max * UNIT
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
            envelope = browser.order(forged, 10 * REAL[thief.level].order_max * UNIT)
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
        thief.world.time.wrong_s = -thief.rng.uniform(1, 200) * _HOUR_S
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
        thief.world.time.wrong_s = thief.rng.choice((1, 100, 10_000)) * _HOUR_S
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
