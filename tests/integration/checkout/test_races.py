"""Many sellers at once on the kiosk's own kind of database: a file, write-ahead log, one writer at a time."""

from collections.abc import Callable, Sequence
from threading import Barrier, Thread
from typing import Any

import pytest

from edgeshop.catalog.models import Allotment
from edgeshop.checkout.errors import NumberReused, StockShort
from edgeshop.checkout.models import Number, Order, Review
from edgeshop.checkout.queries import receipt_gaps
from edgeshop.checkout.services import sell_at_counter
from edgeshop.journal.models import Record
from edgeshop.kernel import clock
from edgeshop.kernel.errors import EdgeShopError
from edgeshop.kernel.facts import GENESIS, link
from tests.factories.checkout import APPLE, CLOCK, Browser, place
from tests.integration.checkout.conftest import Connected

pytestmark = pytest.mark.integration


def at_once(on_file: Connected, *acts: Callable[[], Any]) -> list[Any]:
    """Run each act in a thread with its own connection, all starting together; answers results or our errors."""
    start, results = Barrier(len(acts)), [None] * len(acts)

    def run(place_in: int, act: Callable[[], Any]) -> None:
        with on_file():
            start.wait(timeout=30)
            try:
                results[place_in] = act()
            except EdgeShopError as refused:
                results[place_in] = refused

    threads = [Thread(target=run, args=(i, act)) for i, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def sit_down(on_file: Connected, count: int, tokens: int) -> list[Browser]:
    """Browsers with seats and tokens."""
    with on_file():
        browsers = [Browser().sit() for _ in range(count)]
        for browser in browsers:
            browser.fetch_tokens(tokens)
    return browsers


def kinds(results: Sequence[Any]) -> list[str]:
    """What came out, by type."""
    return sorted(type(result).__name__ for result in results)


def test_one_order_from_many_tabs_and_workers_is_one_order(on_file: Connected) -> None:
    ada = sit_down(on_file, 1, 1)[0]
    envelope = ada.order((APPLE, 2))

    answers = at_once(on_file, *[lambda n=n: place(envelope, slip_shown=bool(n % 2)) for n in range(12)])

    assert len({repr(answer) for answer in answers}) == 1
    with on_file():
        assert (Order.objects.count(), Allotment.objects.get(product=APPLE).taken) == (1, 2)


def test_two_contents_under_one_number_make_one_order_and_one_review(on_file: Connected) -> None:
    ada = sit_down(on_file, 1, 1)[0]
    first, second = ada.order((APPLE, 1)), ada.order((APPLE, 2))

    results = at_once(on_file, lambda: place(first), lambda: place(second))

    assert kinds(results) == [NumberReused.__name__, "Placed"]
    with on_file():
        assert (Order.objects.count(), Review.objects.count()) == (1, 1)


def test_the_last_strict_unit_is_sold_once(on_file: Connected) -> None:
    browsers = sit_down(on_file, 6, 1)

    results = at_once(on_file, *[lambda b=b: place(b.order((CLOCK, 1))) for b in browsers])

    assert kinds(results) == ["Placed", *[StockShort.__name__] * 5]
    with on_file():
        assert (Order.objects.count(), Allotment.objects.get(product=CLOCK).taken) == (1, 1)
        assert Number.objects.filter(state="outstanding").count() == 5


def test_minting_and_selling_at_once_leave_no_gap_and_an_unbroken_journal(on_file: Connected) -> None:
    browsers = sit_down(on_file, 4, 2)

    def counter() -> Any:
        return sell_at_counter(lines=[(APPLE, 1)], tender="cash", staff="ben", at=clock.now())

    acts = [
        lambda b=b: [b.fetch_tokens(2) and place(b.order((APPLE, 1), token=t)) for t in b.tokens[:2]] for b in browsers
    ]
    at_once(on_file, *acts, *[counter] * 4)

    with on_file():
        assert receipt_gaps() == []
        assert Order.objects.count() == 12
        value = GENESIS
        for seq, record in enumerate(Record.objects.order_by("seq"), start=1):
            value = link(value, bytes(record.body))
            assert (record.seq, bytes(record.chain)) == (seq, value)
