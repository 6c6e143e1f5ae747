"""Deltas of vectors and weights: they arrive exactly where they say, from nowhere else, and cost little."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from edgeshop.kernel.deltas import Arrays, BadDelta, Gate, apply, choose, digest
from edgeshop.kernel.deltas.delta import encode
from edgeshop.kernel.deltas.forms import BY_NUMBER, Form
from edgeshop.kernel.errors import InvalidInput

pytestmark = pytest.mark.unit
FORMS = list(BY_NUMBER.values())
EVERY_FORM = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
any_float = st.floats(width=32, allow_nan=True, allow_infinity=True)
finite = st.floats(width=32, allow_nan=False, allow_infinity=False)


def pairs(elements: st.SearchStrategy[float]) -> st.SearchStrategy[tuple[Arrays, Arrays]]:
    """Two versions of up to three arrays."""
    shapes = st.lists(array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=9), min_size=1, max_size=3)
    return shapes.flatmap(
        lambda sizes: st.tuples(
            *(st.tuples(*(arrays(np.float32, size, elements=elements) for size in sizes)) for _ in range(2))
        )
    )


def walk(seed: int, *, rows: int = 200, width: int = 16) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Weights, and the same after some training: all of them a little, a twentieth of the rows far more."""
    random = np.random.default_rng(seed)
    base = random.standard_normal((rows, width)).astype("f4")
    moved = base + 0.01 * random.standard_normal(base.shape)
    moved[::20] += 0.2 * random.standard_normal(base[::20].shape)
    bias = random.standard_normal(width).astype("f4")
    return [base, bias], [moved.astype("f4"), bias + np.float32(0.01)]


def closeness(new: Arrays) -> Gate:
    """Passes what is nearer to the new version than 0.002 in the mean."""
    return Gate(lambda got: -float(np.mean(np.abs(got[0] - new[0]))), floor=-0.002)


@pytest.mark.parametrize("form", [form for form in FORMS if form.name in {"exact", "raw"}], ids=lambda f: f.name)
@given(versions=pairs(any_float))
@settings(max_examples=25, deadline=None)
def test_lossless_forms_give_the_new_version_to_the_bit(form: Form, versions: tuple[Arrays, Arrays]) -> None:
    base, new = versions

    delta, promised = encode(base, new, form)

    assert digest(apply(delta, base)) == digest(promised) == digest(new)


@EVERY_FORM
@given(versions=pairs(finite))
@settings(max_examples=15, deadline=None)
def test_every_form_arrives_at_what_its_maker_saw(form: Form, versions: tuple[Arrays, Arrays]) -> None:
    base, new = versions

    delta, promised = encode(base, new, form)

    assert digest(apply(delta, base)) == digest(promised)


def test_arithmetic_is_base_plus_rounded_product_in_single_precision() -> None:
    base = [np.array([[0.1, -0.7, 1e-3]], "f4")]
    new = [np.array([[0.2, -0.9, 1e-3]], "f4")]

    delta, got = encode(base, new, next(form for form in FORMS if form.name == "int4"))

    worth = np.float32(2**-6 * 1.8340080976486206)  # 2^(-41/8), the least of these powers to hold 0.2 in seven steps
    steps = np.array([[3, -7, 0]], "f4")
    assert got[0].tolist() == (base[0] + steps * worth).tolist()
    assert delta[:5] == b"EDL1\x01"


@EVERY_FORM
def test_a_delta_refuses_another_base_and_leaves_it_alone(form: Form) -> None:
    base, new = walk(1)
    delta, _ = encode(base, new, form)
    other = [base[0] + np.float32(1), base[1]]
    before = digest(other)

    with pytest.raises(BadDelta) as refused:
        apply(delta, other)

    assert refused.value.fields == {"reason": "base", "base": digest(base).hex()}
    assert digest(other) == before


@EVERY_FORM
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_a_cut_delta_is_one_clear_error(form: Form, data: st.DataObject) -> None:
    base, new = walk(2, rows=12, width=6)
    delta = encode(base, new, form)[0]

    with pytest.raises(BadDelta) as refused:
        apply(delta[: data.draw(st.integers(0, len(delta) - 1))], base)

    assert refused.value.code == "kernel.bad_delta"


