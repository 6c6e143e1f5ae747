"""Disks that are copied, put back and lost, and what people then do about it, as docs/operations.md says.

One rule for all: no fault destroys the last copy of what somebody else has been told is safe. So a box's copies are
made anew when its cloud is put back, and the cloud's when a box is.
"""

from typing import TYPE_CHECKING

from edgeshop.catalog.services import declare_lost
from edgeshop.checkout.models import Number, Order
from edgeshop.checkout.services.numbers import OPEN
from edgeshop.fleet.models import Kiosk
from edgeshop.journal.models import Chain
from edgeshop.journal.services import begin_cloud_epoch, restart_streams
from edgeshop.qa.simulation.machines import KIOSKS, Machine, machine

if TYPE_CHECKING:
    from edgeshop.qa.simulation.days import Days

CLONE = "clone"
_CLONE_SLOT = 3


def one_box(run: "Days") -> Machine:
    """One of the two boxes; never the copy."""
    return run.boxes[f"kiosk{run.dice.choice(KIOSKS)}"]


def back_up(run: "Days") -> None:
    """A box is backed up: without what operations.md leaves out, or its whole disk."""
    box = one_box(run)
    copies = run.backups[box.kiosk_id]
    copies.append(box.copy())
    del copies[:-3]
    run.note(f"backup {box.name}")


def restore(run: "Days", *, files: bool) -> None:
    """A box is put back to an earlier copy of itself."""
    box = one_box(run)
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


def _destroy(run: "Days", box: Machine) -> int:
    """A disk is about to go: what only it knew goes with it, and is nobody's fault. Answers its epoch."""
    with run.cloud():
        there, numbers = orders_here(), dict(Number.objects.filter(kiosk=box.kiosk_id).values_list("number", "state"))
    others = set[str]()
    for other in run.boxes.values():
        if other is not box:
            with other():
                others |= orders_here()
    with box():
        settled = set(Order.objects.exclude(delivery="committed").values_list("envelope_sha256", flat=True))
        ours = dict(Number.objects.values_list("number", "state"))
        run.lost_numbers |= ours.keys() - numbers
        run.lost_ends |= {n for n, state in ours.items() if state not in OPEN and numbers.get(n, OPEN[0]) in OPEN}
        epoch = Kiosk.objects.get(is_self=True).epoch
    for promise in run.promises.values():
        own = [browser for browser in run.browsers if browser.name == promise.browser]  # two disks give a number twice
        is_elsewhere = promise.sha256 in there | others | settled or any(b.has(promise.number) for b in own)
        is_known_safe = any(b.knows_acknowledged(promise.number) for b in own)
        if not promise.excuse and not is_elsewhere and not is_known_safe:
            promise.excuse = f"went with {box.name}"
    return epoch


def orders_here() -> set[str]:
    """The contents of all orders on the present machine. Shape: sha256 as words."""
    return set(Order.objects.values_list("envelope_sha256", flat=True))


def clone(run: "Days") -> None:
    """A box's disk is copied, and both run on; or the copy is switched off."""
    if CLONE in run.boxes:
        retire(run, run.boxes[CLONE], says_goodbye=run.dice.happens(0.6))
        return
    box = one_box(run)
    copy = machine(run.at, box.kiosk_id, _CLONE_SLOT, name=CLONE)
    copy.time.at_s, copy.time.wrong_s = box.time.at_s, box.time.wrong_s
    copy.write(box.copy(), files=True)
    run.boxes[CLONE] = copy
    run.note(f"clone {box.name}")
    run.start(copy)


def retire(run: "Days", copy: Machine, *, says_goodbye: bool) -> None:
    """The copy tells what it has, or not, and is gone."""
    run.note(f"retire {'politely' if says_goodbye else 'at once'}")
    for _ in range(3 if says_goodbye else 0):
        run.contact(copy)
        run.pass_s(60.0)
    _destroy(run, copy)
    del run.boxes[CLONE]
    keep_cloud(run)


def keep_cloud(run: "Days") -> None:
    """Back up the cloud."""
    run.cloud_backup, run.door_backup = run.cloud.copy(), set(run.door.handled)


def back_up_cloud(run: "Days") -> None:
    keep_cloud(run)
    run.note("backup cloud")


def restore_cloud(run: "Days") -> None:
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
