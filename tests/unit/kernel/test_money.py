"""Money: the worked examples shared with TypeScript, and what holds for any basket."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeshop.kernel.errors import InvalidInput
from edgeshop.kernel.money import Money, Totals, half_up, price_basket, prorate

VECTORS = json.loads((Path(__file__).parents[2] / "data" / "money_vectors.json").read_text(encoding="utf-8"))
LINES = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 10**7), st.sampled_from([0, 500, 700, 1900, 2000])))


@pytest.mark.parametrize("case", VECTORS["half_up"], ids=lambda c: f"{c['n']}/{c['d']}")
def test_half_up_gives_the_worked_answer(case: dict[str, int]) -> None:
    assert half_up(case["n"], case["d"]) == case["want"]


@pytest.mark.parametrize("case", VECTORS["prorate"], ids=lambda c: f"{c['amount']} over {len(c['weights'])}")
def test_prorate_gives_the_worked_answer(case: dict[str, Any]) -> None:
    assert prorate(case["amount"], case["weights"]) == case["want"]


@pytest.mark.parametrize("case", VECTORS["basket"], ids=lambda c: c["why"])
def test_price_basket_gives_the_worked_answer(case: dict[str, Any]) -> None:
    want = case["want"] | {"tax_by_rate": {int(rate): tax for rate, tax in case["want"]["tax_by_rate"].items()}}

    totals = price_basket([tuple(line) for line in case["lines"]], case["discount_minor"], inclusive=case["inclusive"])

    assert totals == Totals(**want)


def test_there_are_enough_worked_baskets_to_disagree_over() -> None:
    assert len(VECTORS["basket"]) >= 40


@given(amount=st.integers(-(10**12), 10**12), weights=st.lists(st.integers(0, 10**9), min_size=1).filter(any))
def test_prorate_sums_to_the_amount_and_stays_within_one_unit_of_the_exact_share(
    amount: int, weights: list[int]
) -> None:
    shares = prorate(amount, weights)

    assert sum(shares) == amount
    assert all(abs(s * sum(weights) - amount * w) < sum(weights) for s, w in zip(shares, weights, strict=True))


@given(lines=LINES, inclusive=st.booleans(), part=st.integers(0, 100))
def test_a_basket_adds_up(lines: list[tuple[int, int, int]], inclusive: bool, part: int) -> None:
    whole = sum(quantity * unit for quantity, unit, _ in lines)
    discount = whole * part // 100

    totals = price_basket(lines, discount, inclusive=inclusive)

    assert totals.net_minor + totals.tax_minor == totals.total_minor
    assert totals.tax_minor == sum(totals.tax_by_rate.values())
    assert sum(totals.line_totals) == whole
    assert sum(totals.discounts) == discount
    assert (totals.total_minor if inclusive else totals.net_minor) == whole - discount
    assert all(0 <= d <= t for d, t in zip(totals.discounts, totals.line_totals, strict=True))


@given(n=st.integers(-(10**15), 10**15), d=st.integers(1, 10**9))
def test_half_up_is_nearest_and_symmetric(n: int, d: int) -> None:
    assert abs(2 * (half_up(n, d) * d - n)) <= d
    assert half_up(-n, d) == -half_up(n, d)


@pytest.mark.parametrize(
    ("lines", "discount"),
    [([(1, -1, 0)], 0), ([(-1, 1, 0)], 0), ([(1, 1, -1)], 0), ([(1, 1, 0)], -1), ([(1, 1, 0)], 2)],
)
def test_price_basket_refuses_figures_that_make_no_sense(lines: list[tuple[int, int, int]], discount: int) -> None:
    with pytest.raises(InvalidInput):
        price_basket(lines, discount)


@pytest.mark.parametrize(("amount", "weights"), [(1, []), (1, [0, 0]), (1, [2, -1])])
def test_prorate_refuses_weights_that_cannot_carry_the_amount(amount: int, weights: list[int]) -> None:
    with pytest.raises(InvalidInput):
        prorate(amount, weights)


def test_half_up_refuses_a_divisor_of_zero() -> None:
    with pytest.raises(InvalidInput):
        half_up(1, 0)


def test_money_counts_within_one_currency_only() -> None:
    price = Money(250, "EUR")

    assert price * 3 - Money(50, "EUR") + price == Money(950, "EUR")
    with pytest.raises(InvalidInput) as refusal:
        price + Money(1, "JPY")
    assert refusal.value.fields == {"left": "EUR", "right": "JPY"}
