"""A small handmade file, with each kind of odd line, becomes a shop."""

import gzip
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from edgeshop.catalog.models import BasketHistory, Category, Price, PriceBook, Product, StockLevel
from edgeshop.catalog.queries import current_book, prices, rates, training_baskets
from edgeshop.catalog.services.goods import set_sold
from edgeshop.fleet.models import Shop
from edgeshop.journal.models import Change
from edgeshop.shop.management.commands.import_retail import Command
from edgeshop.shop.retail.rows import COLUMNS

pytestmark = [pytest.mark.unit, pytest.mark.django_db]

HEADER = ",".join(COLUMNS)
ROWS = """\
1001,10001,RED MUG,6,2011-03-01 09:00:00,2.50,1,United Kingdom
1001,10002a,BLUE BOWL,2,2011-03-01 09:00:00,4.00,1,United Kingdom
1001,10001,RED MUG,1,2011-03-01 09:01:00,2.50,1,United Kingdom
1002,10002A,BLUE BOWL LARGE,1,2011-07-02 10:00:00,4.25,2,United Kingdom
1002,10002A,,1,2011-07-02 10:00:00,4.25,2,United Kingdom
C1003,10001,RED MUG,-2,2011-07-03 10:00:00,2.50,1,United Kingdom
A1004,B,Adjust bad debt,1,2011-07-04 10:00:00,-11.06,,United Kingdom
1005,POST,POSTAGE,1,2011-07-04 11:00:00,18.00,3,France
1005,10003,SILVER CABINET,1,2011-07-04 11:00:00,60.00,3,France
1006,10001,damaged,-4,2011-07-05 10:00:00,0.0,,United Kingdom
1006,10001,found,4,2011-07-05 10:00:00,0.0,,United Kingdom
1007,10001,wrong barcode?,1,2011-07-05 12:00:00,2.50,,United Kingdom
this line is no transaction
1008,10001,RED MUG,many,2011-07-06 10:00:00,2.50,1,United Kingdom
1009,10004,amazon sales,1,2011-07-06 11:00:00,3.00,1,United Kingdom
1010,10002A,BLUE BOWL,3,2011-07-07 10:00:00,4.25,1,United Kingdom
"""


@pytest.fixture
def shop() -> Shop:
    return Shop.objects.create(name="Corner", currency="GBP", languages=["en"])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "retail.csv"
    path.write_text(f"{HEADER}\n{ROWS}", encoding="utf-8")
    return path


def run(file: Path, **options: Any) -> dict[str, Any]:
    out = io.StringIO()
    call_command(Command(), str(file), stdout=out, stderr=io.StringIO(), json=True, **options)
    report: dict[str, Any] = json.loads(out.getvalue())
    return report


def state() -> list[Any]:
    models = (Category, Product, PriceBook, Price, StockLevel, BasketHistory)
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_each_line_is_used_or_counted_with_its_reason(shop: Shop, file: Path) -> None:
    report = run(file)

    assert report.pop("seconds") < 60
    assert report == {
        "rows": 16,
        "used": 9,
        "skipped": {
            "malformed": 2,
            "cancellation": 1,
            "bad_debt": 1,
            "not_goods": 1,
            "stock_correction": 1,
            "no_price": 1,
        },
        "noted": {
            "blank_descriptions": 1,
            "correction_descriptions": 2,
            "conflicting_codes": 1,
            "nameless_codes": 1,
            "repeated_lines": 2,
        },
        "malformed": [
            {"line": 14, "why": "1 fields instead of 8"},
            {"line": 15, "why": "Quantity 'many' is not a whole number"},
        ],
        "loaded": {
            "categories": 2,
            "products": 3,
            "prices_changed": 3,
            "book": 1,
            "stock_levels_new": 3,
            "baskets": 5,
            "baskets_new": 5,
        },
    }


def test_goods_prices_stock_and_baskets_are_those_of_the_file(shop: Shop, file: Path) -> None:
    run(file)

    ids = dict(Product.objects.values_list("sku", "id"))
    mug, bowl, cabinet = ids["10001"], ids["10002A"], ids["10003"]
    assert {p.sku: (p.name(), p.stock_policy) for p in Product.objects.all()} == {
        "10001": ("Red Mug", "shelf"),
        "10002A": ("Blue Bowl", "shelf"),
        "10003": ("Silver Cabinet", "strict"),
    }
    assert prices(current_book(shop.pk)) == {mug: 250, bowl: 425, cabinet: 6000}
    assert rates(1) == {"standard": 2000, "zero": 0}
    assert training_baskets() == [[mug, bowl], [bowl], [cabinet], [mug], [bowl]]
    assert BasketHistory.objects.get(external_id="uci-1001").at == datetime(2011, 3, 1, 9, tzinfo=UTC)
    assert BasketHistory.objects.get(external_id="uci-1002").at == datetime(2011, 7, 2, 9, tzinfo=UTC)  # summer time
    assert set(StockLevel.objects.values_list("on_hand", "free", "committed")) == {(12, 12, 0)}


