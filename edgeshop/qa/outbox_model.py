"""The browser's outbox in Python: the rules of frontend/src/shared/outbox-core.ts, on the same worked runs.

Both must reproduce tests/data/outbox_traces.json, so the simulation's browsers do what the real ones do. A state is
never changed: each event answers a new one. Field names are those of the traces.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from edgeshop.kernel.ids import ReceiptNumber

_STAGES = ("trying", "provisional", "confirmed", "acknowledged", "settled")
_STAGE_OF = {"committed": "confirmed", "acknowledged": "acknowledged", "settled": "settled"}
_PAYMENTS = ("due", "paid", "declined", "cleared")
_HANDOVERS = ("open", "handed_over")
_WAIT_MAX_S = 300
_NUMBER_REUSED = "checkout.number_reused"
Event = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Held:
    """The kiosk's permission to place one order. Units: minor units; seconds since 1970."""

    number: str
    token: str
    jkt: str
    max_minor: int
    book: int
    expires_at: float


@dataclass(frozen=True, slots=True)
class Waiting:
    """Signed bytes that the cloud has not acknowledged."""

    number: str
    order: str
    jkt: str
    expires_at: float
    total_minor: int
    slip_shown: bool = False
    delivery: str = "unsent"
    attempts: int = 0
    not_before: float = 0
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Slip:
    """What the shopper was told. `sha256` is of what the order says."""

    number: str
    placed_at: float
    details: Any = None
    sha256: str | None = None
    stage: str = "trying"
    payment: str = "due"
    handover: str = "open"
    review: tuple[str, ...] = ()
    receipt_key: str | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """A number that ended without a sale, until the kiosk has released it."""

    number: str
    jkt: str
    expires_at: float
    reason: str


