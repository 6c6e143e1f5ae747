"""The apply machine: moves one component towards what is wanted, each step written down before it is taken.

It may be killed anywhere and is then started again. `keep` makes a row durable before it returns; what is done between
two calls of it may be done twice. Newer desired takes over in any state, by way of what was committed before.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

from edgeshop.fleet.components import Applier, Step, Target
from edgeshop.fleet.services.twin.progress import (
    DEADLINE_S,
    INTERRUPTIONS_MAX,
    LOCK_S,
    TRIES_MAX,
    Progress,
    State,
    hash_of,
)
from edgeshop.kernel.errors import EdgeShopError

log = logging.getLogger(__name__)
Keep = Callable[[Progress], None]
_STEPS_MAX = 50  # in one turn; a whole life of a target is seven
_WORDS_CHARS_MAX = 180


@dataclass(frozen=True, slots=True)
class Turn:
    """What a turn of the machine works with. `is_in_use` puts off what disturbs."""

    applier: Applier
    keep: Keep
    now_s: float
    is_in_use: bool = False


def advance(row: Progress, wanted: Target | None, turn: Turn) -> Progress:
    """As far as it goes now; the row is kept. Raises nothing that an applier raises."""
    row = _resumed(row, turn)
    for _ in range(_STEPS_MAX):
        before, row = row, _once(row, wanted, turn)
        if _place(row) == _place(before):
            break
    return row


def _place(row: Progress) -> tuple[State, str, bool]:
    return row.state, row.hash, row.is_begun


def _once(row: Progress, wanted: Target | None, turn: Turn) -> Progress:
    if row.state == State.REVERTED and row.is_begun:
        return _bring_back(row, wanted, turn)
    if wanted is not None and hash_of(wanted) != row.hash:
        return _superseded(row, wanted, turn)
    if row.target is None or row.state == State.COMMITTED:
        return row
    if row.state == State.REVERTED:
        return _again(row, turn)
    return _step(row, turn)


def _resumed(row: Progress, turn: Turn) -> Progress:
    """A step that was under way when we were killed is taken again, unless it takes us down each time."""
    if not row.is_begun or row.state == State.REVERTED:
        return row
    row = replace(row, is_begun=False, interruptions=row.interruptions + 1)
    if row.interruptions >= INTERRUPTIONS_MAX:
        problem = f"interrupted {row.interruptions} times after {row.state}"
        row = replace(row, failures=TRIES_MAX).failed(problem, turn.now_s)
    return _kept(row, turn)


def _superseded(row: Progress, wanted: Target, turn: Turn) -> Progress:
    if row.is_touched:
        back = replace(row, state=State.REVERTED, is_begun=True, problem="superseded", at_s=turn.now_s)
        return _kept(back, turn)
    return _kept(row.aimed(wanted, turn.now_s), turn)


def _again(row: Progress, turn: Turn) -> Progress:
    """After a pause the next try; a rejected target rests. A clock that was set back must not make the pause longer."""
    is_pausing = row.at_s <= turn.now_s < row.retry_at_s
    if row.is_rejected(row.hash) or is_pausing:
        return row
    return _kept(replace(row, state=State.WANTED, at_s=turn.now_s, retry_at_s=0.0), turn)


def _bring_back(row: Progress, wanted: Target | None, turn: Turn) -> Progress:
    """Let what was committed run again, however many turns it takes, or until something else is wanted."""
    try:
        if row.committed is None:
            turn.applier.clear()
        else:
            turn.applier.activate(row.committed)
    except Exception as error:
        log.exception("component %s: what ran before does not come back", row.component)
        stuck = replace(row, problem=f"no way back: {_words(error)}")
        if wanted is not None and hash_of(wanted) != row.hash:
            stuck = replace(stuck, committed=None).aimed(wanted, turn.now_s)
        return _kept(stuck, turn)
    return _kept(replace(row, is_begun=False, is_touched=False), turn)


def _step(row: Progress, turn: Turn) -> Progress:
    if row.state == State.STAGED and turn.is_in_use and 0 <= turn.now_s - row.at_s < LOCK_S:
        return row
    begun = replace(row, is_begun=True, is_touched=row.is_touched or row.state == State.STAGED)
    turn.keep(begun)
    try:
        went = _take(begun, turn.applier)
    except Exception as error:
        log.warning("component %s: %s failed after %s", row.component, row.hash, row.state, exc_info=error)
        return _kept(begun.failed(_words(error), turn.now_s), turn)
    if went is Step.DONE:
        return _kept(_done(begun, turn.now_s), turn)
    return _waiting(begun, went, turn)


def _take(row: Progress, applier: Applier) -> Step:
    assert row.target is not None  # noqa: S101 -- only rows with a target have a next step
    steps = {
        State.WANTED: applier.fetch,
        State.FETCHED: applier.verify,
        State.VERIFIED: applier.stage,
        State.STAGED: applier.activate,
        State.ACTIVATED: applier.check,
    }
    return steps[row.state](row.target) if row.state in steps else Step.DONE


def _done(row: Progress, now_s: float) -> Progress:
    order = list(State)
    row = row.reached(order[order.index(row.state) + 1], now_s)
    if row.state == State.COMMITTED:
        return replace(row, committed=row.target, is_touched=False, failures=0, interruptions=0)
    return row


def _waiting(row: Progress, went: Step, turn: Turn) -> Progress:
    """Not yet: the row stays as it was, until its deadline. Without a link no deadline runs."""
    waited_s = turn.now_s - row.at_s
    if went is Step.NO_LINK or waited_s < 0:  # the clock was set back
        return _kept(replace(row, is_begun=False, at_s=turn.now_s), turn)
    if waited_s >= DEADLINE_S[row.state]:
        return _kept(row.failed(f"nothing moved for {waited_s:.0f} s after {row.state}", turn.now_s), turn)
    return _kept(replace(row, is_begun=False), turn)


def _kept(row: Progress, turn: Turn) -> Progress:
    turn.keep(row)
    return row


def _words(error: Exception) -> str:
    if isinstance(error, EdgeShopError):
        return f"{error.code}: {error.message}"[:_WORDS_CHARS_MAX]
    return f"{type(error).__name__}: {error}"[:_WORDS_CHARS_MAX]
