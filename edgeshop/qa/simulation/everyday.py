"""What people do in a shop besides selling: prices, stock, reviews, payments at the counter, lost browsers."""

from typing import TYPE_CHECKING

from django.db import DatabaseError

from edgeshop.catalog.errors import StockShort
from edgeshop.catalog.services import allot, receive_stock
from edgeshop.catalog.services.sharing_out import share_out
from edgeshop.checkout.enums import Decision, Handover, Origin, Payment, Purpose
from edgeshop.checkout.models import Order, Review
from edgeshop.checkout.services import decide_review, move_order
from edgeshop.kernel import clock
from edgeshop.qa.simulation.disasters import keep_cloud, one_box, orders_here
from edgeshop.qa.simulation.disk import PowerCut
from edgeshop.qa.simulation.machines import PRICES, SHOP, STRICT, publish_prices

if TYPE_CHECKING:
    from edgeshop.qa.simulation.days import Days


def publish_book(run: "Days") -> None:
    """The cloud publishes other prices."""
    with run.cloud():
        factor = run.dice.choice((0.95, 1.05, 1.5))
        version = publish_prices({p: round(unit * factor) for p, unit in PRICES.items() if run.dice.happens(0.5)})
    keep_cloud(run)
    run.note(f"book {version}")
    for browser in run.browsers:
        if run.dice.happens(0.5):
            browser.refresh_quietly()


def move_stock(run: "Days") -> None:
    """The few strict units move: more come in, a kiosk gets some, or they are shared out."""
    with run.cloud():
        if run.dice.happens(0.3):
            product = run.dice.choice(STRICT)
            receive_stock(shop_id=SHOP, product_id=product, qty=2)
            run.counts[f"received{product}"] = run.counts.get(f"received{product}", 0) + 2
        try:
            given = share_out() if run.dice.happens(0.5) else allot(one_box(run).kiosk_id, run.dice.choice(STRICT), 1)
        except StockShort:
            given = 0
    keep_cloud(run)
    run.note(f"stock {given}")


def decide(run: "Days") -> None:
    """Somebody looks at the reviews."""
    with run.cloud():
        waiting = list(Review.objects.filter(decision="").order_by("order__number", "reason", "subject")[:3])
        for review in waiting:
            decision = run.dice.choice((Decision.ACCEPT, Decision.ACCEPT, Decision.VOID))
            decide_review(review_id=review.pk, decision=decision, by="bea", at=clock.now())
    keep_cloud(run)
    run.note(f"reviews {len(waiting)}")


def move_one(run: "Days") -> None:
    """An order is paid at the counter and handed over, at its kiosk."""
    box = one_box(run)
    said = "none"
    try:
        with run.power(box):
            owed = Order.objects.filter(kiosk=box.kiosk_id, tender="counter", payment=Payment.DUE, origin=Origin.SEAT)
            order = owed.order_by("number").first()
            if order is not None:
                moved = {"payment": Payment.CLEARED, "handover": Handover.HANDED_OVER}
                said = str(order.number_id)
                move_order(number=said, by="ann", at=clock.now(), **moved)  # type: ignore[arg-type]  # -- its two words
    except PowerCut:
        said = "crashed"
    except (DatabaseError, OSError):
        said = "disk"
    run.note(f"moved {box.name} {said}")


def lose_browser(run: "Days") -> None:
    """A browser is gone with what it held; another one comes."""
    browser = run.browsers.pop(run.dice.randrange(len(run.browsers)))
    run.gone_browsers.append(browser)
    held = set[str]()
    for node in [run.cloud, *run.boxes.values()]:
        with node():
            held |= orders_here()
    for promise in browser.promises.values():
        if promise.sha256 not in held and not browser.knows_acknowledged(promise.number):
            promise.excuse = promise.excuse or f"went with {browser.name}"
    run.note(f"lost {browser.name}")
    run.admit(browser.kiosk_id, Purpose(browser.purpose))
