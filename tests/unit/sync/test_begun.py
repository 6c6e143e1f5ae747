"""An answer that broke off goes on where it stopped, between a real kiosk and a real cloud."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from urllib3.exceptions import ProtocolError

from edgeshop.catalog.models import Category, Product
from edgeshop.catalog.services.goods import CategoryData, ProductData, save_categories, save_products
from edgeshop.fleet.errors import CloudUnreachable
from edgeshop.fleet.services import BEGUN_HEADER, rest_of
from edgeshop.fleet.services.begun import Reading, mark
from edgeshop.sync.services import synchronise

pytestmark = [pytest.mark.unit, pytest.mark.django_db(transaction=True)]
GOODS, CHUNK = 700, 512
WORDS = ("amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heath", "inlet", "jetty", "knoll", "lagoon")


class Broken:
    """A body of which so many bytes arrive."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def stream(self, size: int, **_options):
        for start in range(0, len(self.data) - size + 1, size):
            yield self.data[start : start + size]
        raise ProtocolError("reset by peer")

    def release_conn(self) -> None:
        pass

    close = release_conn


@pytest.fixture
def stocked(house):
    """A cloud with so many goods that the answer is worth going on with, and nothing else to say."""
    for _ in range(3):
        synchronise(house.client)
    with house.cloud():
        save_categories([CategoryData(slug="bread", position=1, names={"en": "Bread"})])
        put(range(GOODS))
    house.wire.said.clear()
    return house


def put(numbers) -> None:
    shelf = Category.objects.get().pk
    named = {n: f"{WORDS[n * 7 % 12]} {WORDS[n * n % 12]} {n * 7919 % 1000}" for n in numbers}
    save_products([ProductData(sku=f"S{n}", category_id=shelf, texts={"en": {"name": named[n]}}) for n in numbers])


def break_at(house, share: float) -> int:
    """Let the next answer break there, hear it, and answer how long it was."""
    sizes = []

    def broken(response):
        sizes.append(len(response.content))
        response.raw = Broken(response.content[: int(len(response.content) * share)])
        response._content, response._content_consumed = False, False
        return response

    house.wire.on_the_way_down = broken
    with pytest.raises(CloudUnreachable):
        synchronise(house.client)
    house.wire.on_the_way_down = lambda response: response
    return sizes[0]


@pytest.mark.parametrize("share", [0.3, 0.5, 0.98])
def test_only_the_rest_comes_after_a_break(stocked, share):
    size = break_at(stocked, share)
    assert size > 4 * CHUNK
    stocked.wire.said.clear()

    synchronise(stocked.client)

    first = stocked.wire.said[0]
    assert BEGUN_HEADER in first.headers
    assert len(first.content) <= size * (1 - share) + CHUNK
    assert Product.objects.count() == GOODS


def test_a_rest_that_breaks_as_well_goes_on_from_there(stocked):
    size = break_at(stocked, 0.3)
    second = break_at(stocked, 0.5)

    stocked.wire.said.clear()
    synchronise(stocked.client)

    assert second < size * 0.7 + CHUNK
    assert len(stocked.wire.said[0].content) <= second * 0.5 + CHUNK
    assert Product.objects.count() == GOODS


def test_the_control_a_kiosk_that_forgets_what_it_has_is_told_all_of_it(stocked):
    size = break_at(stocked, 0.5)
    stocked.client._reading = Reading()
    stocked.wire.said.clear()

    synchronise(stocked.client)

    assert len(stocked.wire.said[0].content) == size


def test_what_has_changed_meanwhile_is_told_whole(stocked):
    break_at(stocked, 0.5)
    with stocked.cloud():
        put(range(40))
        put([GOODS])
    stocked.wire.said.clear()

    synchronise(stocked.client)

    assert BEGUN_HEADER not in stocked.wire.said[0].headers
    assert Product.objects.count() == GOODS + 1


def test_the_end_of_another_answer_is_not_believed(stocked):
    break_at(stocked, 0.5)

    def swapped(response):
        stocked.client._reading._begun = b"x" * 2000
        return response

    stocked.wire.on_the_way_down = swapped
    with pytest.raises(CloudUnreachable, match="another answer"):
        synchronise(stocked.client)
    assert not Product.objects.exists()

    stocked.wire.on_the_way_down = lambda response: response
    synchronise(stocked.client)
    assert Product.objects.count() == GOODS


@given(body=st.binary(max_size=64), length=st.integers(0, 80))
def test_a_beginning_and_its_rest_are_the_whole(body, length):
    rest = rest_of(body, mark(body[:length]))

    assert rest is None if length in {0} or length >= len(body) else body[:length] + rest == body


@given(body=st.binary(min_size=1, max_size=64), odd=st.text(max_size=30))
def test_odd_words_get_the_whole(body, odd):
    assert rest_of(body, odd) is None
