"""Deltas of array files: products come and go, several steps are one delta, and damage is found."""

import random

import numpy as np
import pytest

from edgeshop.kernel.deltas import BadDelta, Gate
from edgeshop.recommend.services.arrays import delta
from edgeshop.recommend.services.arrays.file import ArrayFile
from edgeshop.recommend.services.arrays.gates import keeps_neighbours
from tests.unit.recommend import dense

pytestmark = pytest.mark.unit
ANYTHING = Gate(lambda _: 1.0, 0.5)


def step(base: ArrayFile, new: ArrayFile) -> tuple[bytes, ArrayFile]:
    found = delta.step(base, new, keeps_neighbours(0.01)(base, new))
    assert found is not None
    return found[:2]


def test_what_a_delta_makes_of_the_base_is_the_file_of_its_reconstruction() -> None:
    base = dense.vectors()
    new = dense.retrained(base, 1)

    way, there = step(base, new)

    assert delta.apply(way, base.to_bytes()) == there.to_bytes() != new.to_bytes()
    assert len(way) < len(new.to_bytes()) / 4


def test_products_come_and_go_and_new_ones_have_neighbours_at_once() -> None:
    base = dense.vectors()
    new = dense.with_new_products(base, 1)

    way, there = step(base, new)

    arrived = ArrayFile.from_bytes(delta.apply(way, base.to_bytes()))
    assert arrived.ids is not None
    assert new.ids is not None
    assert arrived.ids.tolist() == new.ids.tolist()
    assert np.abs(arrived.arrays["vectors"] - new.arrays["vectors"]).max() < 0.5
    assert len(way) < 700
    assert arrived.to_bytes() == there.to_bytes()


def test_steps_of_several_versions_are_one_delta() -> None:
    first = dense.vectors()
    way, second = step(first, dense.with_new_products(first, 1))
    more, third = step(second, dense.retrained(second, 2))

    assert delta.apply(delta.join(way, more), first.to_bytes()) == third.to_bytes()


def test_weights_need_no_ids() -> None:
    base = ArrayFile({"bias": np.zeros(3, "f4"), "layer": np.ones((4, 3), "f4"), "scale": np.array(2, "f4")})
    new = base.with_values([array + np.float32(0.25) for array in base.arrays.values()], None)

    found = delta.step(base, new, Gate(lambda got: -float(abs(got[1] - 1.25).max()), -0.001))

    assert found is not None
    assert delta.apply(found[0], base.to_bytes()) == found[1].to_bytes()


@pytest.mark.parametrize(
    "other",
    [
        ArrayFile({"vectors": np.zeros((2, 4), "f4")}),
        ArrayFile({"vectors": np.zeros((2, 5), "f4")}, np.array([1, 2], "i4")),
        ArrayFile({"others": np.zeros((2, 4), "f4")}, np.array([1, 2], "i4")),
    ],
)
def test_other_names_and_shapes_are_not_alike(other: ArrayFile) -> None:
    base = ArrayFile({"vectors": np.zeros((3, 4), "f4")}, np.array([1, 2, 9], "i4"))

    assert delta.is_alike(base, base)
    assert not delta.is_alike(base, other)
    assert not delta.is_alike(other, base)


def test_another_base_is_refused() -> None:
    base = dense.vectors()
    way, _ = step(base, dense.retrained(base, 1))

    with pytest.raises(BadDelta):
        delta.apply(way, dense.retrained(base, 2).to_bytes())
    with pytest.raises(BadDelta):
        delta.apply(way, b"nothing of ours")


def test_no_damage_goes_unnoticed_and_none_raises_anything_else() -> None:
    base = dense.vectors(60)
    way, there = step(base, dense.with_new_products(base, 1))
    draw = random.Random(1)

    for _ in range(300):
        bad = bytearray(way)
        for _ in range(draw.randint(1, 4)):
            bad[draw.randrange(len(bad))] = draw.randrange(256)
        del bad[draw.randint(len(bad) // 2, len(bad)) :]
        try:
            assert delta.apply(bytes(bad), base.to_bytes()) in (there.to_bytes(), base.to_bytes())
        except BadDelta:
            continue
