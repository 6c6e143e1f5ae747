"""Receipt numbers have one spelling, and everything else is derived from it."""

import pytest

from edgeshop.kernel.errors import InvalidInput
from edgeshop.kernel.ids import ReceiptNumber, receipt_key, uuid7

pytestmark = pytest.mark.unit


def test_a_receipt_number_reads_back_as_written():
    number = ReceiptNumber(3, 12, 1, 407)

    assert str(number) == "3-12-1-407"
    assert ReceiptNumber.parse("3-12-1-407") == number


@pytest.mark.parametrize(
    "text", ["", "3-12-1", "3-12-1-407-1", "03-12-1-407", "3-12-1-0", "3-12-1-٤", "3-12-1--4", "a-b-c-d"]
)
def test_any_other_spelling_is_refused(text):
    with pytest.raises(InvalidInput):
        ReceiptNumber.parse(text)


def test_order_and_token_ids_follow_from_the_number_and_differ():
    one, two = ReceiptNumber(3, 12, 1, 407), ReceiptNumber(3, 12, 1, 408)

    assert one.order_id == ReceiptNumber.parse("3-12-1-407").order_id
    assert len({one.order_id, one.token_id, two.order_id, two.token_id}) == 4


def test_uuid7_is_ordered_by_time_and_marked_as_version_7():
    first = uuid7()

    assert first.version == 7
    assert (first.int >> 80) <= (uuid7().int >> 80)


def test_receipt_keys_hold_128_bits_and_follow_from_secret_and_number():
    keys = {receipt_key(secret, f"3-12-1-{seq}") for secret in (b"one", b"two") for seq in range(500)}

    assert len(keys) == 1000
    assert {len(key) for key in keys} == {22}
    assert receipt_key(b"one", "3-12-1-0") in keys
