"""What strikes a shop between two sales."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from edgeshop.qa.simulation import disasters, everyday
from edgeshop.qa.simulation.disasters import CLONE, one_box
from edgeshop.qa.simulation.machines import KIOSKS

if TYPE_CHECKING:
    from edgeshop.qa.simulation.days import Days

_DAY_S = 86_400.0


def strike(run: "Days") -> None:
    """One of the things on this run's menu, or a quiet hour."""
    kinds = [kind for kind in STRIKES if kind in run.menu]
    if not kinds or run.dice.happens(0.2):
        run.pass_s(run.dice.uniform(0.0, 1800.0))
        return
    STRIKES[run.dice.choice(kinds)](run)


def end_all(run: "Days") -> None:
    """Everything works again."""
    run.front_down.clear()
    run.wire.is_down.clear()
    run.wire.share, run.wire.cloud_faults = 0.0, ()
    run.wire.held.clear()
    for box in run.boxes.values():
        box.time.wrong_s, box.time.is_frozen = 0.0, False
    if CLONE in run.boxes:
        disasters.retire(run, run.boxes[CLONE], says_goodbye=True)


def _link(run: "Days") -> None:
    """A link goes down or comes back: between kiosk and cloud, or between browsers and kiosk."""
    box = one_box(run)
    run.wire.is_down ^= {box.name}
    run.note(f"link {box.name} {'down' if box.name in run.wire.is_down else 'up'}")


def _front(run: "Days") -> None:
    kiosk_id = run.dice.choice(KIOSKS)
    run.front_down ^= {kiosk_id}
    run.note(f"front {kiosk_id} {'down' if kiosk_id in run.front_down else 'up'}")


def _crash(run: "Days") -> None:
    box = one_box(run)
    run.note(f"crash {box.name} idle")
    run.start(box)


def _clock(run: "Days") -> None:
    """A box's wall clock jumps, stands still, or is put right."""
    box = one_box(run)
    how = run.dice.choice(("back", "ahead", "far", "frozen", "right"))
    box.time.is_frozen = how == "frozen"
    jump = {"back": -run.dice.uniform(60, _DAY_S), "ahead": run.dice.uniform(60, 7200), "far": 40 * _DAY_S}
    box.time.wrong_s = jump.get(how, box.time.wrong_s if how == "frozen" else 0.0)
    run.note(f"clock {box.name} {how}")


def _wait(run: "Days") -> None:
    """A night, or two: tokens and seats are over."""
    hours = run.dice.choice((4, 9, 13, 30))
    run.pass_s(hours * 3600.0)
    run.note(f"night {hours}")


STRIKES: dict[str, Callable[["Days"], None]] = {
    "link": _link,
    "front_link": _front,
    "idle_crash": _crash,
    "backup": disasters.back_up,
    "restore": lambda run: disasters.restore(run, files=False),
    "restore_disk": lambda run: disasters.restore(run, files=True),
    "clone": disasters.clone,
    "cloud_backup": disasters.back_up_cloud,
    "cloud_restore": disasters.restore_cloud,
    "clock": _clock,
    "book": everyday.publish_book,
    "strict": everyday.move_stock,
    "reviews": everyday.decide,
    "moves": everyday.move_one,
    "browser_lost": everyday.lose_browser,
    "night": _wait,
}
KINDS = ("wire", "front", "crash", "cloud_crash", "meanwhile", *STRIKES)
