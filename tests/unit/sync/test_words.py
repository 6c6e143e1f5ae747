"""Of what a kiosk says in every contact, only what is new travels."""

import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeshop.sync.services.words import (
    Difference,
    difference,
    difference_in_doubt,
    digest,
    doubted,
    merged,
    to_sections,
    to_words,
    whole,
)

pytestmark = pytest.mark.unit
SECTIONS = {"grants": {"epoch": 1, "last": [1, 7, b"x" * 32]}, "cursors": {"orders/12": [1, 5]}, "root": None, "no": {}}
names = st.text("abcd/", min_size=1, max_size=4)
plain = st.one_of(st.none(), st.booleans(), st.integers(-(2**60), 2**60), st.binary(max_size=8), st.text(max_size=4))
sections = st.dictionaries(names, st.one_of(plain, st.lists(plain, max_size=3), st.dictionaries(names, plain)))
words = sections.map(to_words)


@given(said=sections)
def test_sections_come_back_from_their_words(said):
    assert to_sections(to_words(said)) == said


@given(known=words, now=words)
def test_a_difference_leads_from_any_words_to_any_others(known, now):
    assert merged(known, difference(known, now)) == now
    assert merged(known, whole(now)) == now


@given(said=st.lists(words, min_size=1, max_size=4), now=words)
def test_a_difference_in_doubt_leads_from_whatever_was_heard(said, now):
    """Of some messages in a row no answer has come: each may have been heard, or none since the first."""
    sure, unsure = said[0], frozenset()
    for lost in said[1:]:
        sure, unsure = doubted(sure, unsure, lost)

    news = difference_in_doubt(sure, unsure, now)

    assert all(merged(heard, news) == now for heard in said)


def test_in_doubt_only_what_may_be_unknown_travels():
    before, lost = to_words(SECTIONS | {"old": 1}), to_words(SECTIONS | {"audit": 1, "root": 2})
    now = to_words(SECTIONS | {"audit": 3, "root": 2})

    news = difference_in_doubt(*doubted(before, frozenset(), lost), now)

    assert news == Difference([("root", msgpack.packb(2)), ("audit", msgpack.packb(3))], ["old"])


def test_what_has_not_changed_does_not_travel():
    before = to_words(SECTIONS)

    after = to_words(SECTIONS | {"cursors": {"orders/12": [1, 6]}})

    assert difference(before, before) == Difference([], [])
    assert difference(before, after) == Difference([(0, msgpack.packb([1, 6]))], [])


def test_the_digest_tells_words_apart_whatever_their_order():
    said = to_words(SECTIONS)

    assert digest(said) == digest(dict(reversed(said.items())))
    others = [{}, to_words(SECTIONS | {"root": 1}), {"a": b"bc"}, {"ab": b"c"}]
    assert len({digest(other) for other in [said, *others]}) == 5


@pytest.mark.parametrize("news", [Difference([(9, b"\xc0")], []), Difference([], [9])])
def test_places_that_are_not_there_are_an_error(news):
    with pytest.raises(LookupError):
        merged(to_words(SECTIONS), news)
