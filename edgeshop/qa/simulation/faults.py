"""What strikes a shop between two sales, and what people then do about it, as docs/operations.md says.

One rule for all: no fault destroys the last copy of what somebody else has been told is safe. So a box's copies are
made anew when its cloud is put back, and the cloud's when a box is.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from edgeshop.catalog.errors import StockShort
from edgeshop.catalog.services import allot, declare_lost, receive_stock
from edgeshop.catalog.services.sharing_out import share_out
from edgeshop.checkout.enums import Decision, Handover, Origin, Payment, Purpose
from edgeshop.checkout.models import Number, Order, Review
from edgeshop.checkout.services import decide_review, move_order
from edgeshop.fleet.models import Kiosk
from edgeshop.journal.models import Chain
from edgeshop.journal.services import begin_cloud_epoch, restart_streams
from edgeshop.kernel import clock
from edgeshop.qa.simulation.disk import PowerCut
from edgeshop.qa.simulation.machines import KIOSKS, PRICES, SHOP, STRICT, Machine, machine, publish_prices

if TYPE_CHECKING:
    from edgeshop.qa.simulation.run import Run

CLONE = "clone"
_CLONE_SLOT = 3
_DAY_S = 86_400.0


def strike(run: "Run") -> None:
    """One of the things on this run's menu, or a quiet hour."""
    kinds = [kind for kind in STRIKES if kind in run.menu]
    if not kinds or run.dice.happens(0.2):
        run.pass_s(run.dice.uniform(0.0, 1800.0))
        return
    STRIKES[run.dice.choice(kinds)](run)


def end_all(run: "Run") -> None:
    """Everything works again."""
    run.front_down.clear()
    run.wire.is_down.clear()
    run.wire.share, run.wire.cloud_faults = 0.0, ()
    run.wire.held.clear()
    for box in run.boxes.values():
        box.time.wrong_s, box.time.is_frozen = 0.0, False
    if CLONE in run.boxes:
        _retire(run, run.boxes[CLONE], says_goodbye=True)


def _box(run: "Run") -> Machine:
    """One of the two boxes; never the copy."""
    return run.boxes[f"kiosk{run.dice.choice(KIOSKS)}"]


def _link(run: "Run") -> None:
    """A link goes down or comes back: between kiosk and cloud, or between browsers and kiosk."""
    box = _box(run)
    run.wire.is_down ^= {box.name}
    run.note(f"link {box.name} {'down' if box.name in run.wire.is_down else 'up'}")


def _front(run: "Run") -> None:
    kiosk_id = run.dice.choice(KIOSKS)
    run.front_down ^= {kiosk_id}
    run.note(f"front {kiosk_id} {'down' if kiosk_id in run.front_down else 'up'}")


def _crash(run: "Run") -> None:
    box = _box(run)
    run.note(f"crash {box.name} idle")
    run.start(box)


def _backup(run: "Run") -> None:
    """A box is backed up: without what operations.md leaves out, or its whole disk."""
    box = _box(run)
    copies = run.backups[box.kiosk_id]
    copies.append(box.copy())
    del copies[:-3]
    run.note(f"backup {box.name}")


def _restore(run: "Run", *, files: bool) -> None:
    """A box is put back to an earlier copy of itself."""
    box = _box(run)
    image = run.dice.choice(run.backups[box.kiosk_id])
    old_epoch = _destroy(run, box)
    run.note(f"restore {box.name} {'disk' if files else 'database'}")
    box.write(image, files=files)
    box.time.wrong_s, box.time.is_frozen = 0.0, False
    run.start(box)
    keep_cloud(run)
    if run.dice.happens(0.3):
        with run.cloud():
            freed = declare_lost(kiosk_id=box.kiosk_id, epoch=old_epoch)
        run.note(f"declared {box.name} {old_epoch} {freed}")
        keep_cloud(run)


