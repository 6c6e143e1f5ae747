"""The reckoning of a run, when everything that can be told has been told."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from edgeshop.catalog.models import Allotment, PriceBook, Product, StockLevel
from edgeshop.catalog.queries import prices, stock_discrepancies
from edgeshop.checkout.enums import Delivery, NumberState, Origin, Reason
from edgeshop.checkout.models import Number, Order, OrderLine, Review
from edgeshop.checkout.queries import receipt_gaps
from edgeshop.fleet.models import Kiosk
from edgeshop.journal.models import Chain, Quarantine
from edgeshop.journal.services import cursors, page
from edgeshop.kernel import clock
from edgeshop.kernel.ids import ReceiptNumber
from edgeshop.qa.simulation.browser import Promise
from edgeshop.qa.simulation.machines import SHOP, STRICT, STRICT_UNITS, Machine

if TYPE_CHECKING:
    from edgeshop.qa.simulation.days import Days

Problem = tuple[str, str]
_SHELF, _SHELF_UNITS = 3, 1_000
_DELIVERY, _PAYMENT = 0, 1  # where they stand in what is compared of an order
_ENDED = {NumberState.SOLD, NumberState.RETURNED, NumberState.VOID, NumberState.EXPIRED}


def problems(run: "Days") -> list[Problem]:
    """All that is wrong, as (kind, what): lost, duplicated, changed, oversold, receipt_gaps, unequal."""
    found = list(run.found)
    with run.cloud():
        found += [*_promises(run), *_refused(run), *_stock(run), *_numbers(run)]
    for box in run.boxes.values():
        found += _equal(run, box)
    return found


def _promises(run: "Days") -> Iterator[Problem]:
    """What people were told is in the books as they were told it, or before a person."""
    orders = {order.number_id: order for order in Order.objects.prefetch_related("lines")}
    disputed = set(Review.objects.exclude(subject="").values_list("order__number", "subject"))
    parked = " ".join(bytes(q.record.body).decode() for q in Quarantine.objects.select_related("record"))
    for promise in run.promises.values():
        if promise.told == "nothing" or promise.excuse:
            continue
        order = orders.get(promise.number)
        if (promise.number, promise.sha256) in disputed or promise.sha256 in parked:
            continue
        if order is None:
            yield "lost", f"{promise.number} of {promise.browser} ({promise.told})"
        elif not _is_same(order, promise):
            yield "changed", f"{promise.number} of {promise.browser}"


def _is_same(order: Order, promise: Promise) -> bool:
    lines = tuple((line.product_id, line.qty, line.unit_minor) for line in order.lines.all())
    return (order.envelope_sha256, lines, order.total_minor) == (promise.sha256, promise.lines, promise.total_minor)


def _refused(run: "Days") -> Iterator[Problem]:
    """What a shopper was told is not sold, is not; so the order on the next token is no second one.

    By content, of what browsers sold: a disk put back whole may give the number to somebody else, who buys, and has
    a promise of it.
    """
    sold = set(Order.objects.filter(origin=Origin.SEAT).values_list("number_id", "envelope_sha256"))
    promised = {(p.number, p.sha256, p.browser) for p in run.promises.values() if p.told != "nothing"}
    for browser in [*run.browsers, *run.gone_browsers]:
        others = {(number, sha256) for number, sha256, name in promised if name != browser.name}
        for number, _ in sorted((sold & set(browser.refused.items())) - others):
            yield "duplicated", f"{number} was refused to {browser.name} and is sold"


def _stock(run: "Days") -> Iterator[Problem]:
    """Each sale is booked once, strict goods go no further than they reach, and what does is before a person."""
    for one in stock_discrepancies():
        if one.kind == "unbalanced":
            yield "duplicated", f"stock of {one.product_id}: on hand {one.on_hand}, accounted {one.accounted}"
    sold, flagged = Counter[int](), Counter[int]()
    oversold = set(Review.objects.filter(reason=Reason.OVERSOLD).values_list("order_id", flat=True))
    for line in OrderLine.objects.select_related("order"):
        sold[line.product_id] += line.qty
        flagged[line.product_id] += line.qty if line.order_id in oversold else 0
    levels = {level.product_id: level for level in StockLevel.objects.all()}
    for product in (*STRICT, _SHELF):
        had = (_SHELF_UNITS if product == _SHELF else STRICT_UNITS) + run.counts.get(f"received{product}", 0)
        left = levels[product].on_hand - levels[product].committed
        if left != had - sold[product]:
            yield "duplicated", f"{product}: had {had}, sold {sold[product]}, left {left}"
        if product != _SHELF and sold[product] - flagged[product] > had:
            yield "oversold", f"{product}: had {had}, sold {sold[product]}, of those to be looked at {flagged[product]}"


def _numbers(run: "Days") -> Iterator[Problem]:
    """Every number ends, or it is known who went with it: its browser, or the disk that knew how it ended."""
    epochs = dict(Kiosk.objects.values_list("pk", "epoch"))
    gone = {browser._seat_id for browser in run.gone_browsers}
    for gap in receipt_gaps():
        for seq in gap.seqs:
            number = str(ReceiptNumber(SHOP, gap.kiosk_id, gap.epoch, seq))
            if number not in run.lost_numbers:
                yield "receipt_gaps", f"{number} is not there"
    over = Q(expires_at__lte=clock.now()) | ~Q(state=NumberState.OUTSTANDING)
    for row in Number.objects.filter(over).exclude(state__in=_ENDED):
        is_explained = row.epoch < epochs[row.kiosk_id] or str(row.seat_id) in gone or row.pk in run.lost_ends
        if row.state == NumberState.OUTSTANDING or not is_explained:
            yield "receipt_gaps", f"{row.pk} is {row.state}"


def _equal(run: "Days", box: Machine) -> Iterator[Problem]:
    """Cloud and kiosk say the same."""
    with box():
        held = _books()
    with run.cloud():
        held |= {max(_books(), default=0)}  # of others it need not know
        ours = _side(box.kiosk_id, held)
        kiosk = Kiosk.objects.get(pk=box.kiosk_id)
        epoch = kiosk.epoch
    with box():
        theirs, read = _side(box.kiosk_id, held), cursors()
        if Kiosk.objects.get(is_self=True).epoch != epoch:
            yield "unequal", f"{box.name} is in another epoch"
    for what, rows in ours.items():
        for key in sorted({*rows, *theirs[what]}, key=str):
            a, b = rows.get(key), theirs[what].get(key)
            is_explained = (what == "order" and a and b and _is_reviewed(ours["review"], key, a, b)) or (
                what == "numbers" and b is None and _is_old_news(key, a, epoch)
            )
            if a != b and not is_explained:
                yield "unequal", f"{what} {key}: cloud {a}, {box.name} {b}"
    yield from _unheard(run, box)
    with run.cloud():
        for stream, (life, seq) in sorted(read.items()):
            if page(stream=stream, epoch=life, seq=seq, limit=1, life=epoch) is not None:
                yield "unequal", f"{box.name} has not read all of {stream}"


def _is_reviewed(reviews: dict[Any, Any], number: str, cloud: Any, kiosk: Any) -> bool:
    """What a person looks at, on both sides, may differ: another order under the number of which the cloud has one
    (a disk put back whole gives numbers again); an order that is due in the cloud, which knows its number as another
    kind of browser's; and one that had settled before the cloud was put back, which finds something odd this time."""
    if (number, Reason.TOKEN_REPLAY, kiosk[-1]) in reviews:
        return True
    differs = [at for at, (a, b) in enumerate(zip(cloud, kiosk, strict=True)) if a != b]
    if differs == [_PAYMENT]:
        return (number, Reason.ENVELOPE_MISMATCH, "terms") in reviews
    is_asked = any(review[0] == number and not decision for review, decision in reviews.items())
    return differs == [_DELIVERY] and kiosk[_DELIVERY] == Delivery.SETTLED and is_asked