@dataclass(frozen=True, slots=True)
class State:
    """Tokens to be spent, orders to be handed over, what shoppers were told, and numbers to be reported."""

    tokens: tuple[Held, ...] = ()
    outbox: tuple[Waiting, ...] = ()
    slips: tuple[Slip, ...] = ()
    ended: tuple[Ended, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """`refusal` is an error code when the event was not legal; the state is then the old one."""

    state: State
    refusal: str | None = None


@dataclass(frozen=True, slots=True)
class Want:
    """What a checkout asks of its token; `with_kiosk`: the kiosk judges, so the token's limit does not bind."""

    total_minor: int
    book: int
    with_kiosk: bool = False


Row = TypeVar("Row", Held, Waiting, Slip, Ended)


def step(state: State, event: Event) -> Step:
    """Take one event, in the form of the traces."""
    return _STEPS[event["kind"]](state, event)


def pick_token(state: State, want: Want, *, now: float) -> Held | str:
    """The token for a checkout, or the code of what stands in its way."""
    live = sorted((held for held in state.tokens if held.expires_at > now), key=_turn)
    fitting = next((held for held in live if _obstacle(held, want) is None), None)
    return fitting or (live and _obstacle(live[0], want)) or "checkout.no_token"


def to_send(state: State, now: float) -> list[Waiting]:
    """Orders to hand over now: those shown to a shopper, oldest first."""
    return [row for row in state.outbox if row.slip_shown and row.delivery == "unsent" and row.not_before <= now]


def to_ask(state: State) -> list[str]:
    """Numbers whose journey goes on in the cloud, and those of which the cloud has another order."""
    waiting = {row.number for row in state.outbox if row.delivery == "unsent" and row.problem != _NUMBER_REUSED}
    still = (slip for slip in state.slips if slip.stage != "settled" or slip.review)
    return [slip.number for slip in still if slip.number not in waiting]


def orphans(state: State) -> list[Waiting]:
    """Checkouts that no slip and no refusal has ended: their page died."""
    return [row for row in state.outbox if not row.slip_shown and row.delivery == "unsent"]


def unsent(state: State) -> dict[str, int]:
    """Everything not acknowledged."""
    return {"count": len(state.outbox), "totalMinor": sum(row.total_minor for row in state.outbox)}


def token_report(state: State, jkt: str) -> dict[str, list[str]]:
    """What a seat tells its kiosk when it asks for tokens."""
    held = [row.number for row in state.tokens if row.jkt == jkt]
    return {"held": held, "unspent": [row.number for row in state.ended if row.jkt == jkt]}


def slip_state(state: State, slip: Slip) -> str:
    """What a slip says: a person must look, or how far the order got."""
    row = _find(state.outbox, slip.number)
    return "review" if slip.review or (row is not None and row.problem is not None) else slip.stage


def _take_tokens(state: State, event: Event) -> Step:
    gone = set(event["released"])
    used = {row.number for row in state.outbox} | {row.number for row in state.slips}
    used |= {row.number for row in state.tokens} | {row.number for row in state.ended}
    fresh = [held for held in map(_held, event["tokens"]) if held.number not in used]
    tokens = (*(row for row in state.tokens if row.number not in gone), *fresh)
    return Step(replace(state, tokens=tokens, ended=tuple(row for row in state.ended if row.number not in gone)))


def _held(said: Mapping[str, Any]) -> Held:
    return Held(said["number"], said["token"], said["jkt"], said["maxMinor"], said["book"], said["expiresAt"])


def _pay(state: State, event: Event) -> Step:
    number, order, at = event["number"], event["order"], event["at"]
    twin = _find(state.outbox, number)
    if twin is not None:
        return Step(state, None if twin.order == order else _NUMBER_REUSED)
    held = _find(state.tokens, number)
    if held is None or held.expires_at <= at:
        return Step(state, "checkout.token_invalid")
    refusal = _obstacle(held, Want(event["totalMinor"], event["book"], event["withKiosk"]))
    if refusal is not None:
        return Step(state, refusal)
    row = Waiting(number, order, held.jkt, held.expires_at, event["totalMinor"])
    slip = Slip(number, at, event["details"], event.get("sha256"))
    tokens = _without(state.tokens, number)
    return Step(replace(state, tokens=tokens, outbox=(*state.outbox, row), slips=(*state.slips, slip)))


def _answered(state: State, event: Event) -> Step:
    standing = event["standing"]
    number = standing["number"]
    if _find(state.slips, number) is None:
        return Step(state, "outbox.unknown_number")
    slips = _each(state.slips, number, lambda row: replace(row, receipt_key=event["receiptKey"]))
    outbox = _each(
        state.outbox, number, lambda row: replace(row, delivery="committed", problem=None, attempts=0, not_before=0)
    )
    return Step(_learn(replace(state, slips=slips, outbox=outbox), standing))


def _refused(state: State, event: Event) -> Step:
    row = _find(state.outbox, event["number"])
    if row is None:
        return Step(state, "outbox.unknown_number")
    if row.slip_shown:
        return Step(state, "outbox.slip_shown")
    ended = Ended(row.number, row.jkt, row.expires_at, event["code"])
    left = replace(state, outbox=_without(state.outbox, row.number), slips=_without(state.slips, row.number))
    return Step(replace(left, ended=(*state.ended, ended)))


def _slip_shown(state: State, event: Event) -> Step:
    number = event["number"]
    if _find(state.outbox, number) is None:
        return Step(state, "outbox.unknown_number")
    outbox = _each(state.outbox, number, lambda row: replace(row, slip_shown=True))
    slips = _each(state.slips, number, lambda slip: replace(slip, stage=_ahead(slip.stage, "provisional")))
    return Step(replace(state, outbox=outbox, slips=slips))


def _failed(state: State, event: Event) -> Step:
    if _find(state.outbox, event["number"]) is None:
        return Step(state, "outbox.unknown_number")

    def again(row: Waiting) -> Waiting:
        wait = min(2 ** (row.attempts + 1), _WAIT_MAX_S)
        problem = row.problem if event["code"] is None else event["code"]
        return replace(row, attempts=row.attempts + 1, not_before=event["at"] + wait, problem=problem)

    return Step(replace(state, outbox=_each(state.outbox, event["number"], again)))


def _status(state: State, event: Event) -> Step:
    for standing in event["known"]:
        state = _learn(state, standing)
    unknown = set(event["unknown"])
    outbox = tuple(
        replace(row, delivery="unsent", not_before=0) if row.number in unknown and row.delivery == "committed" else row
        for row in state.outbox
    )
    return Step(replace(state, outbox=outbox))


def _learn(state: State, standing: Mapping[str, Any]) -> State:
    """Take in where an order stands; acknowledged bytes leave the outbox."""
    number, delivery = standing["number"], standing["delivery"]

    def told(slip: Slip) -> Slip:
        return replace(
            slip,
            stage=_ahead(slip.stage, _STAGE_OF[delivery]),
            payment=_later(_PAYMENTS, slip.payment, standing["payment"]),
            handover=_later(_HANDOVERS, slip.handover, standing["handover"]),
            review=tuple(standing["review"] or ()),
        )

    sold = _each(state.outbox, number, lambda row: replace(row, slip_shown=True))
    outbox = sold if delivery == "committed" else _without(sold, number)
    return replace(state, slips=_each(state.slips, number, told), outbox=outbox)


def _expire(state: State, event: Event) -> Step:
    past = [held for held in state.tokens if held.expires_at <= event["now"]]
    ended = [Ended(held.number, held.jkt, held.expires_at, "expired") for held in past]
    tokens = tuple(held for held in state.tokens if held.expires_at > event["now"])
    return Step(replace(state, tokens=tokens, ended=(*state.ended, *ended)))


def _forget(state: State, event: Event) -> Step:
    waiting = {row.number for row in state.outbox}
    newest = sorted(state.slips, key=lambda slip: -slip.placed_at)[: event["keep"]]
    kept = {slip.number for slip in newest if slip.placed_at >= event["before"]} | waiting
    return Step(replace(state, slips=tuple(slip for slip in state.slips if slip.number in kept)))


_STEPS: dict[str, Callable[[State, Event], Step]] = {
    "tokens": _take_tokens, "pay": _pay, "answered": _answered, "refused": _refused, "slip_shown": _slip_shown,
    "failed": _failed, "status": _status, "clock": _expire, "forget": _forget,
}  # fmt: skip


def _obstacle(held: Held, want: Want) -> str | None:
    if want.book < held.book:
        return "checkout.price_changed"
    return "checkout.limit_exceeded" if want.total_minor > held.max_minor and not want.with_kiosk else None


def _turn(held: Held) -> tuple[int, float, ReceiptNumber]:
    number = ReceiptNumber.parse(held.number)
    return -number.epoch, held.expires_at, number


def _ahead(now: str, after: str) -> str:
    return max(now, after, key=_STAGES.index)


def _later(column: tuple[str, ...], now: str, after: str) -> str:
    """The later of two words of a column; one that this release does not know is taken as it comes."""
    place = column.index(now) if now in column else -1
    return now if after in column and column.index(after) < place else after


def _find(rows: Iterable[Row], number: str) -> Row | None:
    return next((row for row in rows if row.number == number), None)


def _each(rows: Iterable[Row], number: str, change: Callable[[Row], Row]) -> tuple[Row, ...]:
    return tuple(change(row) if row.number == number else row for row in rows)


def _without(rows: Iterable[Row], number: str) -> tuple[Row, ...]:
    return tuple(row for row in rows if row.number != number)
