"""Categories and products: the cloud keeps them, every change is marked for the kiosks."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import transaction

from edgeshop.catalog.enums import StockPolicy
from edgeshop.catalog.models import Category, Product
from edgeshop.journal.services import changes

# What kiosks are told of a product, in the order in which it is told.
SYNCED = (
    "category_id", "sku", "barcode", "tax_class", "stock_policy", "image_sha256", "image_version", "texts", "colour",
    "is_active", "changed_at",
)  # fmt: skip
_BATCH = 1_000


@dataclass(frozen=True, slots=True)
class CategoryData:
    """A shelf as written by a person or an import, known by its slug."""

    slug: str
    position: int
    names: dict[str, str]


@dataclass(frozen=True, slots=True)
class ProductData:
    """A product as written by a person or an import, known by its article code. The picture is set apart.

    `changed_at`: when the system it comes from last changed it, in unix seconds, where there is one.
    """

    sku: str
    category_id: int
    texts: dict[str, dict[str, str]]
    barcode: str = ""
    tax_class: str = "standard"
    stock_policy: str = StockPolicy.SHELF
    colour: str = "#808080"
    is_active: bool = field(default=True)
    changed_at: int | None = None


@transaction.atomic
def save_categories(items: Sequence[CategoryData]) -> dict[str, int]:
    """Make these categories so; answers their ids by slug. What is so already is left alone and not marked."""
    known = {c.slug: c for c in Category.objects.all()}
    changed = [item for item in items if item.slug not in known or _differs(known[item.slug], asdict(item))]
    saved = Category.objects.bulk_create(
        [Category(**asdict(item)) for item in changed],
        update_conflicts=True,
        unique_fields=["slug"],
        update_fields=["position", "names"],
    )
    ids = dict(Category.objects.values_list("slug", "id"))
    changes("catalogue", *(f"c{ids[c.slug]}" for c in saved))
    return ids


@transaction.atomic
def save_products(items: Iterable[ProductData]) -> dict[str, int]:
    """Make these products so; answers the ids of all products by article code.

    Effect: new and differing products are written and marked on the `catalogue` stream; the others are left alone.
    """
    known = {p.sku: p for p in Product.objects.all()}
    news = [(asdict(item), _changed(known.get(item.sku), asdict(item))) for item in items]
    changed = {fields["sku"]: names for fields, names in news if names != ()}
    names = [name for name in ProductData.__dataclass_fields__ if name != "sku"]
    Product.objects.bulk_create(
        [Product(**fields) for fields, names in news if names != ()],
        _BATCH,
        update_conflicts=True,
        unique_fields=["sku"],
        update_fields=names,
    )
    ids = dict(Product.objects.values_list("sku", "id"))
    _mark({ids[sku]: names for sku, names in changed.items()})
    return ids


def _changed(row: Product | None, fields: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The names of what is new of a product; None for all of it."""
    if row is None:
        return None
    return tuple(sorted(name for name, value in fields.items() if getattr(row, name) != value))


def _mark(changed: Mapping[int, tuple[str, ...] | None]) -> None:
    """Mark products, those with the same changes together. Shapes: names of fields by id, or None for all of them."""
    together: dict[tuple[str, ...] | None, list[str]] = defaultdict(list)
    for product_id, names in changed.items():
        together[names].append(f"p{product_id}")
    for names, keys in together.items():
        changes("catalogue", *keys, fields=names or ())


def _differs(row: Category, fields: Mapping[str, Any]) -> bool:
    return any(getattr(row, name) != value for name, value in fields.items())


@transaction.atomic
def save_product(row: Product) -> int:
    """Write one edited product, new or not; answers its id. Effect: what has changed is marked for the kiosks."""
    before = Product.objects.filter(pk=row.pk).first()
    row.save()
    names = _changed(before, {name: getattr(row, name) for name in SYNCED})
    if names != ():
        _mark({row.pk: names})
    return row.pk


@transaction.atomic
def save_category(row: Category) -> int:
    """Write one edited category, new or not; answers its id. Effect: the change is marked for the kiosks."""
    row.save()
    changes("catalogue", f"c{row.pk}")
    return row.pk


@transaction.atomic
def set_pictures(pictures: Mapping[int, str]) -> int:
    """Say which picture (sha256 in hex) each product has; answers how many changed.

    Effect: the version of a changed picture rises by one and the product is marked for the kiosks.
    """
    rows = [p for p in Product.objects.filter(pk__in=list(pictures)) if p.image_sha256 != pictures[p.pk]]
    for row in rows:
        row.image_sha256, row.image_version = pictures[row.pk], row.image_version + 1
    Product.objects.bulk_update(rows, ["image_sha256", "image_version"], _BATCH)
    _mark({row.pk: ("image_sha256", "image_version") for row in rows})
    return len(rows)


@transaction.atomic
def set_sold(*, product_ids: Iterable[int], is_active: bool) -> int:
    """Put products on sale or withdraw them; answers how many changed. Effect: they are marked for the kiosks."""
    rows = Product.objects.filter(pk__in=list(product_ids), is_active=not is_active)
    ids = list(rows.values_list("id", flat=True))
    Product.objects.filter(pk__in=ids).update(is_active=is_active)
    _mark(dict.fromkeys(ids, ("is_active",)))
    return len(ids)
