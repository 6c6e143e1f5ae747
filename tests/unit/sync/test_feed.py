"""Pages on their way: rows come back whatever their keys look like, and a stream goes by its number."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgeshop.journal.services import Page
from edgeshop.sync.services.feed import pack_page, unpack_page

pytestmark = pytest.mark.unit
keys = st.one_of(st.text(max_size=8), st.integers(0, 10**20).map(str), st.from_regex(r"\A[a-z]{0,2}[0-9]{1,4}\Z"))
values = st.one_of(st.none(), st.booleans(), st.integers(-(2**60), 2**60), st.text(max_size=5), st.lists(st.integers()))


@settings(deadline=None)
@given(
    found=st.dictionaries(keys, st.dictionaries(st.sampled_from(["sku", "texts", "later"]), values)), gone=st.sets(keys)
)
def test_a_page_comes_back_whatever_its_keys_look_like(found, gone):
    rows = [{"key": key} | row for key, row in found.items()]

    back = unpack_page(pack_page(Page("catalogue", 3, 71, rows, list(gone), more=True)), kiosk_id=12)

    assert (back.stream, back.epoch, back.seq, back.more) == ("catalogue", 3, 71, True)
    assert {row["key"]: row for row in back.rows} == {row["key"]: row for row in rows}
    assert set(back.gone) == gone


@pytest.mark.parametrize("stream", ["catalogue", "orders/12", "catalogue/12", "orders", "later", "later/12"])
def test_any_stream_comes_back(stream):
    said = pack_page(Page(stream, 1, 1, [], [], more=False))

    assert unpack_page(said, kiosk_id=12).stream == stream


def test_a_stream_that_both_sides_know_goes_by_its_number():
    assert [pack_page(Page(name, 1, 1, [], [], more=False))[0] for name in ("catalogue", "orders/12")] == [2, 6]


def test_a_hundred_changed_numbers_take_about_two_bytes_each():
    rows = [{"key": f"p{n * 97 + 11}", "changed_at": 1_793_613_600 + n * 31 % 3600} for n in range(100)]

    assert len(pack_page(Page("catalogue", 1, 1, rows, [], more=False))[4]) < 300
