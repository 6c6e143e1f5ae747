"""Publishing in a closed loop: the whole file is what the deltas arrive at, and the smallest form that is good goes."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from edgeshop.journal.models import Change
from edgeshop.recommend.services import vectors_here
from edgeshop.recommend.services.arrays import delta, gates
from edgeshop.recommend.services.arrays.file import ArrayFile
from edgeshop.recommend.services.arrays.publishing import NOTHING, WHOLE, Plan, plan, publish
from edgeshop.vault.services.artefacts import publishing
from edgeshop.vault.services.artefacts.receivers import delta_path
from tests.unit.recommend import dense

pytestmark = [pytest.mark.unit, pytest.mark.django_db]
PATH = "models/vectors.npz"
KEEPS_99 = gates.keeps_neighbours(0.01)


def send(file: ArrayFile, gate: gates.GateOf = KEEPS_99, name: str = "vectors") -> Plan:
    found = plan(name, file.to_bytes(), gate)
    publish(found)
    return found


def signed() -> bytes:
    data = publishing.published(PATH)
    assert data is not None
    return data


def way_from(base: bytes) -> bytes | None:
    return publishing.published(delta_path(PATH, hashlib.sha256(base).hexdigest()))


def test_first_version_is_published_as_it_is_and_in_use_here(cloud: Path) -> None:
    file = dense.vectors()

    assert send(file).form == WHOLE

    assert signed() == file.to_bytes()
    assert list(Change.objects.values_list("stream", "key")) == [("models", "vectors")]
    here = vectors_here()
    assert here is not None
    assert np.array_equal(here[1], file.arrays["vectors"])


def test_whole_file_is_what_the_delta_arrives_at(cloud: Path) -> None:
    first = dense.vectors()
    new = dense.retrained(first, 1)
    send(first)

    sent = send(new)

    way = way_from(first.to_bytes())
    assert way is not None
    assert delta.apply(way, first.to_bytes()) == signed() == sent.data != new.to_bytes()
    assert sent.quality is not None
    assert sent.quality >= 0.99
    assert len(way) < len(signed()) / 4


def test_what_does_not_pass_the_gate_gives_way_to_the_next_form(cloud: Path) -> None:
    first = dense.vectors()
    new = dense.retrained(first, 1)
    send(first)

    coarse, fine = (plan("vectors", new.to_bytes(), gates.keeps_neighbours(lost)) for lost in (0.02, 0.0005))

    refused = [each for each in fine.candidates if each.quality is not None and each.quality < 0.9995]
    assert [each.form for each in refused][:1] == ["int4"]
    assert fine.quality is not None
    assert fine.quality >= 0.9995
    assert coarse.way is not None
    assert fine.way is not None
    assert len(coarse.way.step) < len(fine.way.step)


def test_who_missed_versions_arrives_by_one_delta_at_the_same_bytes(cloud: Path) -> None:
    file, held = dense.vectors(), []
    for seed in range(4):
        send(file)
        held.append(signed())
        file = dense.retrained(ArrayFile.from_bytes(signed()), seed)

    ways = [way_from(base) for base in held[:-1]]

    assert [delta.apply(way, base) == signed() for way, base in zip(ways, held, strict=False) if way] == [True] * 3
    assert all(way is not None and len(way) < len(signed()) / 2 for way in ways)


def test_same_version_again_sends_nothing(cloud: Path) -> None:
    first = dense.vectors()
    new = dense.retrained(first, 1)
    send(first)
    send(new)
    before = signed()

    again = plan("vectors", new.to_bytes(), KEEPS_99)

    assert again.form == NOTHING
    assert publish(again) is None
    assert signed() == before
    assert Change.objects.count() == 2


def test_few_rows_that_changed_must_be_right_although_the_mean_would_not_tell(cloud: Path) -> None:
    first = dense.vectors()
    send(first)
    new = dense.with_new_products(first, 1)

    sent = send(new)

    rows = np.isin(new.ids, first.ids, invert=True)
    got = ArrayFile.from_bytes(sent.data).arrays["vectors"]
    wanted = new.arrays["vectors"]
    lengths = np.linalg.norm(got[rows], axis=1) * np.linalg.norm(wanted[rows], axis=1)
    assert ((got[rows] * wanted[rows]).sum(axis=1) / lengths > 0.98).all()


def test_arrays_of_another_width_come_whole(cloud: Path) -> None:
    first = dense.vectors()
    send(first)
    wider = ArrayFile({"vectors": np.repeat(first.arrays["vectors"], 2, axis=1)}, first.ids)

    assert send(wider).form == WHOLE

    assert signed() == wider.to_bytes()
    assert way_from(first.to_bytes()) is None


def test_a_delta_that_saves_too_little_leaves_the_new_version_as_it_is(cloud: Path) -> None:
    first = dense.vectors()
    send(first)
    other = ArrayFile({"vectors": np.random.default_rng(9).random((dense.PRODUCTS, 16), "f4")}, first.ids)

    sent = send(other, gates.keeps_neighbours(0.0))

    assert sent.form == WHOLE
    assert len(sent.candidates) > 1
    assert signed() == other.to_bytes()


def test_weights_keep_what_their_publisher_measures(cloud: Path) -> None:
    random = np.random.default_rng(2)
    base = ArrayFile({"bias": np.zeros(40, "f4"), "layer": random.standard_normal((200, 40)).astype("f4")})
    values = [a + (0.1 * random.standard_normal(a.shape)).astype("f4") for a in base.arrays.values()]
    new = base.with_values(values, None)
    asked = random.standard_normal((500, 200)).astype("f4")
    answers = (asked @ new.arrays["layer"] + new.arrays["bias"]).argmax(axis=1)

    def agreement(arrays: dict[str, np.ndarray]) -> float:
        return float(((asked @ arrays["layer"] + arrays["bias"]).argmax(axis=1) == answers).mean())

    gate = gates.keeps(agreement, 0.02)
    send(base, gate, "weights")
    sent = send(new, gate, "weights")

    assert agreement(ArrayFile.from_bytes(sent.data).arrays) == sent.quality
    assert sent.quality is not None
    assert sent.way is not None
    assert 0.98 <= sent.quality < 1
    assert delta.apply(sent.way.step, base.to_bytes()) == sent.data
    assert len(sent.way.step) < len(sent.data) / 5
