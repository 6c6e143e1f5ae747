"""A drawing for a product that came without a picture: by its name, and always the same one."""

import pytest

from edgeshop.shop.demoshop.pictures import draw
from edgeshop.shop.services.likeness import likeness

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("name", "family", "colour"),
    [
        ("RED RETROSPOT MUG", "mug", "coral"),
        ("WHITE HANGING HEART T-LIGHT HOLDER", "candle", "cream"),
        ("JUMBO BAG PINK POLKADOT", "bag", "coral"),
        ("SET OF 3 CAKE TINS PANTRY DESIGN", "jar", None),
        ("TEA LIGHT HOLDER, BLUE", "candle", "navy"),  # the thing is what is named last
        ("Glasses", "mug", None),
    ],
)
def test_the_name_says_what_is_drawn_and_in_which_colour(name: str, family: str, colour: str | None):
    found = likeness(name, 7)

    assert found.family == family
    assert colour in {None, found.colour}


@pytest.mark.parametrize("name", ["RED MUG", "xyzzy", ""])
def test_the_same_product_is_always_drawn_alike_and_another_differently(name: str):
    first, again, other = (draw(likeness(name, number)) for number in (7, 7, 8))

    assert (first == again, first == other) == (True, False)
    assert first.startswith("<svg")


def test_names_that_say_nothing_are_spread_over_everything_there_is_to_draw():
    assert len({likeness("xyzzy", number).family for number in range(24)}) == 12
