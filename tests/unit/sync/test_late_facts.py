"""An order that was quarantined and went through later: its kiosk hears of it all the same."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from edgeshop.checkout.models import Order
from edgeshop.checkout.services import sell_at_counter
from edgeshop.journal import registry
from edgeshop.journal.models import Quarantine
from edgeshop.journal.services import apply_again, apply_readable
from edgeshop.kernel import clock
from edgeshop.qa.two_nodes import THING, World

pytestmark = pytest.mark.unit
KIND = "checkout.order_completed.v1"


@pytest.fixture
def world(django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock():
        here = World(level=1)
        try:
            yield here
        finally:
            here.close()


def _broken(_fact: Any, _body: Any) -> registry.Outcome:
    raise RuntimeError("a bug of this release")


def _after_a_bug() -> None:
    apply_again(Quarantine.objects.get().pk)


@pytest.mark.parametrize(("handler", "mend"), [(_broken, _after_a_bug), (None, apply_readable)])
def test_a_kiosk_hears_of_an_order_that_went_through_later(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    handler: registry.Handler | None,
    mend: Callable[[], object],
):
    world.contact(world.box)
    with world.box():
        sell_at_counter(lines=[(THING, 1)], tender="cash", staff="ada", at=clock.now())
    with monkeypatch.context() as broken:
        if handler is None:
            broken.delitem(registry._handlers, KIND)
        else:
            broken.setitem(registry._handlers, KIND, handler)
        world.contact(world.box)
    with world.cloud():
        mend()
        assert Order.objects.get().delivery == "settled"

    world.contact(world.box)

    with world.box():
        assert Order.objects.get().delivery == "settled"
