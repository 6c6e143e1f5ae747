"""Rows come back from their columns exactly: types, gaps, nulls, names and all."""

import math
import random
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgeshop.kernel.columns import TRUSTED, UNTRUSTED, MalformedColumn, decode_rows, encode_rows
from edgeshop.kernel.columns.among import AMONG
from edgeshop.kernel.errors import InvalidInput

pytestmark = pytest.mark.unit
NAMES = ["id", "sku", "name", "price_minor", "stock", "tags"]
MANY = 1 << 24


def there_and_back(rows, *, names=NAMES, trusted=True):
    data = encode_rows(rows, names=names, trusted=trusted)
    return decode_rows(data, names=names, codecs=TRUSTED if trusted else UNTRUSTED, max_bytes=MANY)


def typed(value):
    """A value in which True is not 1, 0.0 is not -0.0, and the order of keys says nothing."""
    if isinstance(value, dict):
        return {key: typed(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [typed(inner) for inner in value]
    return (type(value), math.copysign(1, value), value) if isinstance(value, float) else (type(value), value)


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [{}],
        [{}, {}, {}],
        [{"stock": None}],
        [{"stock": None}, {}, {"stock": 3}, {"stock": None}],
        [{"sku": 1}, {"stock": None}, {"stock": 3}],
        [{"sku": 1, "stock": None}, {"stock": 3}],
        [{"a": True}, {"a": 1}, {"a": 1.0}],
        [{"a": 0.0}, {"a": -0.0}],
        [{"a": True}, {"a": False}, {"a": True}],
        [{"a": 2**300}, {"a": -(2**64)}, {"a": 2**63}, {"a": 0}],
        [{"a": 2**61}, {"a": -(2**61) + 1}, {"a": 2**61 - 1}],
        [{"a": -5}, {"a": 7}, {"a": -(10**12)}],
        [{"sku": "0040"}, {"sku": "0007"}, {"sku": "9999"}],
        [{"sku": "0040"}, {"sku": "٤٤٤٤"}],
        [{"name": "line\nfeed"}, {"name": ""}, {"name": "nul\0 and half a pair \ud800"}],
        [{"a": b"\xff\n"}, {"a": b""}],
        [{"tags": []}, {"tags": [""]}, {"tags": ["new", "promo"]}, {"tags": ["new"]}],
        [{"tags": [1, None, "x", True]}, {"tags": [[1, 2], []]}],
        [{"title": {"de": "Brot", "en": "bread"}}, {"title": {}}, {"title": {"de": None}}, {}],
        [{"a.b": 1, "a": {"b": 2}}, {"": {"": ""}}],
        [{"lines": [{"product": 3, "quantity": 1}, {"product": 9}]}, {"lines": []}],
        [{"a": {1: "keys that are no texts"}}],
        [{"a": [[[[[[[[[[["deep"]]]]]]]]]]]}],
    ],
)
@pytest.mark.parametrize("trusted", [True, False])
def test_rows_come_back_exactly(rows, trusted):
    assert typed(there_and_back(rows, trusted=trusted)) == typed(rows)


SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary()
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)
ALIKE = st.sampled_from(
    [
        st.integers(0, 300),
        st.integers(-(2**70), 2**70),
        st.text(st.characters(exclude_categories=[])),
        st.from_regex(r"[0-9]{13}", fullmatch=True),
        st.booleans(),
        st.lists(st.sampled_from(["new", "promo", "local"])),
        st.none() | st.integers(0, 5),
        st.fixed_dictionaries({"de": st.text()}, optional={"en": st.text()}),
    ]
)


@st.composite
def tables(draw):
    columns = draw(st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=5), ALIKE | st.just(VALUES), max_size=5))
    row = st.fixed_dictionaries({}, optional=columns)
    return draw(st.lists(row, max_size=20))


@given(tables(), st.booleans())
@settings(max_examples=100, deadline=None)
def test_any_rows_come_back_exactly(rows, trusted):
    assert typed(there_and_back(rows, trusted=trusted)) == typed(rows)


def test_a_registered_name_costs_one_byte_and_an_unknown_field_survives():
    rows = [{"price_minor": 5, "colour": "red"}]

    data = encode_rows(rows, names=NAMES)

    assert b"price_minor" not in data
    assert b"colour" in data
    assert decode_rows(data, names=[*NAMES, "registered later"], max_bytes=MANY) == rows


def test_a_number_of_a_name_not_registered_here_is_refused():
    data = encode_rows([{"tags": 1}], names=NAMES)

    with pytest.raises(MalformedColumn):
        decode_rows(data, names=NAMES[:-1], max_bytes=MANY)


def test_a_constant_column_costs_its_name_its_kind_and_its_value_once():
    rows = [{"id": place} for place in range(1000)]

    more = len(encode_rows([row | {"stock": 7} for row in rows], names=NAMES)) - len(encode_rows(rows, names=NAMES))

    assert more == 3


