"""Shelves for the kiosk's own pages: categories, goods, a neighbour table, earlier sales, and what streams brought."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
from django.core.cache import cache

from edgeshop.catalog import media
from edgeshop.catalog.models import Category, Product
from edgeshop.checkout.services import sell_at_counter
from edgeshop.journal.models import Stream
from edgeshop.recommend.services import Table, install
from edgeshop.recommend.services.table import NEIGHBOURS
from edgeshop.shop.services import search
from tests.factories.checkout import new_book

SVG = '<svg xmlns="http://www.w3.org/2000/svg" data-n="{n}"><script>alert(1)</script></svg>'


def forget() -> None:
    """What a process remembers from another test's shop."""
    cache.clear()
    search._index.cache_clear()


def moved(stream: str) -> None:
    """A page of a stream has been applied: its cursor is one further, as the exchange with the cloud leaves it."""
    row, _ = Stream.objects.get_or_create(name=stream)
    row.seq += 1
    row.save()


def make_shelf(slug: str, names: Mapping[str, str] | None = None) -> Category:
    """One more category, after those there are."""
    return Category.objects.create(slug=slug, names=names or {"en": slug.title()}, position=Category.objects.count())


def make_goods(shelf: Category, count: int, *, first_id: int = 1) -> list[Product]:
    """Products called `Slug 1` and so on; nobody sells them before a book names them."""
    return [make_product(first_id + n, shelf, {"en": f"{shelf.slug.title()} {n + 1}"}) for n in range(count)]


def make_product(product_id: int, shelf: Category, names: Mapping[str, str], **fields: Any) -> Product:
    """One product with its names by language."""
    said = {lang: {"name": name, "description": f"About {name}"} for lang, name in names.items()}
    return Product.objects.create(
        **{"pk": product_id, "category": shelf, "sku": f"S{product_id}", "texts": said} | fields
    )


def sell_all(products: Iterable[Product], *, unit_minor: int = 500) -> int:
    """A new book that sells these too; answers its version."""
    return new_book({p.pk: unit_minor for p in products})


def with_picture(product: Product, *, size_bytes: int = 0) -> str:
    """Give a product a drawing of its own, padded to a size; answers its name."""
    data = SVG.format(n=product.pk)
    name = media.store((data + " " * max(0, size_bytes - len(data))).encode())
    Product.objects.filter(pk=product.pk).update(image_sha256=name)
    return name


def make_table(best_first: Sequence[int], *, version: int = 1) -> Table:
    """A table that knows these products, in this order of sales, each the neighbour of the next."""
    ids = sorted(best_first)
    nid, w8 = np.zeros((len(ids), NEIGHBOURS), np.uint16), np.zeros((len(ids), NEIGHBOURS), np.uint8)
    if len(ids) > 1:
        nid[:, 0] = [(row + 1) % len(ids) + 1 for row in range(len(ids))]
        w8[:, 0] = 200
    return Table(
        model_version=version,
        trained_at_s=1_700_000_000,
        calibration=np.array([0, 1, 0, 0], np.float32),
        product_ids=np.array(ids, np.int32),
        nid=nid,
        w8=w8,
        ws=np.full(len(ids), 0.01, np.float32),
        popularity=np.array([ids.index(product_id) for product_id in best_first], np.uint16),
    )


def install_table(best_first: Sequence[int], *, version: int = 1) -> Table:
    """Put such a table in use on this node."""
    table = make_table(best_first, version=version)
    install(table.to_bytes())
    return table


def sold(product_id: int, *, orders: int = 1, at: datetime, qty: int = 1) -> None:
    """Counter sales of a product, at an instant that may be past."""
    for _ in range(orders):
        sell_at_counter(lines=[(product_id, qty)], tender="cash", staff="ben", at=at)
