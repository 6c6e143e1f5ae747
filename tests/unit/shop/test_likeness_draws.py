"""Whatever a product is called, there is a drawing for it."""

import pytest

from edgeshop.shop.demoshop.pictures import draw
from edgeshop.shop.services.likeness import _COLOURS, _WORDS, likeness

pytestmark = pytest.mark.unit
THINGS = [word for words in _WORDS.values() for word in words] + ["zither"]
COLOURS = [word for words in _COLOURS.values() for word in words] + ["invisible"]


@pytest.mark.parametrize("thing", THINGS)
def test_every_thing_can_be_drawn_in_every_colour_of_its_name(thing):
    for place, colour in enumerate(COLOURS):
        for number in range(place, place + 60, 7):
            assert draw(likeness(f"{colour} {thing}", number)).startswith("<svg")
