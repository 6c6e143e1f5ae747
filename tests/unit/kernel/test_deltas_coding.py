"""The entropy coder below the deltas: every number comes back, at close to what its tables say it must cost."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgeshop.kernel.deltas import BadDelta, integers, sections, steps
from edgeshop.kernel.deltas.packing import from_planes, planes, press, unpress

pytestmark = pytest.mark.unit
values = st.one_of(st.integers(-3, 3), st.integers(-(2**24), 2**24))
coded = st.lists(st.tuples(values, st.integers(0, 30)), max_size=300)


@given(numbers=coded)
@settings(max_examples=50, deadline=None)
def test_numbers_come_back_under_the_contexts_they_were_written_with(numbers: list[tuple[int, int]]) -> None:
    plain = np.array([value for value, _ in numbers], np.int64)
    contexts = np.array([context for _, context in numbers], np.uint8)

    assert integers.decode(integers.encode(plain, contexts), contexts).tolist() == plain.tolist()


@pytest.mark.parametrize("count", [0, 1, 4095, 8192, 100_001])
def test_lanes_come_out_even_at_any_length(count: int) -> None:
    plain = np.random.default_rng(count).geometric(0.3, count) - 2
    contexts = (np.arange(count) % 3).astype(np.uint8)

    assert np.array_equal(integers.decode(integers.encode(plain, contexts), contexts), plain)


def test_cost_is_within_two_percent_of_the_entropy() -> None:
    random = np.random.default_rng(1)
    spread = np.array([0.3, 2.0, 9.0])
    contexts = random.integers(0, 3, 20_000).astype(np.uint8)
    plain = np.rint(random.standard_normal(20_000) * spread[contexts]).astype(np.int64)

    entropy_bits = 0.0
    for context in range(3):
        _, counts = np.unique(plain[contexts == context], return_counts=True)
        entropy_bits -= float((counts * np.log2(counts / counts.sum())).sum())

    assert len(integers.encode(plain, contexts)) * 8 < 1.02 * entropy_bits


def test_other_contexts_do_not_pass_for_the_right_ones() -> None:
    plain = np.arange(-50, 50)
    right, wrong = np.zeros(100, np.uint8), np.ones(100, np.uint8)

    with pytest.raises(BadDelta):
        integers.decode(integers.encode(plain, right), wrong)


@given(parts=st.lists(st.binary(max_size=300), max_size=6), cut=st.integers(1, 10))
def test_sections_come_apart_as_they_were_joined(parts: list[bytes], cut: int) -> None:
    joined = sections.join(parts)

    assert sections.split(joined, len(parts)) == parts
    with pytest.raises(BadDelta):
        sections.split(joined + b"\0", len(parts))
    with pytest.raises(BadDelta):
        sections.split(joined[:-cut], len(parts) or 1)


@given(data=st.binary(max_size=500))
def test_what_was_pressed_comes_out_at_its_length_and_no_other(data: bytes) -> None:
    pressed = press(data)

    assert unpress(pressed, size_bytes=len(data)) == data
    with pytest.raises(BadDelta):
        unpress(pressed, size_bytes=len(data) + 1)


@given(numbers=st.lists(st.integers(0, 2**32 - 1), max_size=50))
def test_planes_come_back_as_numbers(numbers: list[int]) -> None:
    assert from_planes(planes(np.array(numbers, "<u4")), "<u4").tolist() == numbers


def test_worth_of_a_step_doubles_every_eighth_exponent_and_stays_finite() -> None:
    exponents = np.array([-8, 0, 8, 1, steps.LOWEST - 5, steps.HIGHEST + 5])

    worth = steps.worth(exponents)

    assert worth[:4].tolist() == [0.5, 1.0, 2.0, float(np.float32(2**0.125))]
    assert worth.dtype == np.float32
    assert np.isfinite(worth).all()
    assert worth[4] > 0


@given(value=st.floats(2.0**-90, 2.0**90))
def test_smallest_sufficient_step_is_found(value: float) -> None:
    found = steps.at_least(np.array([value]))

    assert float(steps.worth(found)[0]) >= value * (1 - 1e-6)
    assert float(steps.worth(found - 1)[0]) < value * (1 + 1e-6)
