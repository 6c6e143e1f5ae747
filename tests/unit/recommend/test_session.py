"""ONNX Runtime against the reference: the same items everywhere, the same confidence to 1e-4."""

from typing import Any

import numpy as np
import pytest
from onnx import checker, load_model_from_string, numpy_helper

from edgeshop.recommend.services import graph
from edgeshop.recommend.services.ranker import rank_numpy, scores
from edgeshop.recommend.services.session import Ranker
from edgeshop.recommend.services.table import Table

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def onnx_ranker(table: Table) -> Ranker:
    return Ranker(table)


def test_onnx_repeats_the_recorded_rankings(onnx_ranker: Ranker, recorded: list[dict[str, Any]]) -> None:
    answers = [onnx_ranker.rank(case["basket"], k=case["k"]) for case in recorded]

    assert [a.items for a in answers] == [case["items"] for case in recorded]
    assert [a.scored for a in answers] == [case["scored"] for case in recorded]
    assert [a.confidence for a in answers] == pytest.approx([case["confidence"] for case in recorded], abs=1e-4)


def test_onnx_scores_are_the_reference_scores_to_the_last_bit(onnx_ranker: Ranker, table: Table) -> None:
    random = np.random.default_rng(11)

    for _ in range(200):
        known = random.choice(table.rows, int(random.integers(1, 21)), replace=False)
        score, item, _ = onnx_ranker._run(known)
        expected = np.zeros(table.rows + 1, np.float32)
        expected[1:] = scores(table, known)
        expected[0] = -1 if len(known) < 20 else 0
        order = np.argsort(-expected, kind="stable")[: graph.ANSWERS]
        assert score.tobytes() == expected[order].tobytes()
        assert item.tolist() == order.tolist()


@pytest.mark.parametrize("length", [1, 19, 20, 21, 40, 150, 299, 300])
@pytest.mark.parametrize("k", [1, 10, 64, 65, 300])
def test_onnx_and_numpy_agree_on_any_length(onnx_ranker: Ranker, table: Table, length: int, k: int) -> None:
    basket = np.random.default_rng(length).permutation(table.product_ids)[:length].tolist()

    fast, reference = onnx_ranker.rank(basket, k=k), rank_numpy(table, basket, k=k)

    assert (fast.items, fast.scored) == (reference.items, reference.scored)
    assert fast.confidence == pytest.approx(reference.confidence, abs=1e-4)


def test_table_of_one_row_ranks(table: Table) -> None:
    one = table.top(1)

    answer = Ranker(one).rank(one.bestsellers(), k=5)

    assert (answer.items, answer.scored, answer.confidence) == ([], 0, 0.0)


def test_graph_is_small_and_holds_no_figures_of_the_table() -> None:
    assert len(graph.build(rows=4_000, width=32)) < 4_096


def test_graph_follows_the_standard(table: Table) -> None:
    model = load_model_from_string(graph.build(rows=table.rows, width=32))
    for tensor in model.graph.initializer:
        if tensor.name in graph.EXTERNAL:  # the checker wants the figures that a session gets from memory
            tensor.CopyFrom(numpy_helper.from_array(np.ascontiguousarray(getattr(table, tensor.name)), tensor.name))

    checker.check_model(model, full_check=True)

    assert (model.opset_import[0].version, model.ir_version) == (18, 9)
