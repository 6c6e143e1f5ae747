"""Lines of the file: what is a sale, what is left out and why, what does not fit."""

import gzip
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from edgeshop.kernel.errors import InvalidInput
from edgeshop.shop.retail.rows import COLUMNS, Malformed, Row, Skip, judge, numbered, opened, parse

pytestmark = pytest.mark.unit
NOT_GOODS = ["POST", "DOT", "M", "m", "D", "S", "C2", "CRUK", "PADS", "AMAZONFEE", "B", "gift_0001_40", "DCGSSBOY"]
LINE = "536365,85123a,WHITE HANGING HEART,6,2010-12-01 08:26:00,2.55,17850,United Kingdom"


def test_a_line_becomes_values_with_the_code_in_capitals() -> None:
    at = datetime(2010, 12, 1, 8, 26)  # noqa: DTZ001 -- the file names no zone

    assert parse(LINE) == Row("536365", "85123A", "WHITE HANGING HEART", 6, at, Decimal("2.55"))


def test_a_quoted_description_keeps_its_comma() -> None:
    assert parse(LINE.replace("WHITE HANGING HEART", '"FOLK ART, PACK OF 12 ""XL"""')).description == (
        'FOLK ART, PACK OF 12 "XL"'
    )


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (",United Kingdom", "", "7 fields instead of 8"),
        ("HEART", "HEART, RED", "9 fields instead of 8"),
        ("536365", " ", "no InvoiceNo or no StockCode"),
        ("85123a", "", "no InvoiceNo or no StockCode"),
        (",6,", ",six,", "Quantity 'six' is not a whole number"),
        (",6,", ",6.5,", "Quantity '6.5' is not a whole number"),
        (",6,", ",99999999,", "Quantity '99999999' is out of range"),
        ("2010-12-01 08:26:00", "12/1/2010 8:26", "InvoiceDate '12/1/2010 8:26' is not YYYY-MM-DD HH:MM:SS"),
        ("2010-12-01 08:26:00", "2010-02-30 08:26:00", "InvoiceDate '2010-02-30 08:26:00' is not YYYY-MM-DD HH:MM:SS"),
        ("2.55", "2,55", "9 fields instead of 8"),
        ("2.55", "free", "UnitPrice 'free' is not a number"),
        ("2.55", "NaN", "UnitPrice 'NaN' is not a number"),
        ("WHITE", "\ufffd", "bytes that are not UTF-8"),
    ],
)
def test_a_malformed_line_says_where(old: str, new: str, why: str) -> None:
    with pytest.raises(Malformed) as refusal:
        parse(LINE.replace(old, new, 1))
    assert refusal.value.message == why


def test_a_stray_quote_is_malformed() -> None:
    with pytest.raises(Malformed) as refusal:
        parse(LINE.replace("WHITE", '"WHITE'))
    assert refusal.value.message.startswith("a quote that does not fit")


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("", "", None),
        ("536365", "C536365", Skip.CANCELLATION),
        ("536365", "A536365", Skip.BAD_DEBT),
        *[("85123a", code, Skip.NOT_GOODS) for code in NOT_GOODS],
        ("85123a", "BANK CHARGES", Skip.NOT_GOODS),
        ("WHITE HANGING HEART", "Next Day Carriage", Skip.NOT_GOODS),
        (",6,", ",-6,", Skip.STOCK_CORRECTION),
        (",6,", ",0,", Skip.STOCK_CORRECTION),
        ("2.55", "0", Skip.NO_PRICE),
        ("2.55", "0.0", Skip.NO_PRICE),
    ],
)
def test_judge_says_why_a_line_is_no_sale(old: str, new: str, why: Skip | None) -> None:
    assert judge(parse(LINE.replace(old, new, 1) if old else LINE)) == why


def test_a_price_below_zero_is_malformed_unless_it_is_a_bad_debt() -> None:
    with pytest.raises(Malformed):
        judge(parse(LINE.replace("2.55", "-1")))
    assert judge(parse(LINE.replace("2.55", "-1").replace("536365", "A536365"))) == Skip.BAD_DEBT


@pytest.mark.parametrize("name", ["plain.csv", "packed.csv.gz", "packed.csv"])
def test_plain_and_packed_files_are_told_apart_by_their_content(tmp_path: Path, name: str) -> None:
    text = "\ufeff" + ",".join(COLUMNS) + "\r\n" + LINE + "\r\n\r\n" + LINE + "\r\n"
    path = tmp_path / name
    path.write_bytes(gzip.compress(text.encode()) if "packed" in name else text.encode())

    with opened(path) as lines:
        assert list(numbered(lines)) == [(2, LINE), (4, LINE)]


def test_another_format_is_refused_by_its_header(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("a,b,c\n1,2,3\n", encoding="utf-8")

    with pytest.raises(InvalidInput) as refusal, opened(path):
        pass
    assert refusal.value.fields == {"found": "a,b,c"}
