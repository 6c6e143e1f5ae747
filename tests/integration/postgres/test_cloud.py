"""The cloud on PostgreSQL: migrations, a sale from a seat to the ledger, and rules that the database itself holds."""

import psycopg
import pytest

from edgeshop.qa.node import Part
from edgeshop.qa.seat import Refused, Seat
from edgeshop.vault.services import peek_jws

pytestmark = pytest.mark.integration


@pytest.fixture
def seat(kiosk) -> Seat:
    """A shopper's screen with a few tokens."""
    seat = Seat(kiosk.front.url)
    seat.draw(4)
    return seat


def standing(ledger: psycopg.Connection, number: str) -> list[tuple[str, str]]:
    asked = "SELECT delivery, payment FROM checkout_order WHERE number_id = %s"
    return ledger.execute(asked, [number]).fetchall()


def test_no_migration_waits(cloud):
    cloud.manage("migrate", "--check")  # ends with an error when one does


def test_a_sale_is_settled_and_the_shop_learns_of_it(seat, kiosk, ledger):
    number = seat.sell((seat.sellable(policy="shelf")[0], 2))["number"]

    kiosk.wait_until(lambda: seat.where(number)["delivery"] == "settled", what="settled order")

    assert standing(ledger, number) == [("settled", "cleared")]


def test_a_sale_made_alone_survives_a_kill_of_the_cloud_in_the_middle(seat, kiosk, cloud, links, power, ledger):
    links.back.down()
    numbers = [seat.sell((seat.sellable(policy="shelf")[0], 1))["number"] for _ in range(3)]
    power.pull(cloud, Part.WEB, Part.WORKER)
    links.back.up()
    power.restore(cloud)

    kiosk.wait_until(kiosk.is_quiet, what="empty outbox")

    assert [standing(ledger, n) for n in numbers] == [[("settled", "cleared")]] * 3


def test_the_database_refuses_to_take_an_order_back(seat, kiosk, ledger):
    number = seat.sell((seat.sellable(policy="shelf")[0], 1))["number"]
    kiosk.wait_until(lambda: standing(ledger, number) == [("settled", "cleared")], what="settled order")

    for change in (
        "delivery = 'committed'",
        "payment = 'due'",
        "total_minor = total_minor + 1, net_minor = net_minor + 1",
    ):
        with pytest.raises(psycopg.errors.Error):
            ledger.execute(f"UPDATE checkout_order SET {change} WHERE number_id = %s", [number])  # noqa: S608 -- ours

    assert standing(ledger, number) == [("settled", "cleared")]


def test_other_content_under_a_known_number_becomes_a_review(seat, kiosk, ledger):
    [token] = seat.draw(1)
    product = seat.sellable(policy="shelf")[0]
    seat.place(seat.freeze((product, 1), token=token))
    with pytest.raises(Refused, match=r"checkout\.number_reused"):
        seat.place(seat.freeze((product, 2), token=token))
    number = str(peek_jws(token)[1]["rn"])

    asked = "SELECT r.reason FROM checkout_review r JOIN checkout_order o ON o.id = r.order_id WHERE o.number_id = %s"
    kiosk.wait_until(lambda: ledger.execute(asked, [number]).fetchall() == [("TOKEN_REPLAY",)], what="review")
