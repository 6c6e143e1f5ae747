"""Orders and numbers travel as what cannot be told from the rest, and arrive to the byte."""

import json

import pytest

from edgeshop.catalog.models import Product
from edgeshop.checkout.enums import Purpose
from edgeshop.checkout.models import Grant
from edgeshop.checkout.services import sell_at_counter
from edgeshop.checkout.services.ledger import take_minted
from edgeshop.checkout.services.numbers import keep_receipt_secret
from edgeshop.checkout.services.orders import COMPLETED
from edgeshop.checkout.services.tokens import MINTED
from edgeshop.journal.models import Record
from edgeshop.journal.registry import SHORT, Writer
from edgeshop.journal.services import pack_facts, unpack_facts
from edgeshop.journal.services.packing import HEADER_BYTES
from edgeshop.kernel.columns import UNTRUSTED, decode_rows
from edgeshop.kernel.facts import Fact
from edgeshop.sync.services.names import FACTS
from tests.factories.checkout import APPLE, BREAD, DOLL, KIOSK, Browser, new_book, place

pytestmark = [pytest.mark.unit, pytest.mark.django_db]
WRITER = Writer(KIOSK, 1)


@pytest.fixture
def secret(till, cloud):
    """What the cloud makes the receipt keys of this epoch from, on both sides."""
    keep_receipt_secret(KIOSK, 1, b"s" * 32)
    with cloud():
        keep_receipt_secret(KIOSK, 1, b"s" * 32)


def written() -> list[tuple[str, bytes]]:
    return [(r.kind, bytes(r.body)) for r in Record.objects.order_by("seq")]


def packed() -> bytes:
    return pack_facts(written(), writer=WRITER, names=FACTS)


def rows(data: bytes) -> list[dict]:
    return decode_rows(data[HEADER_BYTES:], names=FACTS, codecs=UNTRUSTED, max_bytes=2**20)


def shorts(kind: str) -> list[dict]:
    return [row[SHORT + kind] for row in rows(packed()) if SHORT + kind in row]


def sell(n: int, purpose: Purpose = Purpose.SCREEN) -> None:
    browser = Browser(purpose=purpose).sit()
    for _ in range(n):
        browser.fetch_tokens(1)
        place(browser.order((APPLE, 2), (BREAD, 1), token=browser.tokens.pop()))


def test_an_order_on_a_seat_s_token_is_told_by_a_few_numbers(secret):
    sell(3)

    told = shorts(COMPLETED)

    assert [short["seq"] for short in told] == [1, 2, 3]
    assert told[0]["lines"] == [{"product": APPLE, "qty": 2}, {"product": BREAD, "qty": 1}]
    assert all(set(short) == {"seq", "book", "tender", "at", "after", "lines"} for short in told)
    assert all(set(short) <= {"seq", "seat", "at", "count", "each", "lasts", "grant"} for short in shorts(MINTED))


@pytest.mark.parametrize("purpose", [Purpose.SCREEN, Purpose.PHONE])
def test_the_cloud_restores_the_very_bytes_from_its_own_tables(secret, cloud, purpose):
    sell(2, purpose)
    data = packed()

    with cloud():
        told = unpack_facts(data, writer=WRITER, names=FACTS)

    assert told == written()


def test_whatever_differs_goes_along(secret, cloud, held_clock):
    sell_at_counter(lines=[(DOLL, 1)], tender="cash", staff="mia", at=held_clock.at)
    sell(1)
    new_book({APPLE: 1})  # a book that the cloud does not know
    browser = Browser().sit()
    browser.fetch_tokens(1)
    place(browser.order((APPLE, 2), book=2, total=2, lines=[[APPLE, 2, 1]]))
    Product.objects.filter(pk=BREAD).update(tax_class="standard")  # after it was sold

    assert unpack_facts(packed(), writer=WRITER, names=FACTS) == written()
    counter, *seats = shorts(COMPLETED)
    assert counter["other"]["sold_by"] == "mia"
    assert "lines" in seats[0]["other"]


def test_an_order_of_an_older_life_travels_whole(secret):
    sell(1)
    later = Writer(KIOSK, 2)
    data = pack_facts(written(), writer=later, names=FACTS)

    assert unpack_facts(data, writer=later, names=FACTS) == written()
    assert [set(row[SHORT + COMPLETED]) for row in rows(data) if SHORT + COMPLETED in row] == [{"other"}]


def test_a_grant_goes_by_the_end_of_its_id_and_a_seat_by_a_number_told_in_a_batch_before(secret, cloud):
    sell(2, Purpose.PHONE)
    facts, grant = written(), Grant.objects.get().pk
    (kind, body), rest = facts[0], facts[1:]
    data = pack_facts(rest, writer=WRITER, names=FACTS)
    with cloud():
        take_minted(Fact(KIOSK, 1, 1, kind, body, b""), json.loads(body))
        told = unpack_facts(data, writer=WRITER, names=FACTS)

    assert told == rest
    assert {short["grant"] for short in shorts(MINTED)} == {grant.int % 2**32}


def test_without_the_secret_the_receipt_keys_travel(till):
    sell(1)

    assert set(shorts(COMPLETED)[0]["other"]) == {"receipt_key"}


def test_a_hundred_orders_take_less_than_ten_bytes_each_more_than_the_facts_in_them(secret):
    sell(100)

    assert len(packed()) < 1500
    assert len(packed()) < len(pack_facts(written(), writer=WRITER, names=FACTS, plainly=True)) / 5
