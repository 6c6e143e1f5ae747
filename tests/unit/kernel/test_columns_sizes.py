"""The bytes that columns come to on the workload of our measurements, against what was reached there."""

import time

import pytest

from bench.sync.generator import SHARED, WORKLOAD
from bench.sync.generator import workload as read_workload
from edgeshop.kernel.columns import decode_rows, encode_rows

pytestmark = pytest.mark.unit
CORE = ["sku", "name", "price_cents", "currency", "category", "stock", "tags"]
NAMES = ["id", *CORE, "description", "updated_at", "at", "receipt", "book", "tender", "lines", "product", "quantity"]
TENDERS = ["card", "wallet", "cash"]


@pytest.fixture(scope="module")
def workload():
    if not WORKLOAD.exists():
        pytest.skip(reason=f"the workload is not here: it belongs in {SHARED}, beside the checkout")
    return read_workload(WORKLOAD)


@pytest.fixture(scope="module")
def catalogue(workload):
    return workload.catalogue()


@pytest.fixture(scope="module")
def whole(catalogue):
    return encode_rows(catalogue, names=NAMES)


def columns(rows):
    """The bytes of `rows`, seen to read back."""
    data = encode_rows(rows, names=NAMES)
    assert decode_rows(data, names=NAMES, max_bytes=1 << 23) == rows
    return len(data)


def page(before, after):
    """The collapsed page: what each changed product has now, its price only when that is another."""
    changed = [place for place, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]
    return [
        {"id": place, "stock": after[place]["stock"], "updated_at": after[place]["updated_at"]}
        | ({"price_cents": price} if (price := after[place]["price_cents"]) != before[place]["price_cents"] else {})
        for place in changed
    ]


def test_ten_thousand_products(catalogue, whole):
    assert decode_rows(whole, names=NAMES, max_bytes=1 << 23) == catalogue
    assert len(whole) <= 221_000


def test_what_is_needed_to_sell_ten_thousand_products(catalogue):
    assert columns([{name: row[name] for name in CORE} for row in catalogue]) <= 99_000


def test_a_page_of_one_per_cent(workload, catalogue):
    assert columns(page(catalogue, workload.change_1pct(catalogue)[0])) <= 430


def test_a_page_after_thirty_and_ninety_days(workload, catalogue):
    now, sizes = catalogue, {}
    for day in range(1, 91):
        now, _ = workload.change_1pct(now, day)
        if day in (30, 90):
            sizes[day] = columns(page(catalogue, now))

    assert sizes[30] <= 10_500
    assert sizes[90] <= 24_300


def test_a_batch_of_a_hundred_orders(workload, catalogue):
    now, _ = workload.change_1pct(catalogue)
    ids = {row["sku"]: place for place, row in enumerate(now)}
    batch = [
        {
            "at": order["created_at"],
            "receipt": 88_000 + order["seq"],
            "book": 41,
            "tender": TENDERS.index(order["payment"]),
            "lines": [{"product": ids[line["sku"]], "quantity": line["qty"]} for line in order["lines"]],
        }
        for order in workload.orders(now)[:100]
    ]

    assert columns(batch) <= 850


def test_a_page_is_written_and_a_catalogue_is_read_quickly(workload, catalogue, whole):
    changed = page(catalogue, workload.change_1pct(catalogue)[0])

    writing_s = _cpu_s(lambda: encode_rows(changed, names=NAMES))
    reading_s = _cpu_s(lambda: decode_rows(whole, names=NAMES, max_bytes=1 << 23))

    assert writing_s < 0.06
    assert reading_s < 0.5


def _cpu_s(call):
    """The best of three, in processor time: others may use this machine."""
    times = []
    for _ in range(3):
        start = time.process_time()
        call()
        times.append(time.process_time() - start)
    return min(times)
