"""Facts travel in columns and arrive to the byte, short forms and strangers' bytes included."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgeshop.journal import registry
from edgeshop.journal.errors import FactsUnreadable
from edgeshop.journal.registry import Shorthand, Writer
from edgeshop.journal.services import pack_facts, unpack_facts
from edgeshop.kernel.columns import MalformedColumn
from edgeshop.kernel.facts import canonical

pytestmark = pytest.mark.unit
WRITER, KIND, NAMES = Writer(12, 1), "test.sold.v1", ("~test.sold.v1", "n")
plain = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(1 - 2**53, 2**53 - 1),
        st.floats(-1e6, 1e6),
        st.text(),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=6,
)
bodies = st.dictionaries(st.text(max_size=5), plain, max_size=4)


def fact(kind: str = KIND, **said) -> tuple[str, bytes]:
    return kind, canonical(said | {"kind": kind})


def there_and_back(facts, **options) -> list[tuple[str, bytes]]:
    return unpack_facts(pack_facts(facts, writer=WRITER, names=NAMES, **options), writer=WRITER, names=NAMES)


@pytest.fixture
def halved(monkeypatch):
    """A short form that holds half of `n`; it gets odd numbers wrong."""
    hand = Shorthand(
        lambda bodies, _writer, _beside: [{"h": body["n"] // 2} for body in bodies],
        lambda shorts, _writer, _beside: [{"n": short["h"] * 2} for short in shorts],
    )
    monkeypatch.setitem(registry._shorthands, KIND, hand)


@settings(deadline=None)
@given(said=st.lists(st.tuples(st.sampled_from([KIND, "other.v2"]), bodies), max_size=5))
def test_whatever_facts_say_arrives_to_the_byte(said):
    facts = [fact(kind, **{k: v for k, v in body.items() if k != "kind"}) for kind, body in said]

    assert there_and_back(facts) == facts


def test_bytes_that_are_not_as_we_would_write_them_arrive_as_they_are():
    odd = [(KIND, b'{"kind": "test.sold.v1"}'), (KIND, b'{"kind":"another.v1"}'), (KIND, b"[1]"), fact(n=1)]

    assert there_and_back(odd) == odd


def test_what_a_short_form_gets_wrong_travels_plainly(halved):
    facts = [fact(n=n) for n in (4, 5, 6)]

    assert there_and_back(facts) == facts
    assert there_and_back(facts, plainly=True) == facts


def test_what_is_restored_otherwise_here_is_unreadable(halved, monkeypatch):
    packed = pack_facts([fact(n=4)], writer=WRITER, names=NAMES)

    monkeypatch.setitem(
        registry._shorthands, KIND, Shorthand(lambda *_: [], lambda shorts, *_: [{"n": short["h"]} for short in shorts])
    )

    with pytest.raises(FactsUnreadable):
        unpack_facts(packed, writer=WRITER, names=NAMES)


def test_a_short_form_that_is_not_known_or_fails_here_is_unreadable(halved, monkeypatch):
    packed = pack_facts([fact(n=4)], writer=WRITER, names=NAMES)

    monkeypatch.setitem(registry._shorthands, KIND, Shorthand(lambda *_: [], lambda *_: 1 / 0))
    with pytest.raises(FactsUnreadable):
        unpack_facts(packed, writer=WRITER, names=NAMES)
    monkeypatch.delitem(registry._shorthands, KIND)
    with pytest.raises(FactsUnreadable):
        unpack_facts(packed, writer=WRITER, names=NAMES)


@settings(deadline=None)
@given(data=st.binary(max_size=60))
def test_strangers_bytes_are_facts_or_an_error(data):
    try:
        unpack_facts(data, writer=WRITER, names=NAMES)
    except (MalformedColumn, FactsUnreadable):
        return
