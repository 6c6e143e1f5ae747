"""What a kiosk says of its own sales is a claim; the ledger goes by its own count, its own terms and its own word."""

import json
from datetime import timedelta
from typing import Any

import pytest

from edgeshop.checkout.models import Grant, Order, Review
from edgeshop.checkout.services import install_grant, issue_grant, move_order, sell_at_counter
from edgeshop.checkout.services.exposure import cleared
from edgeshop.checkout.services.orders import COMPLETED
from edgeshop.fleet.models import IssuerKey, Kiosk
from edgeshop.fleet.services import rotate_issuer
from edgeshop.journal.errors import ChainFork
from edgeshop.journal.models import Record
from edgeshop.journal.registry import Outcome, handler_of
from edgeshop.journal.services import is_forked, open_chain, rebase_unsent, receive
from edgeshop.kernel import clock
from edgeshop.kernel.facts import GENESIS, Fact, canonical, link
from tests.factories.checkout import APPLE, DOLL, Browser, Cloud, HeldClock, place

pytestmark = [pytest.mark.unit, pytest.mark.django_db]
SETTLED = Outcome("settled", [])


def invoice(dolls: int = 1) -> str:
    return sell_at_counter(lines=[(DOLL, dolls)], tender="invoice", staff="ben", at=clock.now()).number


def claimed(cloud: Cloud, **changed: Any) -> Outcome:
    """What the ledger makes of the kiosk's last sale, told otherwise."""
    record = Record.objects.filter(kind=COMPLETED).latest("seq")
    body = json.loads(bytes(record.body)) | changed
    fact = Fact(12, 1, record.seq, COMPLETED, canonical(body), bytes(record.chain))
    handler = handler_of(COMPLETED)
    assert handler is not None
    with cloud():
        return handler(fact, body)


@pytest.mark.parametrize("changed", [{"is_on_grant": False}, {"payment": "cleared"}])
def test_a_sale_on_invoice_spends_the_grant_whatever_its_kiosk_says(
    till: Kiosk, cloud: Cloud, changed: dict[str, Any]
) -> None:
    invoice()

    assert claimed(cloud, **changed) == Outcome("review", ["ENVELOPE_MISMATCH"])

    with cloud():
        order = Order.objects.get()
        assert (order.is_on_grant, order.payment) == (True, "due")


def test_an_attendant_cannot_clear_an_invoice(till: Kiosk, cloud: Cloud) -> None:
    number = invoice()
    move_order(number=number, payment="cleared", by="ben", at=clock.now())
    cloud.contact()

    with cloud():
        assert Order.objects.get().payment == "paid"
        assert cleared(kiosk_id=12, epoch=1) == (0, 0)
        move_order(number=number, payment="cleared", by="cleo", at=clock.now())
        assert cleared(kiosk_id=12, epoch=1) == (1_050, 1)


def test_more_orders_than_the_cloud_gave_are_looked_at(till: Kiosk, cloud: Cloud) -> None:
    grant = Grant.objects.get()
    with cloud():
        Grant.objects.update(count_ceil=1)
    invoice()
    invoice()

    assert cloud.contact() == [SETTLED, Outcome("review", ["LIMIT_EXCEEDED"])]
    assert grant.count_ceil > 2


def test_a_larger_order_than_the_cloud_allows_is_looked_at(till: Kiosk, cloud: Cloud) -> None:
    with cloud():
        Grant.objects.update(order_max_minor=1_000)
    invoice()

    assert cloud.contact() == [Outcome("review", ["LIMIT_EXCEEDED"])]


def test_a_grant_that_somebody_wrote_into_the_cloud_s_database_is_worth_nothing(till: Kiosk, cloud: Cloud) -> None:
    with cloud():
        Grant.objects.update(jws="a.b.c")
    invoice()

    assert cloud.contact() == [Outcome("review", ["LIMIT_EXCEEDED"])]


def test_the_cloud_s_ceilings_are_the_signed_ones(till: Kiosk, cloud: Cloud) -> None:
    with cloud():
        Grant.objects.update(sum_ceil_minor=10**9, order_max_minor=10**9)
    invoice()
    body = json.loads(bytes(Record.objects.filter(kind=COMPLETED).latest("seq").body))
    net, tax = body["net_minor"], body["tax_minor"]
    many = {"lines": [[DOLL, 600, 1_050, 1900, 0]], "total_minor": 630_000, "net_minor": net * 600}

    assert claimed(cloud, **many, tax_minor=630_000 - net * 600).reasons[-1] == "LIMIT_EXCEEDED"
    assert tax > 0


def test_sales_on_a_grant_settle_until_its_issuer_is_retired_for_settling(
    till: Kiosk, cloud: Cloud, held_clock: HeldClock
) -> None:
    with cloud():
        rotate_issuer(at=held_clock.at)
    invoice()
    invoice()
    record = Record.objects.filter(kind=COMPLETED).latest("seq")
    held_clock.move(days=1 + 3 + 29)
    with cloud():
        assert handled(record) == SETTLED
    invoice_of = Record.objects.filter(kind=COMPLETED).earliest("seq")
    held_clock.move(days=1)
    with cloud():
        assert handled(invoice_of) == Outcome("review", ["LIMIT_EXCEEDED"])
        assert Review.objects.get().evidence["problem"] == "issuer retired"


def handled(record: Record) -> Outcome:
    fact = Fact(record.device_id, record.epoch, record.seq, record.kind, bytes(record.body), bytes(record.chain))
    handler = handler_of(record.kind)
    assert handler is not None
    return handler(fact, json.loads(fact.body))


def test_a_journal_that_tells_two_stories_brings_its_orders_before_people(ada: Browser, cloud: Cloud) -> None:
    place(ada.order((APPLE, 1)))
    cloud.contact()
    place(ada.order((APPLE, 2), token=ada.tokens[1]))
    with cloud():
        _another_story_arrives()
        assert is_forked(device_id=12, epoch=1)
        Kiosk.objects.update(epoch=2)
    Kiosk.objects.update(epoch=2)
    open_chain(device_id=12, epoch=2)
    rebase_unsent()

    assert [set(o.reasons) for o in cloud.contact()] == [{"OLD_EPOCH", "CHAIN_FORK"}]
    with cloud():
        assert Order.objects.count() == 2


def _another_story_arrives() -> None:
    """Somebody else has written on from the same place, and what it tells does not follow from what we have."""
    odd = canonical({"kind": "x"})
    with pytest.raises(ChainFork):
        receive(device_id=12, epoch=1, first_seq=1, kinds=["x"], bodies=[odd], head=link(GENESIS, odd))


def test_a_number_that_nobody_announced_is_a_gap(ada: Browser, cloud: Cloud) -> None:
    place(ada.order((APPLE, 2)))

    assert claimed(cloud, number="3-12-1-77").reasons == ["CHAIN_GAP"]


def test_a_kiosk_takes_grants_of_both_keys_during_a_rotation(till: Kiosk, cloud: Cloud, held_clock: HeldClock) -> None:
    with cloud():
        old = issue_grant(12)
        fresh = rotate_issuer(at=held_clock.at)
        held_clock.move(hours=24)
        new = issue_grant(12)
    Kiosk.objects.update(cloud_jwks=[*Kiosk.objects.get().cloud_jwks, fresh.jwk])

    assert [install_grant(jws).hard_at > held_clock.at - timedelta(hours=1) for jws in (old, new)] == [True, True]
    with cloud():
        assert IssuerKey.objects.count() == 2
