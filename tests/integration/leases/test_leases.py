"""Secrets and time on real nodes: lent, kept sealed, there after a start with the cable out; and a week in the dark."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from edgeshop.kernel import clock as kernel_clock
from edgeshop.qa.faults import Links, Power
from edgeshop.qa.movable_clock import MovableClock
from edgeshop.qa.node import Node
from edgeshop.qa.seat import Refused, Seat
from edgeshop.qa.stack import Kiosk

pytestmark = pytest.mark.integration
CANARY = "canary-4b1d-of-the-provider"
KEEP = "from edgeshop.fleet.services import keep_secret; keep_secret(shop_id={}, name='provider', value='{}')"


def lent(kiosk: Kiosk) -> dict[str, str]:
    return {lease["name"]: lease["state"] for lease in (kiosk.health() or {}).get("leases", [])}


def files_with(words: str, folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file() and words.encode() in file.read_bytes()]


def test_a_secret_is_lent_sealed_and_there_after_a_start_with_the_cable_out(
    cloud: Node, kiosk: Kiosk, links: Links, power: Power
) -> None:
    shop = kiosk.get("/api/shop")

    cloud.manage("shell", "--no-imports", "-c", KEEP.format(shop["id"], CANARY))
    kiosk.manage("sync")  # not waiting for the next look at the cloud
    links.back.down()
    power.cycle(kiosk)

    assert lent(kiosk) == {"provider": "fresh", "vapid": "fresh"}
    assert kiosk.get("/api/shop")["vapid_public_key"] == shop["vapid_public_key"]
    assert files_with(CANARY, kiosk.state) == []
    assert files_with(CANARY, cloud.state) == []
    assert files_with(shop["name"], kiosk.state)  # the control: what is not sealed is found


def test_a_kiosk_that_was_off_for_a_week_sells_in_the_morning(
    kiosk: Kiosk, links: Links, power: Power, clock: MovableClock
) -> None:
    kiosk.wait_until(lambda: (kiosk.state / "clock.floor").exists(), what="signed time", timeout_s=60)
    links.back.down()
    power.pull(kiosk)
    clock.sleep_off(timedelta(days=7))
    power.restore(kiosk)

    seat = Seat(kiosk.front.url)
    seat.draw(2)
    goods = seat.sellable(policy="shelf")[0]
    with pytest.raises(Refused) as refused:
        seat.sell((goods, 1), tender="invoice")
    sold = seat.sell((goods, 1), tender="cash")

    assert refused.value.fields["refusal"] == "checkout.limit_exceeded"
    receipt = kiosk.get(f"/api/receipts/{sold['receipt_key']}")
    placed_at = datetime.fromisoformat(receipt["placed_at"])
    assert abs(placed_at - kernel_clock.now()) < timedelta(minutes=1)
    assert clock.offset >= timedelta(days=7)
