"""Money in integer minor units, and the one way a basket becomes totals.

Python and TypeScript run the same worked examples, tests/data/money_vectors.json: a change here is a change there.
Floats never touch money; how many minor units make a major one (ISO 4217) only matters for showing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from edgeshop.kernel.errors import InvalidInput

WHOLE_BP = 10_000  # basis points in 100 %


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units of one currency (ISO 4217 code)."""

    amount_minor: int
    currency: str

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amount_minor + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.amount_minor - self._same(other), self.currency)

    def __mul__(self, quantity: int) -> "Money":
        return Money(self.amount_minor * quantity, self.currency)

    def _same(self, other: "Money") -> int:
        if other.currency != self.currency:
            raise InvalidInput("Amounts of two currencies do not mix.", left=self.currency, right=other.currency)
        return other.amount_minor


@dataclass(frozen=True, slots=True)
class Totals:
    """What a basket comes to.

    Shapes: line_totals [n] before and discounts [n] of the discount, in line order; tax_by_rate keyed by basis points.
    Units: minor units. total_minor is what the shopper pays; net_minor + tax_minor = total_minor.
    """

    line_totals: list[int]
    discounts: list[int]
    net_minor: int
    tax_by_rate: dict[int, int]
    tax_minor: int
    total_minor: int


def half_up(n: int, d: int) -> int:
    """n / d rounded to the nearest integer, a half away from zero. Raises: InvalidInput unless d > 0."""
    if d <= 0:
        raise InvalidInput("The divisor of a rounding is positive.", divisor=d)
    rounded = (2 * abs(n) + d) // (2 * d)
    return rounded if n >= 0 else -rounded


def prorate(amount: int, weights: Sequence[int]) -> list[int]:
    """Shares of `amount` by weight that sum to it exactly: largest remainder, the earlier place wins a tie.

    Shapes: weights [n], the answer is [n]. A negative amount is shared like its positive twin.
    Raises: InvalidInput for a negative weight, or an amount with nothing to carry it.
    """
    whole = sum(weights)
    if any(weight < 0 for weight in weights) or (amount and not whole):
        raise InvalidInput("An amount is shared over weights that are not negative and not all zero.", amount=amount)
    if not amount:
        return [0] * len(weights)
    parts = [divmod(abs(amount) * weight, whole) for weight in weights]
    shares = [share for share, _ in parts]
    left = abs(amount) - sum(shares)
    for place in sorted(range(len(parts)), key=lambda i: (-parts[i][1], i))[:left]:
        shares[place] += 1
    return [share if amount > 0 else -share for share in shares]


def price_basket(lines: Sequence[tuple[int, int, int]], discount_minor: int = 0, inclusive: bool = True) -> Totals:
    """Price a basket: line = quantity × unit, discount shared over the lines, tax per rate on the sum per rate.

    Shapes: lines [n] of (quantity, unit price, rate). Units: minor units, basis points.
    Raises: InvalidInput for a negative figure, or a discount above the sum of the lines.
    """
    if discount_minor < 0 or any(figure < 0 for line in lines for figure in line):
        raise InvalidInput("A basket has no negative quantity, price, rate or discount.")
    line_totals = [quantity * unit for quantity, unit, _ in lines]
    if discount_minor > sum(line_totals):
        raise InvalidInput("A discount is at most the sum of the lines.", discount_minor=discount_minor)
    discounts = prorate(discount_minor, line_totals)
    sums: dict[int, int] = {}
    for (_, _, rate), total, discount in zip(lines, line_totals, discounts, strict=True):
        sums[rate] = sums.get(rate, 0) + total - discount
    tax_by_rate = {rate: _tax(base, rate, inclusive=inclusive) for rate, base in sorted(sums.items())}
    tax, paid = sum(tax_by_rate.values()), sum(sums.values())
    net = paid - tax if inclusive else paid
    return Totals(line_totals, discounts, net, tax_by_rate, tax, net + tax)


def _tax(base: int, rate_bp: int, *, inclusive: bool) -> int:
    return half_up(base * rate_bp, WHOLE_BP + rate_bp if inclusive else WHOLE_BP)
