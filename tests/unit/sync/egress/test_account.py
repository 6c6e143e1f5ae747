"""How what the sockets counted is shared among the parts of a message."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeshop.kernel import traffic
from edgeshop.sync.services.egress.account import Account, shares, sizes_down, sizes_up
from edgeshop.sync.services.wire import Batch, Message
from edgeshop.sync.services.words import Difference

pytestmark = pytest.mark.unit
COUNTS = st.integers(0, 10**12)


@given(COUNTS, st.dictionaries(st.text(max_size=3), COUNTS, min_size=1, max_size=9))
def test_shares_add_up_to_the_total_and_follow_the_sizes(total, sizes):
    parts = shares(total, sizes)

    assert sum(parts.values()) == total
    assert list(parts) == list(sizes)
    _first, *others = sizes
    assert all(abs(parts[name] * sum(sizes.values()) - total * sizes[name]) < sum(sizes.values()) for name in others)


@given(up=COUNTS, down=COUNTS, message=COUNTS, answer=COUNTS, facts=COUNTS, prices=COUNTS)
def test_an_account_holds_exactly_what_was_counted(up, down, message, answer, facts, prices):
    account = Account()

    with account.contact("C") as parts:
        traffic._now.get().up_bytes, traffic._now.get().down_bytes = up, down
        parts.up, parts.up_bytes = {"facts": facts}, message
        parts.down, parts.down_bytes = {"prices": prices}, answer

    assert sum(flow.up_bytes for flow in account.flows.values()) == up
    assert sum(flow.down_bytes for flow in account.flows.values()) == down


def test_headers_are_the_contact_and_the_message_is_its_parts():
    account = Account()

    with account.contact("B") as parts:
        traffic._now.get().up_bytes = 1500
        parts.up, parts.up_bytes = {"facts": 886, "upkeep": 100}, 1000

    said = {stream: flow.up_bytes for (stream, _), flow in account.flows.items()}
    assert said == {"contact": 514, "facts": 886, "upkeep": 100}


def test_bytes_of_an_exchange_that_failed_are_the_contacts():
    account = Account()

    def fail():
        with account.contact("B"):
            traffic._now.get().up_bytes = 700
            raise ConnectionError

    with pytest.raises(ConnectionError):
        fail()

    assert {key: flow.up_bytes for key, flow in account.flows.items()} == {("contact", "B"): 700}


def test_parts_are_named_by_their_streams():
    message = Message("B", b"12345678", Difference([(3, b"abc")], []), Batch(1, 1, b"", b"x" * 40))
    answer = {"pages": [[3, 1, 9, False, b"r" * 50, b""], ["stock/12", 1, 2, False, b"", b""]], "facts": {}, "twin": 1}

    assert sizes_up(message) == {"facts": 40, "upkeep": 4}
    assert set(sizes_down(answer)) == {"prices", "stock", "facts", "upkeep"}
    assert sizes_down(answer)["prices"] > 50
    assert sizes_down({}) == {}
