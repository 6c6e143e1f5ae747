"""Receipt numbers and how they ended, grants, and the seats that hold tokens."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from unfold.admin import ModelAdmin
from unfold.decorators import display

from edgeshop.checkout.admin.looking import LookOnly
from edgeshop.checkout.admin.switch import uncleared
from edgeshop.checkout.models import Grant, Number, Seat
from edgeshop.checkout.services import admit_seats, close_epochs, void_numbers
from edgeshop.kernel import clock

_PILLS = {
    "outstanding": "info", "sold": "success", "returned": "info", "void": "warning", "expired": "info",
    "unaccounted": "danger",
}  # fmt: skip


@admin.register(Number)
class NumberAdmin(LookOnly, ModelAdmin):
    """Receipt numbers: every one ends, and the ones that have not are an alarm."""

    comes_from = "Numbers are drawn when a screen of the shop is opened."
    list_display = ("number", "stands", "value", "purpose", "minted_at", "expires_at", "ended_at", "reason")
    list_filter = ("state", "purpose", "kiosk", "epoch")
    list_select_related = ("kiosk__shop",)
    search_fields = ("number",)
    ordering = ("-minted_at", "-seq")
    list_per_page = 50
    actions = ("write_off",)

    @display(description="state", ordering="state", label=_PILLS)
    def stands(self, number: Number) -> str:
        """Where it stands."""
        return str(number.state)

    @display(description="value at risk", ordering="max_minor")
    def value(self, number: Number) -> str:
        """What it may have been sold for."""
        shop = number.kiosk.shop
        return f"{number.max_minor / 10**shop.exponent:,.{shop.exponent}f} {shop.currency}"

    @admin.action(description="Write off: nobody will sell on it", permissions=["act"])
    def write_off(self, request: HttpRequest, queryset: QuerySet[Number]) -> None:
        """End numbers that are open. A late order on one is still taken, into review."""
        names = list(queryset.values_list("pk", flat=True))
        by = request.user.get_username()
        ended = void_numbers(numbers=names, reason="written_off", by=by, at=clock.now())
        messages.success(request, f"{len(ended)} written off; {len(names) - len(ended)} had ended before.")


@admin.register(Grant)
class GrantAdmin(LookOnly, ModelAdmin):
    """What the cloud has allowed each kiosk, newest first."""

    comes_from = "A kiosk asks for its first grant at its first contact."
    list_display = ("kiosk", "epoch", "issued_at", "soft_at", "hard_at", "window", "sum_ceil_minor", "count_ceil")
    list_filter = ("kiosk",)
    list_select_related = ("kiosk__shop",)
    actions = ("close_older",)

    @display(description="window", ordering="window_minor")
    def window(self, grant: Grant) -> str:
        """What it may cost at most."""
        shop = grant.kiosk.shop
        return f"{grant.window_minor / 10**shop.exponent:,.{shop.exponent}f} {shop.currency}"

    @admin.action(description="Counted: nothing unknown is outside from before this epoch", permissions=["act"])
    def close_older(self, request: HttpRequest, queryset: QuerySet[Grant]) -> None:
        """After a restore, people have compared drawer, shelf and ledger: the kiosk gets its full window back."""
        by, closed = request.user.get_username(), 0
        for grant in queryset:
            before, kiosk_id = grant.epoch, grant.kiosk_id
            closed += len(close_epochs(kiosk_id=kiosk_id, before=before, by=by, at=clock.now()))
        messages.success(request, f"{closed} older epochs closed; the next contact brings the window.")

    def get_urls(self) -> list[URLPattern]:
        """With the switch that stops this kiosk from using its grant."""
        page = self.admin_site.admin_view(uncleared)
        return [path("uncleared/", page, name="checkout_uncleared"), *super().get_urls()]


@admin.register(Seat)
class SeatAdmin(LookOnly, ModelAdmin):
    """Browsers that this kiosk knows; screens without an admission wait for it."""

    comes_from = "Screens appear here when they open the shop of this kiosk."
    list_display = ("id", "purpose", "admitted", "address", "asked_at", "admitted_by", "expires_at")
    list_filter = (("admitted_at", admin.EmptyFieldListFilter), "purpose")
    exclude = ("jwk",)
    actions = ("admit",)

    @display(description="admitted", label={"waits": "warning", "admitted": "success"})
    def admitted(self, seat: Seat) -> str:
        """Whether it may hold tokens."""
        return "admitted" if seat.admitted_at else "waits"

    @admin.action(description="Admit these screens", permissions=["act"])
    def admit(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Let screens of the shop hold tokens, once for all."""
        seats = list(queryset.values_list("pk", flat=True))
        done = admit_seats(seat_ids=seats, staff=request.user.get_username(), at=clock.now())
        messages.success(request, f"{done} admitted.")
