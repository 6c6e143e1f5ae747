"""Seeds: what a browser fetches to be able to sell alone, as immutable files named by their SHA-256, in stages.

The kiosk chooses what comes first and how much of it: by what sells here, and by what the browser may store.
"""

import hashlib
from functools import cached_property
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Count, Sum

from edgeshop import __version__
from edgeshop.catalog.models import Allotment, Share
from edgeshop.catalog.queries import current_book, sellable_products
from edgeshop.catalog.queries.books import Offer
from edgeshop.checkout.services.sale import business_day
from edgeshop.fleet.queries import this_kiosk
from edgeshop.journal.services import versions
from edgeshop.kernel import clock
from edgeshop.recommend.services import Table, current_table
from edgeshop.shop.schemas import SeedItem, SeedsOut, SeedStage
from edgeshop.shop.services.popularity import best_first, own_sales
from edgeshop.shop.services.seed_contents import core, pictures, table_rows, texts
from edgeshop.shop.services.seed_files import kept

FIRST_ROWS_MAX = 2000  # of the table that comes first; measured: they hold 99 % of the quality
_ROW_BYTES = 110  # one row of the table: 32 neighbours of 3 bytes, and its head
_TABLE_SHARE_PCT = 5  # of the browser's quota
_PICTURE_SHARE_PCT = 50
Mark = tuple[Any, ...]


def manifest(quota_bytes: int) -> SeedsOut:
    """What to fetch, in order, for a browser that may store `quota_bytes`; it need not fetch what it has by name.

    An unchanged kiosk answers from its disk after five small queries. Raises: NotEnrolled, NoPriceBook.
    """
    ground = Ground()
    shelf = ground.core()
    first, rest = ground.tables(quota_bytes * _TABLE_SHARE_PCT // 100)
    stages = [
        _stage("core", shelf),
        _stage("vectors", first),
        _stage("tokens"),
        _stage("pictures", ground.pictures(quota_bytes * _PICTURE_SHARE_PCT // 100)),
        _stage("rest", ground.texts(), rest),
    ]
    names = "".join(item.sha256 for stage in stages for item in stage.items)
    return SeedsOut(version=hashlib.sha256(names.encode()).hexdigest()[:16], stages=stages)


def _stage(name: Any, *items: SeedItem | None) -> SeedStage:
    return SeedStage(name=name, items=[item for item in items if item is not None and item.count])


class Ground:
    """What the seeds of this kiosk are made of now.

    The marks, which say what state that is, are read first and each time; goods and sales only when a seed has to be
    made anew. So a change in between costs one more making, and never leaves an old seed under a new mark.
    """

    def __init__(self) -> None:
        self.kiosk = this_kiosk()
        self.book = current_book(self.kiosk.shop_id)
        self.table = current_table()
        self.day = business_day(clock.now(), self.kiosk.shop.timezone)
        at = versions()
        self._goods = (__version__, self.kiosk.pk, self.kiosk.enrolled_at, self.book, at.get("catalogue"))
        self._sales = (*self._goods, self.kiosk.epoch, self.day, _table_mark(self.table))
        self._stock = (at.get("config"), self.kiosk.is_epoch_stale, *_stock_mark(self.kiosk.epoch))

    @cached_property
    def products(self) -> list[Offer]:
        """What is on sale, in shelf order."""
        return list(sellable_products(self.book))

    @cached_property
    def popular(self) -> list[int]:
        """The ids of what is on sale, best sellers first."""
        sales = own_sales(self.kiosk.pk, day=self.day)
        return best_first([p.pk for p in self.products], sales=sales, table=self.table)

    def core(self) -> SeedItem:
        """The shop, its shelf and its prices."""
        return kept("core", (*self._sales, *self._stock), lambda: core(self.book, self.products, self.popular))

    def texts(self) -> SeedItem:
        """What is said about the products."""
        return kept("texts", self._goods, lambda: texts(self.products))

    def pictures(self, budget_bytes: int) -> SeedItem | None:
        """Which pictures to fetch; none without a budget."""
        if not budget_bytes:
            return None
        marks = (*self._sales, budget_bytes, _media_mark())
        return kept("pictures", marks, lambda: pictures(self.products, self.popular, budget_bytes=budget_bytes))

    def tables(self, budget_bytes: int) -> tuple[SeedItem | None, SeedItem | None]:
        """The rows to fetch first, and for the end all that fit the budget where those are more."""
        if self.table is None:
            return None, None
        fit = min(self.table.rows, budget_bytes // _ROW_BYTES)
        first = self._table(self.table, min(fit, FIRST_ROWS_MAX))
        rest = self._table(self.table, fit) if fit > FIRST_ROWS_MAX else first
        return first, rest if rest != first else None

    def _table(self, table: Table, rows: int) -> SeedItem | None:
        if not rows:
            return None
        return kept("table", (*self._sales, rows), lambda: table_rows(table, self.popular, rows=rows))


def _table_mark(table: Table | None) -> Mark:
    return (table.model_version, table.trained_at_s, table.rows) if table else ()


def _stock_mark(epoch: int) -> Mark:
    """Changes whenever units are granted, taken or lent: all of them are counters that only rise."""
    counters = {"granted": Sum("granted"), "taken": Sum("taken"), "rows": Count("pk")}
    return tuple(tuple(m.objects.filter(epoch=epoch).aggregate(**counters).values()) for m in (Allotment, Share))


def _media_mark() -> Mark:
    """Changes whenever a picture comes; each lies in one of at most 256 folders."""
    folder = Path(settings.EDGESHOP.state_dir) / "media"
    return tuple(sorted((p.name, p.stat().st_mtime_ns) for p in folder.iterdir())) if folder.is_dir() else ()
