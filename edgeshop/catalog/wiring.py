"""What the catalogue registers with the journal: three streams down, one fact up."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from edgeshop.catalog.enums import BookState
from edgeshop.catalog.models import Allotment, Category, Price, PriceBook, Product
from edgeshop.catalog.services import book_pages
from edgeshop.catalog.services.allotments import settle_return
from edgeshop.catalog.services.books import Version, adopt_versions, correct_versions
from edgeshop.catalog.services.goods import SYNCED
from edgeshop.catalog.services.taking import RETURNED
from edgeshop.fleet.queries import this_kiosk
from edgeshop.journal import registry
from edgeshop.journal.registry import Outcome, Row, Source
from edgeshop.kernel import events
from edgeshop.kernel.facts import Fact

_CATEGORY = ("slug", "position", "names")
_NEEDED: dict[type[Any], set[str]] = {
    Category: {"slug"},
    Product: {"category_id", "sku"},
}  # without these a row only changes what is there
_NAMES: dict[type[Any], str] = {Category: "slug", Product: "sku"}


def register() -> None:
    """Called once, when the apps are ready. The catalogue comes first, so that goods arrive before their prices."""
    registry.source(
        "catalogue", Source(_collect_catalogue, _apply_catalogue, keys=_catalogue_keys, divide=_divide, fill=_fill)
    )
    prices = Source(
        _collect_prices,
        _apply_prices,
        keys=_prices_keys,
        audience=lambda row: row["shop"],
        repair=_repair_prices,
        collapse=book_pages.collapsed,
        digests=book_pages.digests,
    )
    registry.source("prices", prices)
    stock = Source(_collect_stock, _apply_stock, keys=_stock_keys, repair=_repair_stock, values=1)
    registry.source("stock", stock)
    registry.apply_fact(RETURNED, _stock_returned)


def _ids(keys: Sequence[str], letter: str) -> list[int]:
    return [int(key[1:]) for key in keys if key.startswith(letter)]


def _collect_catalogue(_stream: str, keys: Sequence[str]) -> list[Row]:
    categories = Category.objects.filter(pk__in=_ids(keys, "c"))
    products = Product.objects.filter(pk__in=_ids(keys, "p"))
    return [{"key": f"c{c.pk}"} | {name: getattr(c, name) for name in _CATEGORY} for c in categories] + [
        {"key": f"p{p.pk}"} | {name: getattr(p, name) for name in SYNCED} for p in products
    ]


def _catalogue_keys(_stream: str) -> list[str]:
    categories = Category.objects.values_list("pk", flat=True)
    products = Product.objects.values_list("pk", flat=True)
    return [f"c{pk}" for pk in categories] + [f"p{pk}" for pk in products]


def _apply_catalogue(_stream: str, rows: list[Row], gone: list[str]) -> None:
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


def _collect_prices(_stream: str, keys: Sequence[str]) -> list[Row]:
    versions = [int(key) for key in keys]
    entries: dict[int, dict[int, int | None]] = defaultdict(dict)
    for price in Price.objects.filter(Q(from_version__in=versions) | Q(to_version__in=versions)):
        if price.to_version is not None:
            entries[price.to_version].setdefault(price.product_id, None)
        entries[price.from_version][price.product_id] = price.unit_minor
    books = PriceBook.objects.filter(version__in=versions).order_by("version")
    return [_book_row(book, entries[book.version or 0]) for book in books]


def _prices_keys(_stream: str) -> list[str]:
    published = PriceBook.objects.filter(state=BookState.PUBLISHED)
    return [str(version) for version in published.values_list("version", flat=True)]


def _book_row(book: PriceBook, entries: dict[int, int | None]) -> Row:
    return {
        "key": str(book.version),
        "shop": book.shop_id,
        "published": _seconds(book.published_at),
        "valid": _seconds(book.valid_from),
        "rates": book.rates,
        "note": book.note,
        "entries": [{"product": product_id, "unit": unit} for product_id, unit in sorted(entries.items())],
    } | ({book_pages.SKIPPED: bytes(book.skipped)} if book.skipped else {})


def _seconds(at: datetime | None) -> float:
    return at.timestamp() if at else 0.0


def _apply_prices(_stream: str, rows: list[Row], _gone: list[str]) -> None:
    """Books of this kiosk's shop are taken; published books never go."""
    here = this_kiosk().shop_id
    adopt_versions([_version(row) for row in rows if row["shop"] == here])


def _repair_prices(stream: str, rows: list[Row], _gone: list[str]) -> None:
    """Books that are wrong here, or missing, become what they are; published books never go."""
    if rows:
        held = _collect_prices(stream, _prices_keys(stream))
        correct_versions(this_kiosk().shop_id, [_version(row) for row in held], [_version(row) for row in rows])


def _version(row: Row) -> Version:
    return Version(
        version=int(row["key"]),
        shop_id=row["shop"],
        published_at=datetime.fromtimestamp(row["published"], UTC),
        valid_from=datetime.fromtimestamp(row["valid"], UTC),
        rates=row["rates"],
        note=row["note"],
        entries={entry["product"]: entry["unit"] for entry in row["entries"]},
        skipped=row.get(book_pages.SKIPPED, b""),
    )


def _collect_stock(stream: str, keys: Sequence[str]) -> list[Row]:
    wanted = {tuple(map(int, key.split("/"))) for key in keys}
    rows = _granted(stream).filter(product__in={p for _, p in wanted})
    return [
        {"key": f"{a.epoch}/{a.product_id}", "granted": a.granted} for a in rows if (a.epoch, a.product_id) in wanted
    ]


def _granted(stream: str) -> QuerySet[Allotment]:
    """What the cloud has allotted: a kiosk that sells more than it was allotted has rows of its own making besides."""
    return Allotment.objects.filter(kiosk=int(stream.partition("/")[2]), granted__gt=0)


def _stock_keys(stream: str) -> list[str]:
    return [f"{epoch}/{product}" for epoch, product in _granted(stream).values_list("epoch", "product_id")]


def _apply_stock(stream: str, rows: list[Row], gone: list[str]) -> None:
    """Granted only rises, and taken is never touched: an old page changes nothing, whatever was sold meanwhile."""
    kiosk_id = int(stream.partition("/")[2])
    for row in rows:
        epoch, product = map(int, row["key"].split("/"))
        place: dict[str, Any] = {"kiosk_id": kiosk_id, "epoch": epoch, "product_id": product}
        Allotment.objects.get_or_create(**place)
        Allotment.objects.filter(**place, granted__lt=row["granted"]).update(granted=row["granted"])
    for epoch, product in (map(int, key.split("/")) for key in gone):
        Allotment.objects.filter(kiosk=kiosk_id, epoch=epoch, product=product, granted=0, taken=0).delete()


def _repair_stock(stream: str, rows: list[Row], gone: list[str]) -> None:
    """What a page may not do: the cloud's word on what was granted counts, though it is less. Taken stays."""
    granted = {row["key"]: row["granted"] for row in rows} | dict.fromkeys(gone, 0)
    for key, units in granted.items():
        epoch, product = map(int, key.split("/"))
        of_key = Allotment.objects.filter(kiosk=int(stream.partition("/")[2]), epoch=epoch, product=product)
        of_key.filter(granted__gt=units).update(granted=units)
    _apply_stock(stream, rows, gone)


def _stock_returned(fact: Fact, body: dict[str, Any]) -> Outcome:
    lines = [(int(product_id), int(qty)) for product_id, qty in body["lines"]]
    settle_return(return_id=UUID(body["id"]), kiosk_id=fact.device_id, epoch=int(body["epoch"]), lines=lines)
    return Outcome()