def _is_old_news(number: str, state: str | None, epoch: int) -> bool:
    """A disk put back is given its orders of older epochs, and no numbers without one: those end in the cloud."""
    return ReceiptNumber.parse(number).epoch < epoch and state != NumberState.SOLD


def _unheard(run: "Days", box: Machine) -> Iterator[Problem]:
    """In the end the cloud has all that it ever acknowledged, of older epochs too, however often it was put back."""
    with box():
        marks = list(Chain.objects.values_list("device_id", "epoch", "acked_seq"))
    with run.cloud():
        kept = {(d, e): s for d, e, s in Chain.objects.values_list("device_id", "epoch", "seq")}
    for device, epoch, acked in marks:
        if acked > kept.get((device, epoch), 0):
            yield "lost", f"{box.name} {epoch}: {acked} acknowledged, {kept.get((device, epoch), 0)} kept in the end"


def _books() -> set[int]:
    return {book.version or 0 for book in PriceBook.objects.filter(state="published")}


def _side(kiosk_id: int, held: set[int]) -> dict[str, dict[Any, Any]]:
    """What both sides must agree on, by what it is about; of price books those that are `held`."""
    epoch = Kiosk.objects.values_list("epoch", flat=True).get(pk=kiosk_id)
    where = ("number_id", "delivery", "payment", "handover", "total_minor", "envelope_sha256")
    orders = Order.objects.filter(kiosk=kiosk_id).values_list(*where)
    granted = Allotment.objects.filter(kiosk=kiosk_id, epoch=epoch).values_list("product_id", "granted", "taken")
    books = PriceBook.objects.filter(state="published", version__in=held).values_list("version", "rates")
    products = Product.objects.values_list("pk", "sku", "stock_policy", "is_active", "texts")
    numbers = Number.objects.filter(kiosk=kiosk_id).values_list("number", "state")
    return {
        "order": {row[0]: row[1:] for row in orders},
        "allotment": {row[0]: row[1:] for row in granted if row[0] in STRICT},
        "book": {version: json.dumps(rates, sort_keys=True) for version, rates in books},
        "price": {(version, *price): True for version in held for price in prices(version).items()},
        "product": {row[0]: json.dumps(row[1:]) for row in products},
        "numbers": dict(numbers),
        "review": dict(_reviews(kiosk_id)),
    }


def _reviews(kiosk_id: int) -> Iterator[tuple[Any, Any]]:
    what = ("order__number", "reason", "subject", "decision")
    for row in Review.objects.filter(order__kiosk=kiosk_id).values_list(*what):
        yield row[:3], row[3]
