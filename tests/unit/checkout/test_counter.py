"""Counter sales: the same allocator, the same fact, no token."""

import pytest

from edgeshop.catalog.models import Allotment
from edgeshop.checkout.errors import EpochStale, LimitExceeded, StockShort, TenderRefused
from edgeshop.checkout.models import Allocator, Number, Order
from edgeshop.checkout.queries import receipt_gaps
from edgeshop.checkout.services import sell_at_counter
from edgeshop.fleet.models import Kiosk
from edgeshop.journal.models import Record
from edgeshop.kernel import clock
from edgeshop.kernel.errors import EdgeShopError
from tests.factories.checkout import APPLE, BREAD, CLOCK, Browser, place

pytestmark = [pytest.mark.unit, pytest.mark.django_db]


def sell(*lines: tuple[int, int], tender: str = "cash") -> str:
    """Ben sells at the counter; answers the number."""
    return sell_at_counter(lines=lines or [(APPLE, 1)], tender=tender, staff="ben", at=clock.now()).number


def test_a_counter_sale_draws_the_next_number_after_the_tokens(ada: Browser) -> None:
    number = sell((APPLE, 2), (BREAD, 1))

    order = Order.objects.get()
    assert (number, order.origin, order.sold_by, order.total_minor) == ("3-12-1-4", "counter", "ben", 899)
    assert (order.payment, order.handover, order.seat_id) == ("cleared", "handed_over", None)
    assert Number.objects.get(pk=number).state == "sold"
    assert Record.objects.filter(kind="checkout.order_completed.v1").count() == 1


@pytest.mark.parametrize(
    ("lines", "tender", "error"),
    [
        ([(CLOCK, 4)], "cash", StockShort),
        ([(999, 1)], "cash", StockShort),
        ([(APPLE, 1)], "gold", TenderRefused),
        ([(APPLE, 1)], "invoice", LimitExceeded),
    ],
)
def test_a_refused_counter_sale_writes_nothing_and_leaves_no_gap(
    kiosk: Kiosk, lines: list[tuple[int, int]], tender: str, error: type[EdgeShopError]
) -> None:
    with pytest.raises(error):
        sell(*lines, tender=tender)

    assert (Order.objects.count(), Number.objects.count(), Allocator.objects.count()) == (0, 0, 0)
    assert (Record.objects.count(), Allotment.objects.exclude(taken=0).count()) == (0, 0)
    assert sell() == "3-12-1-1"


def test_an_invoice_at_the_counter_spends_the_grant(till: Kiosk) -> None:
    sell((APPLE, 4), tender="invoice")

    assert (Allocator.objects.get().spent_minor, Order.objects.get().payment) == (1_000, "due")


def test_a_stale_epoch_sells_nothing_at_the_counter(kiosk: Kiosk) -> None:
    Kiosk.objects.update(is_epoch_stale=True)

    with pytest.raises(EpochStale):
        sell()

    assert not Number.objects.exists()


def test_numbers_of_screens_phones_and_counter_leave_no_gap(ada: Browser, phone: Browser) -> None:
    sell()
    phone.fetch_tokens(2)
    place(ada.order())
    ada.fetch_tokens(5)
    sell()

    assert list(Number.objects.values_list("seq", flat=True)) == list(range(1, 13))
    assert receipt_gaps() == []


def test_a_disk_put_back_passes_over_numbers_that_have_come_home(ada: Browser) -> None:
    slip = ada.order((APPLE, 1), token=ada.tokens[1])
    Number.objects.all().delete()
    Allocator.objects.update(last_seq=0)
    place(slip, slip_shown=True)

    sold = [sell(), sell()]

    assert (sold, Allocator.objects.get().last_seq) == (["3-12-1-1", "3-12-1-3"], 3)


def test_a_missing_number_is_named(ada: Browser) -> None:
    Number.objects.filter(seq=2).delete()

    gap = receipt_gaps()[0]

    assert (gap.kiosk_id, gap.epoch, gap.seqs) == (12, 1, [2])