def test_loading_again_changes_nothing(shop: Shop, file: Path) -> None:
    run(file)
    before, marks = state(), Change.objects.count()

    again = run(file)

    assert state() == before
    assert Change.objects.count() == marks
    assert (again["loaded"]["prices_changed"], again["loaded"]["baskets_new"]) == (0, 0)


def test_loading_a_part_and_then_all_gives_the_same_as_loading_all(shop: Shop, file: Path) -> None:
    assert run(file, limit=3)["rows"] == 3
    assert Product.objects.count() == 2

    run(file)

    assert prices(current_book(shop.pk)) == {
        p.pk: {"10001": 250, "10002A": 425, "10003": 6000}[p.sku] for p in Product.objects.all()
    }
    assert current_book(shop.pk) == 2
    assert BasketHistory.objects.count() == 5


def test_what_people_decided_since_stays(shop: Shop, file: Path) -> None:
    run(file)
    withdrawn = Product.objects.get(sku="10003")
    set_sold(product_ids=[withdrawn.pk], is_active=False)
    StockLevel.objects.filter(product=withdrawn).update(on_hand=1, free=1)

    run(file)

    withdrawn.refresh_from_db()
    assert withdrawn.is_active is False
    assert StockLevel.objects.get(product=withdrawn).free == 1


def test_prices_follow_the_minor_units_of_the_shop(file: Path) -> None:
    yen = Shop.objects.create(name="Minato", currency="JPY", exponent=0)
    run(file, shop=yen.pk)

    assert sorted(prices(current_book(yen.pk)).values()) == [3, 4, 60]


def test_one_cheap_deal_does_not_change_the_normal_price(shop: Shop, tmp_path: Path) -> None:
    line = "{n},10001,RED MUG,1,2011-03-01 09:00:00,{price},1,United Kingdom"
    listed = ["2.50"] * 30 + ["2.95"] * 20 + ["0.10"]
    path = tmp_path / "deals.csv"
    path.write_text("\n".join([HEADER, *(line.format(n=n, price=p) for n, p in enumerate(listed))]), encoding="utf-8")

    run(path)

    assert list(prices(current_book(shop.pk)).values()) == [295]


def test_the_text_report_names_reasons_and_line_numbers(shop: Shop, file: Path) -> None:
    out = io.StringIO()
    call_command(Command(), str(file), stdout=out)

    told = out.getvalue()
    assert "16 lines read, 9 of them sales of goods" in told
    assert "line 14: 1 fields instead of 8" in told
    assert "1 lines skipped that adjust bad debts" in told


def test_strict_loads_the_rest_and_exits_with_three(shop: Shop, file: Path) -> None:
    with pytest.raises(CommandError) as refusal:
        run(file, strict=True)

    assert refusal.value.returncode == 3
    assert Product.objects.count() == 3


def _cut_short(path: Path) -> None:
    whole = gzip.compress(f"{HEADER}\n{ROWS * 50}".encode())
    path.write_bytes(whole[: len(whole) // 2])


def _other_format(path: Path) -> None:
    path.write_text("a,b\n1,2\n", encoding="utf-8")


def _removed(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize("spoil", [_cut_short, _other_format, _removed])
def test_a_file_that_cannot_be_read_loads_nothing(shop: Shop, file: Path, spoil: Callable[[Path], None]) -> None:
    spoil(file)

    with pytest.raises(CommandError) as refusal:
        run(file)

    assert refusal.value.returncode == 1
    assert not Product.objects.exists()
    assert not PriceBook.objects.exists()


def test_the_shop_must_be_clear(shop: Shop, file: Path) -> None:
    Shop.objects.create(name="Other", currency="GBP")

    for options in ({}, {"shop": shop.pk + 99}):
        with pytest.raises(CommandError, match="Say which shop"):
            run(file, **options)
    run(file, shop=shop.pk)
    assert current_book(shop.pk) == 1
