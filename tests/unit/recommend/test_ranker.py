"""The reference arithmetic, by hand and against the recorded rankings."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from edgeshop.recommend.services import ranker
from edgeshop.recommend.services.ranker import rank_numpy
from edgeshop.recommend.services.table import Table

pytestmark = pytest.mark.unit
SOAP, TOWEL, BRUSH, SPONGE = 10, 20, 30, 40


def small() -> Table:
    """Soap pulls towel (4 steps of 0.5) and brush (2); towel pulls brush (6 steps of 0.25)."""
    return Table(
        model_version=1,
        trained_at_s=0,
        calibration=np.array([0.5, 1, 2, 3], np.float32),
        product_ids=np.array([SOAP, TOWEL, BRUSH, SPONGE], np.int32),
        nid=np.array([[2, 3], [3, 0], [0, 0], [0, 0]], np.uint16),
        w8=np.array([[4, 2], [6, 0], [0, 0], [0, 0]], np.uint8),
        ws=np.array([0.5, 0.25, 0, 0], np.float32),
        popularity=np.array([3, 2, 1, 0], np.uint16),
    )


def test_rank_adds_what_each_line_pulls_the_newest_line_in_full() -> None:
    known = ranker.known_items(small(), [SOAP, TOWEL])

    score = ranker.scores(small(), known)

    older = np.float32(0.1 + 0.9 * math.exp(-0.5))
    brush = np.float32(np.float32(2) * (np.float32(0.5) * older)) + np.float32(1.5)
    assert score.tolist() == [-1, -1, brush, 0]


def test_rank_fills_with_best_sellers_that_are_not_in_the_basket() -> None:
    answer = rank_numpy(small(), [SOAP], k=3)

    assert (answer.items, answer.scored) == ([TOWEL, BRUSH, SPONGE], 2)


def test_rank_of_an_empty_basket_is_best_sellers_without_confidence() -> None:
    answer = rank_numpy(small(), [], k=10)

    assert (answer.items, answer.scored, answer.confidence) == ([SPONGE, BRUSH, TOWEL, SOAP], 0, 0.0)


def test_rank_gives_a_tie_to_the_lower_item_index() -> None:
    tied = replace(small(), w8=np.array([[4, 4], [6, 0], [0, 0], [0, 0]], np.uint8))

    assert rank_numpy(tied, [SOAP], k=2).items == [TOWEL, BRUSH]


def test_rank_counts_the_newest_place_of_a_product_that_comes_twice() -> None:
    assert ranker.known_items(small(), [SOAP, TOWEL, SOAP, 99]).tolist() == [1, 0]


def test_rank_forgets_lines_older_than_the_window_but_never_offers_them() -> None:
    rows = ranker.WINDOW + 2
    nid = np.zeros((rows, 2), np.uint16)
    nid[0] = [2, rows]  # the oldest line alone pulls the last product
    long = Table(
        1,
        0,
        np.zeros(4, np.float32),
        np.arange(1, rows + 1, dtype=np.int32),
        nid,
        np.minimum(nid, 1).astype(np.uint8),
        np.ones(rows, np.float32),
        np.arange(rows, dtype=np.uint16),
    )

    answer = rank_numpy(long, list(range(1, rows)), k=5)

    assert (answer.items, answer.scored) == ([rows], 0)
    assert rank_numpy(long, list(range(1, rows - 1)), k=5).scored == 1


def test_confidence_is_the_documented_sigmoid() -> None:
    answer = rank_numpy(small(), [SOAP], k=2)

    first, second, mean = math.log(2.0), math.log(1.0), math.log(0.3)
    expected = 1 / (1 + math.exp(-(0.5 + first + 2 * (first - second) + 3 * mean)))
    assert answer.confidence == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(("weeks", "left"), [(-1, 1.0), (0, 1.0), (1, 0.985), (2, 0.970225)])
def test_confidence_falls_with_the_age_of_the_table(weeks: int, left: float) -> None:
    assert ranker.age_factor(weeks * ranker.WEEK_S) == pytest.approx(left)


def test_place_weights_are_the_same_from_any_exponential() -> None:
    """A binary64 exponential may be off by one place; none of the twenty weights sits near a rounding boundary."""
    exact = 0.1 + 0.9 * np.exp(-ranker.AGES / 2)

    nudged = [np.nextafter(exact, 0).astype(np.float32), np.nextafter(exact, 1).astype(np.float32)]

    assert all((weights == ranker.PLACE_WEIGHTS).all() for weights in nudged)


def test_numpy_repeats_the_recorded_rankings(table: Table, recorded: list[dict[str, Any]]) -> None:
    answers = [rank_numpy(table, case["basket"], k=case["k"]) for case in recorded]

    assert [a.items for a in answers] == [case["items"] for case in recorded]
    assert [a.scored for a in answers] == [case["scored"] for case in recorded]
    assert [a.confidence for a in answers] == pytest.approx([case["confidence"] for case in recorded], abs=1e-4)
    assert len(recorded) == 60
