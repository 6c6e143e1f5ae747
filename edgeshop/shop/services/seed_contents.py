"""The bytes of the seeds. The same goods always give the same bytes."""

import json
from collections.abc import Sequence
from typing import Any

from edgeshop.catalog import media
from edgeshop.catalog.models import Product
from edgeshop.catalog.queries import availability, rates
from edgeshop.catalog.queries.books import Offer
from edgeshop.recommend.services import Table
from edgeshop.shop.services.about import shop_out
from edgeshop.shop.services.seed_files import Content


def core(book: int, products: Sequence[Offer], popular: list[int]) -> Content:
    """The shop and its shelf in columns. Raises: NotEnrolled, NoPriceBook."""
    shop = shop_out()
    said = availability(shop.id, {p.pk: p.stock_policy for p in products})
    columns = {
        "id": [p.pk for p in products],
        "category": [p.category_id for p in products],
        "price": [p.unit_minor for p in products],
        "tax": [p.tax_class for p in products],
        "policy": [p.stock_policy for p in products],
        "availability": [said[p.pk] for p in products],
        "colour": [p.colour for p in products],
        "image": [p.image_sha256 or None for p in products],
        "barcode": [p.barcode or None for p in products],
        "names": {lang: [p.name(lang) for p in products] for lang in _languages(products)},
        "popular": popular,
    }
    whole = {"shop": shop.model_dump(), "book": book, "rates": rates(book), "products": columns}
    return Content(_json(whole), len(products))


def texts(products: Sequence[Product]) -> Content:
    """What is said about each product, by language; a product of which nothing is said is left out."""
    said = {lang: {str(p.pk): text for p in products if (text := _said(p, lang))} for lang in _languages(products)}
    return Content(_json({"descriptions": said}), len(products))


def pictures(products: Sequence[Product], popular: Sequence[int], *, budget_bytes: int) -> Content:
    """The pictures that are here and fit the budget, best sellers' first: their names and sizes."""
    names = {p.pk: p.image_sha256 for p in products if p.image_sha256}
    chosen: list[tuple[str, int]] = []
    for name in dict.fromkeys(names[i] for i in popular if i in names):
        path = media.path_of(name)
        size_bytes = path.stat().st_size if path.exists() else 0
        if 0 < size_bytes <= budget_bytes:
            budget_bytes -= size_bytes
            chosen.append((name, size_bytes))
    return Content(_json({"pictures": chosen}), len(chosen))


def table_rows(table: Table, popular: Sequence[int], *, rows: int) -> Content:
    """The table with the rows of the best `rows` products that it knows; nothing when it knows none of them."""
    known = set(table.product_ids.tolist())
    best = [product_id for product_id in popular if product_id in known][:rows]
    return Content(table.subset(best).to_bytes(), len(best)) if best else Content(b"", 0)


def _said(product: Product, lang: str) -> str:
    return str(product.texts.get(lang, {}).get("description") or "")


def _languages(products: Sequence[Product]) -> list[str]:
    return sorted({lang for p in products for lang in p.texts})


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
