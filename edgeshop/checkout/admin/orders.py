"""Orders, each opening on its journey."""

from typing import Any

from django.contrib import admin, messages
from django.db import IntegrityError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display

from edgeshop.checkout import queries
from edgeshop.checkout.admin.looking import LookOnly
from edgeshop.checkout.enums import Handover, Payment
from edgeshop.checkout.models import Order, OrderLine
from edgeshop.checkout.services import move_order
from edgeshop.checkout.services.explain import money
from edgeshop.vault.services import shop_now

_PILLS = {
    "committed": "info", "acknowledged": "warning", "settled": "success",
    "due": "warning", "paid": "info", "declined": "danger", "cleared": "success",
    "open": "warning", "handed over": "success",
}  # fmt: skip


class LineInline(LookOnly, TabularInline):
    """The lines as sold."""

    model = OrderLine
    fields = ("position", "name", "qty", "unit_minor", "rate_bp", "discount_minor")
    readonly_fields = fields
    extra = 0


@admin.register(Order)
class OrderAdmin(LookOnly, ModelAdmin):
    """Orders, newest first."""

    comes_from = "Orders appear here as they are sold, or as kiosks report them."
    list_display = ("number", "placed_at", "amount", "tender", "stands", "pays", "goods", "waits", "kiosk")
    list_filter = ("delivery", "payment", "handover", "tender", "origin", "kiosk", "business_day")
    list_select_related = ("kiosk__shop", "number")
    search_fields = ("number__number", "receipt_key")
    search_help_text = "Receipt number, or the key in a receipt's QR code"
    date_hierarchy = "committed_at"
    list_per_page = 50
    inlines = (LineInline,)
    actions = ("note_paid", "note_handed_over")
    fieldsets = (
        ("Journey", {"fields": ("timeline",)}),
        ("Order", {"fields": (("number", "amount"), ("tender", "origin"), ("delivery", "payment", "handover"))}),
        ("Sold", {"fields": (("placed_at", "committed_at", "business_day"), ("kiosk", "seat_id", "sold_by"))}),
        ("Money", {"fields": (("net_minor", "tax_minor", "total_minor"), "tax_by_rate", ("book", "is_on_grant"))}),
        ("Proof", {"fields": ("id", "fact", "envelope_sha256", "receipt_key"), "classes": ("collapse",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Order]:
        """With the reviews of each row, in one query for all."""
        found: QuerySet[Order] = super().get_queryset(request)
        return found.prefetch_related("reviews")

    def get_readonly_fields(self, _request: HttpRequest, _obj: Any = None) -> list[str]:
        """Everything."""
        return [*(field.name for field in Order._meta.fields), "amount", "timeline"]

    @display(description="journey")
    def timeline(self, order: Order) -> SafeString:
        """From tap to ledger: when, where, what and who."""
        return render_to_string("checkout/journey.html", {"steps": queries.journey(order.pk), "order": order})

    @display(description="total", ordering="total_minor")
    def amount(self, order: Order) -> str:
        """The total as people write it."""
        return money(order.total_minor, order)

    @display(description="delivery", ordering="delivery", label=_PILLS)
    def stands(self, order: Order) -> str:
        """How far it has come."""
        return str(order.delivery)

    @display(description="payment", ordering="payment", label=_PILLS)
    def pays(self, order: Order) -> str:
        """How far its money has come."""
        return str(order.payment)

    @display(description="goods", ordering="handover", label=_PILLS)
    def goods(self, order: Order) -> str:
        """Whether the shopper has the goods."""
        return order.handover.replace("_", " ")

    @display(description="review", label={"waits": "danger"})
    def waits(self, order: Order) -> str:
        """Whether somebody has to look at it."""
        return "waits" if any(not review.decision for review in order.reviews.all()) else ""

    @admin.action(description="Note as paid", permissions=["act"])
    def note_paid(self, request: HttpRequest, queryset: QuerySet[Order]) -> None:
        """The money of these orders is certain."""
        self._move(request, queryset, payment=Payment.CLEARED)

    @admin.action(description="Note as handed over", permissions=["act"])
    def note_handed_over(self, request: HttpRequest, queryset: QuerySet[Order]) -> None:
        """The shoppers have the goods of these orders."""
        self._move(request, queryset, handover=Handover.HANDED_OVER)

    def _move(self, request: HttpRequest, queryset: QuerySet[Order], **step: Any) -> None:
        for number in queryset.values_list("number", flat=True):
            try:
                move_order(number=number, by=request.user.get_username(), at=shop_now(), **step)
            except IntegrityError:
                messages.error(request, f"{number} cannot go back.")
            else:
                messages.success(request, f"{number} noted.")