def _destroy(run: "Run", box: Machine) -> int:
    """A disk is about to go: what only it knew goes with it, and is nobody's fault. Answers its epoch."""
    with run.cloud():
        there, numbers = _orders(), set(Number.objects.filter(kiosk=box.kiosk_id).values_list("number", flat=True))
    others = set[str]()
    for other in run.boxes.values():
        if other is not box:
            with other():
                others |= _orders()
    with box():
        settled = set(Order.objects.exclude(delivery="committed").values_list("envelope_sha256", flat=True))
        run.lost_numbers |= set(Number.objects.values_list("number", flat=True)) - numbers
        epoch = Kiosk.objects.get(is_self=True).epoch
    for promise in run.promises.values():
        own = [browser for browser in run.browsers if browser.name == promise.browser]  # two disks give a number twice
        is_elsewhere = promise.sha256 in there | others | settled or any(b.has(promise.number) for b in own)
        is_known_safe = any(b.knows_acknowledged(promise.number) for b in own)
        if not promise.excuse and not is_elsewhere and not is_known_safe:
            promise.excuse = f"went with {box.name}"
    return epoch


def _orders() -> set[str]:
    return set(Order.objects.values_list("envelope_sha256", flat=True))


def _clone(run: "Run") -> None:
    """A box's disk is copied, and both run on; or the copy is switched off."""
    if CLONE in run.boxes:
        _retire(run, run.boxes[CLONE], says_goodbye=run.dice.happens(0.6))
        return
    box = _box(run)
    copy = machine(run.at, box.kiosk_id, _CLONE_SLOT, name=CLONE)
    copy.time.at_s, copy.time.wrong_s = box.time.at_s, box.time.wrong_s
    copy.write(box.copy(), files=True)
    run.boxes[CLONE] = copy
    run.note(f"clone {box.name}")
    run.start(copy)


def _retire(run: "Run", copy: Machine, *, says_goodbye: bool) -> None:
    """The copy tells what it has, or not, and is gone."""
    run.note(f"retire {'politely' if says_goodbye else 'at once'}")
    for _ in range(3 if says_goodbye else 0):
        run.contact(copy)
        run.pass_s(60.0)
    _destroy(run, copy)
    del run.boxes[CLONE]
    keep_cloud(run)


def keep_cloud(run: "Run") -> None:
    """Back up the cloud."""
    run.cloud_backup, run.door_backup = run.cloud.copy(), set(run.door.handled)


def _cloud_backup(run: "Run") -> None:
    keep_cloud(run)
    run.note("backup cloud")


def _cloud_restore(run: "Run") -> None:
    """The cloud is put back to its last copy, and `manage.py restored` is run."""
    with run.cloud():
        known = {(d, e): s for d, e, s in Chain.objects.values_list("device_id", "epoch", "seq")}
    run.cloud.write(run.cloud_backup, files=True)
    run.door.handled.clear()
    run.door.handled |= run.door_backup
    with run.cloud():
        begin_cloud_epoch()
        restart_streams()
        now = {(d, e): s for d, e, s in Chain.objects.values_list("device_id", "epoch", "seq")}
    run.forgiven |= {place: seq for place, seq in known.items() if seq > now.get(place, 0)}
    run.backups |= {box.kiosk_id: [box.copy()] for box in run.boxes.values() if box.name != CLONE}
    run.note(f"restore cloud {sum(known.values()) - sum(now.get(place, 0) for place in known)}")


def _clock(run: "Run") -> None:
    """A box's wall clock jumps, stands still, or is put right."""
    box = _box(run)
    how = run.dice.choice(("back", "ahead", "far", "frozen", "right"))
    box.time.is_frozen = how == "frozen"
    jump = {"back": -run.dice.uniform(60, _DAY_S), "ahead": run.dice.uniform(60, 7200), "far": 40 * _DAY_S}
    box.time.wrong_s = jump.get(how, box.time.wrong_s if how == "frozen" else 0.0)
    run.note(f"clock {box.name} {how}")


