"""Real sales stand in for the workload: goods and prices as before the last invoices, those invoices as orders."""

from pathlib import Path

import pytest

from bench.sync.sales import Sales

pytestmark = pytest.mark.unit
HEAD = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
BEFORE = [
    "536365,85123A,WHITE HANGING HEART T-LIGHT HOLDER,6,2010-12-01 08:26:00,2.55,17850,United Kingdom",
    "536365,71053,WHITE METAL LANTERN,6,2010-12-01 08:26:00,3.39,17850,United Kingdom",
    "C536379,71053,WHITE METAL LANTERN,-1,2010-12-01 09:41:00,3.39,14527,United Kingdom",
]
FIRST_DAY = [
    "536400,71053,WHITE METAL LANTERN,2,2010-12-02 08:00:00,2.95,13408,United Kingdom",
    "536400,71053,WHITE METAL LANTERN,1,2010-12-02 08:00:00,2.95,13408,United Kingdom",
    "536401,22633,HAND WARMER UNION JACK,6,2010-12-02 08:10:00,1.85,13408,United Kingdom",
]
SECOND_DAY = ["536402,85123A,WHITE HANGING HEART T-LIGHT HOLDER,1,2010-12-03 08:00:00,2.55,13408,United Kingdom"]


@pytest.fixture
def sales(tmp_path: Path) -> Sales:
    file = tmp_path / "sales.csv"
    file.write_text("\n".join([HEAD, *BEFORE, *FIRST_DAY, *SECOND_DAY]), encoding="utf-8")
    return Sales(file, last=3)


def test_the_catalogue_is_what_was_sold_before(sales: Sales) -> None:
    assert [(row["sku"], row["price_cents"]) for row in sales.catalogue()] == [("71053", 339), ("85123A", 255)]


def test_a_day_changes_what_was_sold_at_another_price(sales: Sales) -> None:
    rows = sales.catalogue()

    new, changed = sales.change_1pct(rows, 1)

    assert changed == ["71053"]
    assert [row["price_cents"] for row in new] == [295, 255]
    assert new[1] == rows[1]
    assert new[0]["updated_at"] > rows[0]["updated_at"]


def test_the_last_invoices_are_orders_of_goods_that_are_known(sales: Sales) -> None:
    rows = sales.catalogue()

    first, second = sales.orders(rows)

    assert first["lines"] == [{"sku": "71053", "qty": 3, "unit_cents": 339}]
    assert (first["total_cents"], second["total_cents"]) == (1017, 255)
    assert second["created_at"] - first["created_at"] == 40
