"""The Python model of the outbox runs the worked runs of the TypeScript one."""

import json
from pathlib import Path

import pytest

from edgeshop.qa.outbox_model import (
    Held,
    State,
    Want,
    orphans,
    pick_token,
    slip_state,
    step,
    to_ask,
    to_send,
    token_report,
    unsent,
)

pytestmark = pytest.mark.unit
GOLDEN = json.loads((Path(__file__).parents[2] / "data/outbox_traces.json").read_text(encoding="utf-8"))
AT_S, SEAT_KEY = 150, "seat-key"


def view(state: State) -> dict[str, object]:
    """What a trace shows after each step, as frontend/tests/outbox-view.ts does."""
    return {
        "tokens": [held.number for held in state.tokens],
        "outbox": [
            {
                "number": row.number,
                "order": row.order,
                "delivery": row.delivery,
                "slipShown": row.slip_shown,
                "attempts": row.attempts,
                "notBefore": row.not_before,
                "problem": row.problem,
            }
            for row in state.outbox
        ],
        "slips": [
            {
                "number": slip.number,
                "state": slip_state(state, slip),
                "payment": slip.payment,
                "handover": slip.handover,
                "receiptKey": slip.receipt_key,
            }
            for slip in state.slips
        ],
        "ended": [[row.number, row.reason] for row in state.ended],
        "unsent": unsent(state),
        "toAsk": to_ask(state),
        "toSendAt150": [row.number for row in to_send(state, AT_S)],
        "orphans": [row.number for row in orphans(state)],
        "report": token_report(state, SEAT_KEY),
    }


@pytest.mark.parametrize("trace", GOLDEN["traces"], ids=lambda trace: trace["name"])
def test_the_worked_runs_come_out_the_same(trace):
    state = State()
    for turn in trace["steps"]:
        done = step(state, turn["event"])

        assert done.refusal == turn["refusal"]
        assert view(done.state) == turn["then"]
        assert turn["refusal"] is None or done.state is state
        state = done.state


def token(number: str, *, max_minor: int = 5000, book: int = 1, expires_at: float = 1000) -> Held:
    return Held(number, number, SEAT_KEY, max_minor, book, expires_at)


def picked(tokens: list[Held], want: Want | None = None, now: float = 0) -> str:
    found = pick_token(State(tokens=tuple(tokens)), want or Want(1000, 1), now=now)
    return found if isinstance(found, str) else found.number


def test_the_token_that_is_taken_is_of_the_latest_epoch_then_ends_first_then_has_the_lower_number():
    late = token("1-1-1-3", expires_at=2000)

    assert picked([late, token("1-1-1-10"), token("1-1-1-9")]) == "1-1-1-9"
    assert picked([token("1-1-1-1"), token("1-1-2-1", expires_at=2000)]) == "1-1-2-1"


def test_when_no_token_will_do_the_reason_is_named():
    assert picked([]) == "checkout.no_token"
    assert picked([token("1-1-1-1", expires_at=5)], now=5) == "checkout.no_token"
    assert picked([token("1-1-1-1")], Want(5001, 1)) == "checkout.limit_exceeded"
    assert picked([token("1-1-1-1")], Want(5001, 1, with_kiosk=True)) == "1-1-1-1"
    assert picked([token("1-1-1-1", book=2)]) == "checkout.price_changed"
    assert picked([token("1-1-1-1", max_minor=10), token("1-1-1-2")]) == "1-1-1-2"