def test_consecutive_numbers_cost_no_more_for_more_rows():
    few, many = ([{"id": 88_000 + place} for place in range(n)] for n in (200, 10_000))

    assert len(encode_rows(many, names=NAMES)) <= len(encode_rows(few, names=NAMES)) + 1


def test_columns_that_miss_in_the_same_rows_say_so_once():
    chance = random.Random(9)
    brought = [chance.random() < 0.4 for _ in range(200)]
    one, two = (
        [{"id": place} | dict.fromkeys(fields, 7) if new else {"id": place} for place, new in enumerate(brought)]
        for fields in (["name"], ["name", "stock"])
    )

    more = len(encode_rows(two, names=NAMES)) - len(encode_rows(one, names=NAMES))

    assert more == 5  # name, kind, "again", which pattern, value
    assert there_and_back(two) == two


def test_columns_for_the_untrusted_use_no_ppmd():
    chance = random.Random(5)
    words = ["crisp", "smooth", "apples", "tea", "from the garden", "of the coast", "with honey"]
    rows = [{"name": " ".join(chance.choices(words, k=chance.randrange(1, 5)))} for _ in range(200)]
    packed, open_to_all = encode_rows(rows), encode_rows(rows, trusted=False)

    assert len(packed) < len(open_to_all)
    assert decode_rows(open_to_all, codecs=UNTRUSTED, max_bytes=MANY) == rows
    with pytest.raises(MalformedColumn):
        decode_rows(packed, codecs=UNTRUSTED, max_bytes=MANY)


@pytest.mark.parametrize("value", [(1, 2), {1, 2}, object(), [(1, 2)], {"a": [object()]}])
def test_a_value_that_json_cannot_hold_is_refused(value):
    with pytest.raises(InvalidInput):
        encode_rows([{"a": value}])


def test_a_key_that_is_no_text_is_refused():
    with pytest.raises(InvalidInput):
        encode_rows([{3: "three"}])


def test_lists_that_are_equal_are_not_one_list():
    first, second = there_and_back([{"tags": ["new"]}, {"tags": ["new"]}])

    first["tags"].append("promo")

    assert second == {"tags": ["new"]}


def test_columns_of_which_each_is_where_the_other_is_not_say_where_once():
    chance = random.Random(9)
    rows = [{chance.choice(["sku", "name"]): place} for place in range(200)]
    half = [row if "sku" in row else {} for row in rows]

    more = len(encode_rows(rows, names=NAMES)) - len(encode_rows(half, names=NAMES))

    assert more <= 2 + 2 + len(encode_rows([{"name": row["name"]} for row in rows if "name" in row], names=NAMES))
    assert there_and_back(rows) == rows


def test_a_column_that_says_the_same_as_one_before_it_costs_three_bytes():
    chance = random.Random(9)
    rows = [{"id": number, "stock": number} for number in (chance.randrange(10**6) for _ in range(50))]

    more = len(encode_rows(rows, names=NAMES)) - len(encode_rows([{"id": row["id"]} for row in rows], names=NAMES))

    assert more == 3
    assert there_and_back(rows) == rows


def test_instants_cost_what_their_steps_cost():
    rows = [{"a": 1_795_906_220.571765 + place * 60 + 0.25} for place in range(100)]

    assert len(encode_rows(rows)) < 25
    assert typed(there_and_back(rows)) == typed(rows)


@settings(deadline=None)
@given(st.lists(st.floats(), min_size=1, max_size=5))
def test_any_floats_come_back_to_the_bit(values):
    rows = [{"a": value} for value in values]

    for row, back in zip(rows, there_and_back(rows), strict=True):
        assert struct.pack("d", row["a"]) == struct.pack("d", back["a"])


@settings(deadline=None)
@given(st.sets(st.integers(-5, 60)), st.lists(st.integers(-5, 60), min_size=1, unique=True))
def test_numbers_come_back_whatever_the_reader_knows(known, values):
    rows = [{"id": value} for value in sorted(values)]
    data = encode_rows(rows, names=NAMES, known=sorted(known))

    assert decode_rows(data, names=NAMES, known=sorted(known), max_bytes=MANY) == rows


def test_keys_that_the_reader_knows_cost_a_bit_each_at_most():
    chance = random.Random(9)
    known = sorted(chance.sample(range(10_000), 800))
    rows = [{"id": number} for number in sorted([*chance.sample(known, 400), 10_001])]

    assert len(encode_rows(rows, names=NAMES, known=known)) < 800 / 8 + 20
    assert len(encode_rows(rows, names=NAMES)) > 300


def test_a_column_that_names_more_known_numbers_than_it_has_rows_is_refused():
    known = [3, 4, 7, 9]
    data = encode_rows([{"id": number} for number in known[:3]], names=NAMES, known=known)

    assert data[3] == AMONG
    with pytest.raises(MalformedColumn):
        decode_rows(b"\2" + data[1:], names=NAMES, known=known, max_bytes=MANY)
