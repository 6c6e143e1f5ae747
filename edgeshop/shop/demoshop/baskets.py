"""A shopping history with a structure worth learning: people come for a reason and like things that match."""

import random
from bisect import bisect
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import TypeVar

from edgeshop.shop.demoshop.catalogue import demo_categories, demo_products
from edgeshop.shop.demoshop.items import DemoBasket, DemoProduct
from edgeshop.shop.demoshop.themes import COLOUR_FAMILIES, MOTIF_FAMILIES, SEASON, THEMES, Theme

T = TypeVar("T")

UNTIL = datetime(2026, 11, 1, tzinfo=UTC)  # fixed, so that nobody's history moves with the day it was made
DAYS = 120
_WEEKDAYS = (8, 8, 9, 10, 14, 20, 0)  # closed on Sundays
_HOURS = {9: 4, 10: 7, 11: 9, 12: 11, 13: 9, 14: 7, 15: 9, 16: 12, 17: 13, 18: 7}
_SAME_MOTIF, _KIN_MOTIF, _SAME_COLOUR, _KIN_COLOUR = 9.0, 3.0, 2.5, 1.5
_FAVOURED_FORM, _FAVOURED_MOTIF = 3.5, 4.0


def demo_baskets(seed: int = 7, count: int = 6000, *, until: datetime = UNTIL) -> list[DemoBasket]:
    """The last 120 days of a busy small shop, oldest first; the same for the same arguments."""
    till = _Till(seed)
    moments = sorted(till.moment(until) for _ in range(count))
    return [DemoBasket(at=at, lines=till.lines(at)) for at in moments]


class _Till:
    """Draws visits one after the other from one stream of chance."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)  # noqa: S311 -- a made-up history, not a secret
        slugs = {category.id: category.slug for category in demo_categories()}
        self._shelves: dict[str, list[DemoProduct]] = {slug: [] for slug in slugs.values()}
        for product in demo_products():
            self._shelves[slugs[product.category_id]].append(product)
        self._popularity = _popularity(demo_products())

    def moment(self, until: datetime) -> datetime:
        """A moment in the 120 days before, on an open day and at a busy hour more often than not."""
        days = [until - timedelta(days=back) for back in range(1, DAYS + 1)]
        day = self._pick(days, [_WEEKDAYS[day.weekday()] for day in days])
        hour = self._pick(list(_HOURS), list(_HOURS.values()))
        minute, second = self._chance.randrange(60), self._chance.randrange(60)
        return day.replace(hour=hour, minute=minute, second=second, microsecond=0)

    def lines(self, at: datetime) -> list[tuple[int, int]]:
        """One visit: a reason, a size, then things that suit the reason and what is already in the basket."""
        theme = self._theme(at)
        size = 1 + self._pick(range(len(theme.size)), theme.size)
        basket: list[DemoProduct] = []
        for _ in range(size):
            basket.append(self._next(theme, basket))
        return [(product.id, self._quantity(product)) for product in basket]

    def _theme(self, at: datetime) -> Theme:
        themes = list(THEMES.values())
        return self._pick(themes, [theme.weight * (SEASON if at.month in theme.months else 1) for theme in themes])

    def _next(self, theme: Theme, basket: list[DemoProduct]) -> DemoProduct:
        taken = {product.category_id for product in basket}
        slugs = list(self._shelves)
        shelf = self._shelves[
            self._pick(
                slugs,
                [
                    theme.shelves.get(slug, 0.15) * (0.4 if self._shelves[slug][0].category_id in taken else 1)
                    for slug in slugs
                ],
            )
        ]
        left = [product for product in shelf if product not in basket]
        return self._pick(left, [self._appeal(theme, product, basket) for product in left])

    def _appeal(self, theme: Theme, product: DemoProduct, basket: list[DemoProduct]) -> float:
        appeal = self._popularity[product.id]
        if product.picture.form in theme.forms:
            appeal *= _FAVOURED_FORM
        if product.picture.motif in theme.motifs:
            appeal *= _FAVOURED_MOTIF
        if basket:
            appeal *= max(_match(product, other) for other in basket)
        return appeal

    def _quantity(self, product: DemoProduct) -> int:
        weights = (70, 20, 7, 3) if product.unit_minor < 1000 else (94, 6, 0, 0)
        return 1 + self._pick(range(4), weights)

    def _pick(self, options: Sequence[T], weights: Sequence[float]) -> T:
        totals = list(accumulate(weights))
        return options[bisect(totals, self._chance.random() * totals[-1], 0, len(totals) - 1)]


def _match(one: DemoProduct, other: DemoProduct) -> float:
    """How much likelier it is to buy one beside the other."""
    a, b = one.picture, other.picture
    match = 1.0
    if a.motif == b.motif and a.motif != "plain":
        match *= _SAME_MOTIF
    elif any(a.motif in family and b.motif in family for family in MOTIF_FAMILIES.values()):
        match *= _KIN_MOTIF
    if a.colour == b.colour:
        match *= _SAME_COLOUR
    elif any(a.colour in family and b.colour in family for family in COLOUR_FAMILIES.values()):
        match *= _KIN_COLOUR
    return match


def _popularity(products: list[DemoProduct]) -> dict[int, float]:
    """Zipf-like: a few things everybody buys, a long tail; cheap things more often than dear ones."""
    order = random.Random(11)  # noqa: S311 -- which things sell is chance, but always the same chance
    ranked = sorted(products, key=lambda product: (product.unit_minor / 6000) + order.random())
    return {product.id: 1 / (rank + 4) ** 0.95 for rank, product in enumerate(ranked)}
