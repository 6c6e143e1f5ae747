"""The stream `catalogue`: categories and products, the same for everybody."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat

from edgeshop.catalog.models import Category, Product
from edgeshop.catalog.services.goods import SYNCED
from edgeshop.journal.registry import Row, Source
from edgeshop.kernel import events

_CATEGORY = ("slug", "position", "names")
_NEEDED: dict[type[Any], set[str]] = {
    Category: {"slug"},
    Product: {"category_id", "sku"},
}  # without these a row only changes what is there
_NAMES: dict[type[Any], str] = {Category: "slug", Product: "sku"}


def _ids(keys: Sequence[str], letter: str) -> list[int]:
    return [int(key[1:]) for key in keys if key.startswith(letter)]


def _collect(_stream: str, keys: Sequence[str]) -> list[Row]:
    categories = Category.objects.filter(pk__in=_ids(keys, "c"))
    products = Product.objects.filter(pk__in=_ids(keys, "p"))
    return [{"key": f"c{c.pk}"} | {name: getattr(c, name) for name in _CATEGORY} for c in categories] + [
        {"key": f"p{p.pk}"} | {name: getattr(p, name) for name in SYNCED} for p in products
    ]


def _keys(_stream: str) -> list[str]:
    categories = Category.objects.values_list("pk", flat=True)
    products = Product.objects.values_list("pk", flat=True)
    return [f"c{pk}" for pk in categories] + [f"p{pk}" for pk in products]


def _apply(_stream: str, rows: list[Row], gone: list[str]) -> None:
    """Rows are taken as they are; what is gone is not sold any more, since old orders still name it."""
    _upsert(Category, [row for row in rows if row["key"][0] == "c"], _CATEGORY)
    _upsert(Product, [row for row in rows if row["key"][0] == "p"], SYNCED)
    Product.objects.filter(pk__in=_ids(gone, "p")).update(is_active=False)
    if rows or gone:
        transaction.on_commit(lambda: events.publish("catalogue.changed", rows=len(rows) + len(gone)))


def _divide(row: Row, language: str) -> dict[str, Row]:
    """What sells first: everything but descriptions, other languages, and when it was changed."""
    if row["key"][0] == "c":
        return {"core": row}
    own = row["texts"].get(language, {})
    first = {name: said for name, said in own.items() if name != "description"}
    later = {"description": own["description"]} if "description" in own else {}
    others = {
        f"text-{lang}": {"key": row["key"], "texts": {lang: said}}
        for lang, said in row["texts"].items()
        if lang != language
    }
    return {
        "core": {name: said for name, said in row.items() if name != "changed_at"} | {"texts": {language: first}},
        "text": {"key": row["key"], "changed_at": row["changed_at"], "texts": {language: later}},
        **others,
    }


def _fill(rows: list[Row]) -> None:
    """Add what came later to what is there; what is there is at least as new."""
    known = Product.objects.in_bulk(_ids([row["key"] for row in rows], "p"))
    told = [(known[int(row["key"][1:])], row) for row in rows if int(row["key"][1:]) in known]
    for product, row in told:
        for lang, said in row["texts"].items():
            product.texts[lang] = said | product.texts.get(lang, {})
        product.changed_at = product.changed_at or row.get("changed_at")
    Product.objects.bulk_update([product for product, _ in told], ["texts", "changed_at"], batch_size=500)
    transaction.on_commit(lambda: events.publish("catalogue.changed", rows=len(told)))


def _upsert(model: type[Any], rows: list[Row], names: Sequence[str]) -> None:
    """Whole rows are written, and of others what they carry, which may be less than we know and more."""
    for told, group in _by_fields(rows, names).items():
        objects = [model(pk=int(row["key"][1:]), **{name: row[name] for name in told}) for row in group]
        _free_names(model, objects, told)
        if _NEEDED[model] <= set(told):
            model.objects.bulk_create(
                objects, batch_size=500, update_conflicts=True, unique_fields=["id"], update_fields=told
            )
        elif told:
            model.objects.bulk_update(objects, told, batch_size=500)


def _free_names(model: type[Any], objects: list[Any], told: Sequence[str]) -> None:
    """A name may have changed hands: nobody else holds one that is given out now."""
    name = _NAMES[model]
    wanted = {getattr(thing, name): thing.pk for thing in objects} if name in told else {}
    held = model.objects.filter(**{f"{name}__in": list(wanted)}).values_list("pk", name)
    others = [pk for pk, said in held if wanted[said] != pk] if wanted else []
    if others:
        model.objects.filter(pk__in=others).update(**{name: Concat(Value("?"), Cast("pk", CharField()))})


def _by_fields(rows: list[Row], names: Sequence[str]) -> dict[tuple[str, ...], list[Row]]:
    groups: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        groups[tuple(name for name in names if name in row)].append(row)
    return groups


CATALOGUE = Source(_collect, _apply, keys=_keys, divide=_divide, fill=_fill)