def _book(run: "Run") -> None:
    """The cloud publishes other prices."""
    with run.cloud():
        factor = run.dice.choice((0.95, 1.05, 1.5))
        version = publish_prices({p: round(unit * factor) for p, unit in PRICES.items() if run.dice.happens(0.5)})
    keep_cloud(run)
    run.note(f"book {version}")
    for browser in run.browsers:
        if run.dice.happens(0.5):
            browser.refresh_quietly()


def _strict(run: "Run") -> None:
    """The few strict units move: more come in, a kiosk gets some, or they are shared out."""
    with run.cloud():
        if run.dice.happens(0.3):
            product = run.dice.choice(STRICT)
            receive_stock(shop_id=SHOP, product_id=product, qty=2)
            run.counts[f"received{product}"] = run.counts.get(f"received{product}", 0) + 2
        try:
            given = share_out() if run.dice.happens(0.5) else allot(_box(run).kiosk_id, run.dice.choice(STRICT), 1)
        except StockShort:
            given = 0
    keep_cloud(run)
    run.note(f"stock {given}")


def _reviews(run: "Run") -> None:
    """Somebody looks at the reviews."""
    with run.cloud():
        waiting = list(Review.objects.filter(decision="").order_by("order__number", "reason", "subject")[:3])
        for review in waiting:
            decision = run.dice.choice((Decision.ACCEPT, Decision.ACCEPT, Decision.VOID))
            decide_review(review_id=review.pk, decision=decision, by="bea", at=clock.now())
    keep_cloud(run)
    run.note(f"reviews {len(waiting)}")


def _moves(run: "Run") -> None:
    """An order is paid at the counter and handed over, at its kiosk."""
    box = _box(run)
    said = "none"
    try:
        with run.power(box):
            owed = Order.objects.filter(kiosk=box.kiosk_id, tender="counter", payment=Payment.DUE, origin=Origin.SEAT)
            order = owed.order_by("number").first()
            if order is not None:
                moved = {"payment": Payment.CLEARED, "handover": Handover.HANDED_OVER}
                said = str(order.number_id)
                move_order(number=said, by="ann", at=clock.now(), **moved)  # type: ignore[arg-type]  # -- its two words
    except PowerCut:
        said = "crashed"
    except OSError:
        said = "disk"
    run.note(f"moved {box.name} {said}")


def _browser_lost(run: "Run") -> None:
    """A browser is gone with what it held; another one comes."""
    browser = run.browsers.pop(run.dice.randrange(len(run.browsers)))
    run.gone_browsers.append(browser)
    held = set[str]()
    for node in [run.cloud, *run.boxes.values()]:
        with node():
            held |= _orders()
    for promise in browser.promises.values():
        if promise.sha256 not in held and not browser.knows_acknowledged(promise.number):
            promise.excuse = promise.excuse or f"went with {browser.name}"
    run.note(f"lost {browser.name}")
    run.admit(browser.kiosk_id, Purpose(browser.purpose))


def _wait(run: "Run") -> None:
    """A night, or two: tokens and seats are over."""
    hours = run.dice.choice((4, 9, 13, 30))
    run.pass_s(hours * 3600.0)
    run.note(f"night {hours}")


STRIKES: dict[str, Callable[["Run"], None]] = {
    "link": _link,
    "front_link": _front,
    "idle_crash": _crash,
    "backup": _backup,
    "restore": lambda run: _restore(run, files=False),
    "restore_disk": lambda run: _restore(run, files=True),
    "clone": _clone,
    "cloud_backup": _cloud_backup,
    "cloud_restore": _cloud_restore,
    "clock": _clock,
    "book": _book,
    "strict": _strict,
    "reviews": _reviews,
    "moves": _moves,
    "browser_lost": _browser_lost,
    "night": _wait,
}
KINDS = ("wire", "front", "crash", "cloud_crash", "meanwhile", *STRIKES)
