"""Price books on their way to a kiosk that was away: those that nobody can have bought by are told in the next one.

A kiosk that lacks a version is no worse for it: it has never shown those prices to anybody. Its digests must come to
the cloud's all the same, so the next book brings, as `skipped`, the digests of all that it stands for without its own.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import zip_longest
from typing import Any

from django.db.models import Q

from edgeshop.catalog.models import Price
from edgeshop.journal.registry import Row
from edgeshop.journal.services import add_digests, row_digest, subtract_digests
from edgeshop.kernel import clock

SKIPPED = "skipped"


def collapsed(rows: list[Row], since: datetime | None) -> list[Row]:
    """The rows of a page without books that were followed by another before now and published after `since`, when the
    reader's present life had begun; what those say is said by the next. All of them when nobody knows that instant."""
    if since is None:
        return rows
    by_shop: dict[int, list[Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: int(row["key"])):
        by_shop[row["shop"]].append(row)
    return [_merged(some) for books in by_shop.values() for some in _runs(books, since.timestamp())]


def _runs(books: list[Row], since_s: float) -> Iterator[list[Row]]:
    """Each book that is told with those before it that are not. Shapes: books in order."""
    now_s, run = clock.timestamp(), list[Row]()
    for book, following in zip_longest(books, books[1:]):
        run.append(book)
        if following is None or following["valid"] > now_s or book["published"] <= since_s:
            yield run
            run = []


def _merged(run: list[Row]) -> Row:
    """What these books change together, as the last of them."""
    if len(run) == 1:
        return run[0]
    said = {entry["product"]: entry["unit"] for book in run for entry in book["entries"]}
    void = _never_sold(run[0], [product for product, unit in said.items() if unit is None])
    entries = [{"product": product, "unit": unit} for product, unit in sorted(said.items()) if product not in void]
    merged = run[-1] | {"entries": entries}
    return merged | {SKIPPED: subtract_digests(add_digests(map(row_digest, run)), row_digest(merged))}


def _never_sold(first: Row, ended: Iterable[int]) -> set[int]:
    """Of the products whose sale has ended those that had no price before the first book either."""
    before = Price.objects.filter(
        Q(to_version=None) | Q(to_version__gte=int(first["key"])),
        shop=first["shop"],
        product__in=list(ended),
        from_version__lt=int(first["key"]),
    )
    return set(ended) - set(before.values_list("product_id", flat=True))


def digests(rows: list[Row]) -> list[bytes]:
    """The digest of each book, with those of the books that it stands for here. Shapes: rows [n], the answer is [n]."""
    return [add_digests([row_digest(_own(row)), row.get(SKIPPED, b"")]) for row in rows]


def _own(row: Row) -> dict[str, Any]:
    return {name: said for name, said in row.items() if name != SKIPPED}
