"""Price books: write a draft, see what it changes, publish it. Published books can only be looked at."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action, display

from edgeshop.catalog.enums import BookState
from edgeshop.catalog.models import DraftPrice, PriceBook, Product
from edgeshop.catalog.queries import book_changes
from edgeshop.catalog.services import PreviewRow, draft_book, preview, publish, set_rates
from edgeshop.fleet.admin import OnCloudOnly
from edgeshop.journal.services import AuditKind, audit
from edgeshop.kernel.errors import EdgeShopError

_ROWS_SHOWN_MAX = 200
_PUBLISH_BUTTON = "catalog_pricebook_publish_now"


class DraftPriceInline(TabularInline):
    """The prices that a draft sets."""

    model = DraftPrice
    autocomplete_fields = ("product",)
    ordering = ("product",)
    extra = 1
    per_page = 50


@admin.register(PriceBook)
class PriceBookAdmin(OnCloudOnly, ModelAdmin):
    """Versions of all prices of a shop, the newest first."""

    list_display = ("__str__", "shop", "status", "valid_from", "published_at", "size", "note")
    list_filter = ("state", "shop")
    list_select_related = ("shop",)
    search_fields = ("note", "=version")
    ordering = ("-id",)
    fields = ("shop", "note", "rates", "valid_from", "version", "published_at", "what_changes")
    readonly_fields = ("version", "published_at", "what_changes")
    actions = ("publish_chosen",)
    actions_submit_line = ("publish_now",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[PriceBook]:
        """With the number of draft prices."""
        found: QuerySet[PriceBook] = super().get_queryset(request)
        return found.annotate(entry_count=Count("entries"))

    def has_change_permission(self, request: HttpRequest, obj: PriceBook | None = None) -> bool:
        """Only drafts change."""
        is_open = obj is None or obj.state == BookState.DRAFT
        return is_open and super().has_change_permission(request, obj)

    def has_publish_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Whoever may change drafts may publish; the button is shown on drafts only (asked with their id)."""
        is_draft = object_id is None or PriceBook.objects.filter(pk=object_id, state=BookState.DRAFT).exists()
        return is_draft and self.has_change_permission(request)

    def get_inlines(self, _request: HttpRequest, obj: PriceBook | None) -> list[type[TabularInline]]:
        """A new draft first needs its shop; a published book has no draft prices any more."""
        return [DraftPriceInline] if obj and obj.state == BookState.DRAFT else []

    def get_readonly_fields(self, request: HttpRequest, obj: PriceBook | None = None) -> tuple[str, ...]:
        """A draft stays with its shop."""
        return (*self.readonly_fields, "shop") if obj else self.readonly_fields

    def save_model(self, request: HttpRequest, obj: PriceBook, form: Any, change: bool) -> None:
        """A new draft through the service, with the rates of the newest book unless others are given."""
        if change:
            super().save_model(request, obj, form, change)
            set_rates(draft_id=obj.pk, rates=obj.rates)
            return
        given = obj.rates or None
        obj.pk = draft_book(shop_id=obj.shop_id, rates=given, note=obj.note, valid_from=obj.valid_from)
        obj._state.adding = False
        obj.refresh_from_db()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The draft's prices first, then its publication if that was the button."""
        super().save_related(request, form, formsets, change)
        if _PUBLISH_BUTTON in request.POST:
            _publish(request, form.instance)

    @action(description="Save and publish", permissions=["publish"])
    def publish_now(self, _request: HttpRequest, _obj: PriceBook) -> None:
        """A button beside Save. Its prices are not saved yet when it is called, so `save_related` publishes."""

    @action(description="Publish", permissions=["change"])
    def publish_chosen(self, request: HttpRequest, queryset: QuerySet[PriceBook]) -> None:
        """Publish the chosen drafts, the oldest first; each on its own."""
        for book in queryset.order_by("pk"):
            _publish(request, book)

    @display(description="state", label={"draft": "warning", "published": "success"}, ordering="state")
    def status(self, book: PriceBook) -> str:
        """Draft or published."""
        return book.state

    @display(description="draft prices")
    def size(self, book: PriceBook) -> str:
        """How many prices a draft sets."""
        return str(getattr(book, "entry_count", "")) if book.state == BookState.DRAFT else "–"

    @display(description="what it changes")
    def what_changes(self, book: PriceBook) -> SafeString | str:
        """Product by product, in minor units: the preview of a draft, or what a published book changed."""
        if not book.pk:
            return "Save the draft first, then give it prices."
        rows = preview(book.pk) if book.version is None else [PreviewRow(*row) for row in book_changes(book.version)]
        return _table(rows) if rows else "nothing"


def _publish(request: HttpRequest, book: PriceBook) -> None:
    try:
        version = publish(book.pk)
    except EdgeShopError as error:
        messages.error(request, f"{book}: {error.message} {error.fields}")
    else:
        audit(AuditKind.BOOK_PUBLISHED, by=request.user.get_username(), shop=book.shop_id, version=version)
        messages.success(request, f"Book {version} is published. Kiosks learn of it at their next contact.")


def _table(rows: list[PreviewRow]) -> SafeString:
    names = {p.pk: p.name() for p in Product.objects.filter(pk__in=[r.product_id for r in rows[:_ROWS_SHOWN_MAX]])}
    cells = [
        (names.get(r.product_id, r.product_id), _said(r.old), _said(r.new), _percent(r)) for r in rows[:_ROWS_SHOWN_MAX]
    ]
    row = "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>"
    more = len(rows) - len(cells)
    return format_html(
        "<table><thead><tr><th>product</th><th>before</th><th>after</th><th>change</th></tr></thead>"
        "<tbody>{}</tbody></table>{}",
        format_html_join("", row, cells),
        f"and {more} more" if more else "",
    )


def _said(unit_minor: int | None) -> str:
    return "not sold" if unit_minor is None else str(unit_minor)


def _percent(row: PreviewRow) -> str:
    if not row.old or row.new is None:
        return ""
    return f"{(row.new - row.old) * 100 / row.old:+.1f} %"
