"""What could stand in for a product."""

import numpy as np
import pytest

from edgeshop.recommend.services.likeness import similar
from edgeshop.recommend.services.training import train

pytestmark = pytest.mark.unit
TEA, COFFEE, MILK, SUGAR, NAILS, HAMMER = 3, 5, 8, 13, 21, 34


def test_similar_finds_the_stand_in_not_the_companion() -> None:
    """Tea and coffee are never bought together, but with the same things."""
    table = train([[TEA, MILK, SUGAR], [COFFEE, MILK, SUGAR], [NAILS, HAMMER]] * 20, {})

    assert similar(table, TEA, k=1) == [COFFEE]
    assert not np.isin([NAILS, HAMMER, TEA], similar(table, TEA, k=6)).any()
