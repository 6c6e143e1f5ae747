"""Pages on their way: rows come back whatever their keys look like, and a stream goes by its number."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgeshop.journal.services import Page
from edgeshop.sync.services.feed import pack_page, pack_pages, unpack_page, unpack_pages

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


@settings(deadline=None)
@given(st.lists(st.tuples(st.sets(keys), st.sets(keys)), max_size=4))
def test_the_pages_of_an_answer_come_back_whatever_they_share(told):
    pages = [
        Page(
            "catalogue", 1, number, [{"key": key, "stock": 3} for key in sorted(here)], sorted(gone - here), more=False
        )
        for number, (here, gone) in enumerate(told)
    ]

    back = list(unpack_pages(pack_pages(pages), kiosk_id=12))

    assert [{row["key"] for row in page.rows} for page in back] == [here for here, _ in told]
    assert [set(page.gone) for page in back] == [gone - here for here, gone in told]


def test_a_key_that_an_earlier_page_has_named_costs_next_to_nothing():
    products = [{"key": f"p{n * n}", "changed_at": 5} for n in range(1, 200)]
    stock = Page("stock/12", 1, 1, [{"key": f"1/{row['key'][1:]}", "granted": 7} for row in products], [], more=False)
    catalogue = Page("catalogue", 1, 1, products, [], more=False)

    _, after = pack_pages([catalogue, stock])

    assert len(after[4]) < 25
    assert len(pack_page(stock)[4]) > 100