@EVERY_FORM
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_a_damaged_delta_is_refused_or_arrives_all_the_same(form: Form, data: st.DataObject) -> None:
    """A few bits say nothing, such as the frequency of a number that never comes; nothing else may pass."""
    base, new = walk(2, rows=12, width=6)
    delta, promised = encode(base, new, form)
    damaged = bytearray(delta)
    damaged[data.draw(st.integers(0, len(delta) - 1), label="place")] ^= data.draw(st.integers(1, 255), label="flip")

    try:
        got = apply(bytes(damaged), base)
    except BadDelta:
        return

    assert digest(got) == digest(promised)


@given(noise=st.binary(max_size=300), form=st.sampled_from(FORMS))
@settings(max_examples=60, deadline=None)
def test_noise_behind_a_true_header_is_refused(noise: bytes, form: Form) -> None:
    base, new = walk(2, rows=12, width=6)
    head = encode(base, new, form)[0][:69]

    with pytest.raises(BadDelta):
        apply(head + noise, base)


def test_a_zstd_frame_that_announces_a_flood_reserves_nothing() -> None:
    import zstandard

    from edgeshop.kernel.deltas import packing

    flood = b"\1" + zstandard.ZstdCompressor().compress(bytes(200_000_000))

    tracemalloc.start()
    with pytest.raises(BadDelta):
        packing.unpress(flood, size_bytes=1000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 1_000_000


def test_applying_takes_memory_by_the_array_and_not_by_the_delta() -> None:
    base, new = walk(3, rows=400, width=128)
    delta, _ = encode(base, new, FORMS[0])

    tracemalloc.start()
    apply(delta, base)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 20 * base[0].nbytes + 2_000_000


def test_arrays_of_other_shapes_have_no_delta() -> None:
    with pytest.raises(InvalidInput):
        encode([np.zeros((2, 3), "f4")], [np.zeros((3, 2), "f4")], FORMS[0])


def test_smallest_delta_that_passes_wins_and_all_are_told_of() -> None:
    base, new = walk(4)

    chosen = choose(base, new, closeness(new))

    assert chosen is not None
    sizes = [candidate.size_bytes for candidate in chosen.candidates]
    assert sizes == sorted(sizes)
    assert {candidate.form for candidate in chosen.candidates} == {form.name for form in FORMS}
    winner = next(candidate for candidate in chosen.candidates if candidate.form == chosen.form)
    assert (winner.size_bytes, winner.quality) == (len(chosen.delta), chosen.quality)
    assert chosen.quality >= -0.002
    smaller = chosen.candidates[: chosen.candidates.index(winner)]
    assert all(candidate.quality is not None and candidate.quality < -0.002 for candidate in smaller)
    assert digest(apply(chosen.delta, base)) == digest(chosen.arrays)


def test_only_an_exact_form_passes_a_gate_that_wants_every_bit() -> None:
    base, new = walk(5)

    chosen = choose(base, new, Gate(lambda got: float(digest(got) == digest(new)), floor=1.0))

    assert chosen is not None
    assert chosen.form == "exact"


def test_nothing_passes_a_gate_that_is_shut() -> None:
    base, new = walk(6, rows=20)

    assert choose(base, new, Gate(lambda _: 0.0, floor=1.0)) is None


def test_weights_that_are_no_numbers_travel_losslessly() -> None:
    base, new = walk(7, rows=20)
    new[0][3, 3] = np.nan

    chosen = choose(base, new, Gate(lambda got: float(np.isnan(got[0]).sum()), floor=1.0))

    assert chosen is not None
    assert digest(chosen.arrays) == digest(new)
    assert {candidate.form for candidate in chosen.candidates} == {"exact", "raw"}


def test_errors_of_twenty_deltas_do_not_add_up() -> None:
    """Against the control, deltas of the true series applied one after another without looking: there they do."""
    random = np.random.default_rng(8)
    truth = [random.standard_normal((24, 16)).astype("f4")]
    closed, blind, before = list(truth), list(truth), list(truth)
    int4 = next(form for form in FORMS if form.name == "int4")
    errors, blind_errors = [], []
    for _ in range(20):
        truth = [truth[0] + (0.02 * random.standard_normal(truth[0].shape)).astype("f4")]
        delta, _ = encode(closed, truth, int4)
        closed = apply(delta, closed)
        step = encode(before, truth, int4)[1][0] - before[0]
        blind, before = [blind[0] + step], truth
        errors.append(float(np.abs(closed[0] - truth[0]).mean()))
        blind_errors.append(float(np.abs(blind[0] - truth[0]).mean()))

    assert np.mean(errors[10:]) < 1.2 * np.mean(errors[:3])
    assert np.mean(blind_errors[10:]) > 2 * np.mean(blind_errors[:3])
