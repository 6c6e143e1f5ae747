"""Stock as the cloud counts it, and what each kiosk may sell of it."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.decorators import action, display

from edgeshop.catalog.models import Allotment, Share, StockLevel
from edgeshop.catalog.services import allot, declare_lost, receive_stock
from edgeshop.fleet.admin import OnCloudOnly
from edgeshop.fleet.models import Kiosk


class StockLevelForm(forms.ModelForm):  # type: ignore[type-arg]  # -- not generic at run time
    """Which product of which shop, and how many units came in."""

    received = forms.IntegerField(
        label="units received", help_text="What came in, or what a count found. Below zero writes off."
    )

    class Meta:
        model = StockLevel
        fields = ("shop", "product")


@admin.register(StockLevel)
class StockLevelAdmin(OnCloudOnly, ModelAdmin):
    """On hand = free + allotted + committed, product by product."""

    form = StockLevelForm
    list_display = ("product", "shop", "on_hand", "free", "allotted", "committed", "adds_up", "sold_at")
    list_filter = ("shop", "product__stock_policy")
    list_select_related = ("product", "shop")
    search_fields = ("product__sku", "product__barcode", "product__texts__en__name")
    ordering = ("shop", "product")
    autocomplete_fields = ("product",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[StockLevel]:
        """With what kiosks of the shop hold."""
        held = Allotment.objects.filter(kiosk__shop=OuterRef("shop"), product=OuterRef("product")).order_by()
        units = held.values("product").annotate(n=Sum(F("granted") - F("taken"))).values("n")
        found: QuerySet[StockLevel] = super().get_queryset(request)
        return found.annotate(held=Coalesce(Subquery(units), 0))

    def get_fields(self, request: HttpRequest, obj: StockLevel | None = None) -> tuple[str, ...]:
        """Counts are shown; only what comes in is written."""
        return (
            ("shop", "product", "on_hand", "free", "committed", "received") if obj else ("shop", "product", "received")
        )

    def get_readonly_fields(self, request: HttpRequest, obj: StockLevel | None = None) -> tuple[str, ...]:
        """Counts change by sales, grants and deliveries only."""
        return ("shop", "product", "on_hand", "free", "committed") if obj else ()

    def save_model(self, _request: HttpRequest, obj: StockLevel, form: Any, _change: bool) -> None:
        """Book the units that came in."""
        receive_stock(shop_id=obj.shop_id, product_id=obj.product_id, qty=form.cleaned_data["received"])
        obj.pk = StockLevel.objects.values_list("pk", flat=True).get(shop=obj.shop_id, product=obj.product_id)

    @display(description="allotted")
    def allotted(self, level: StockLevel) -> int:
        """Units that kiosks hold."""
        return int(getattr(level, "held", 0))

    @display(description="adds up", boolean=True)
    def adds_up(self, level: StockLevel) -> bool:
        """Whether the sum holds and nothing is below zero."""
        accounted = level.free + self.allotted(level) + level.committed
        return level.on_hand == accounted and level.on_hand >= 0


class AllotmentForm(forms.ModelForm):  # type: ignore[type-arg]  # -- not generic at run time
    """How many units a kiosk may sell from now on, beyond what it was granted before."""

    units = forms.IntegerField(min_value=1, label="units to allot", help_text="They leave what is free in the shop.")

    class Meta:
        model = Allotment
        fields = ("kiosk", "product")

    def clean(self) -> dict[str, Any]:
        """Refuse more than is free, with the number that is."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        kiosk, product = given.get("kiosk", self.instance.kiosk_id and self.instance.kiosk), given.get("product")
        product_id = product.pk if product else self.instance.product_id
        if isinstance(kiosk, Kiosk) and product_id and given.get("units"):
            level = StockLevel.objects.filter(shop=kiosk.shop_id, product=product_id)
            free = level.values_list("free", flat=True).first() or 0
            if given["units"] > free:
                raise forms.ValidationError(f"Only {max(free, 0)} units are free in {kiosk.shop}.")
        return given


@admin.register(Allotment)
class AllotmentAdmin(OnCloudOnly, ModelAdmin):
    """What each kiosk was granted and has taken; both only rise."""

    comes_from = "Strict goods are shared out among the kiosks when stock is received; each share is a row."
    form = AllotmentForm
    list_display = ("product", "kiosk", "epoch", "granted", "taken", "left")
    list_filter = ("kiosk", "product__stock_policy")
    list_select_related = ("product", "kiosk")
    search_fields = ("product__sku", "product__barcode", "product__texts__en__name", "kiosk__name")
    ordering = ("kiosk", "-epoch", "product")
    autocomplete_fields = ("product",)
    actions = ("declare_lost",)

    def has_change_permission(self, request: HttpRequest, obj: Allotment | None = None) -> bool:
        """Grants are added to in the kiosk's present epoch only."""
        is_open = obj is None or obj.epoch == obj.kiosk.epoch
        return is_open and super().has_change_permission(request, obj)

    def get_fields(self, request: HttpRequest, obj: Allotment | None = None) -> tuple[str, ...]:
        """Counters are shown; only units to add are written."""
        return ("kiosk", "product", "epoch", "granted", "taken", "units") if obj else ("kiosk", "product", "units")

    def get_readonly_fields(self, request: HttpRequest, obj: Allotment | None = None) -> tuple[str, ...]:
        """The counters belong to the cloud's and the kiosk's services."""
        return ("kiosk", "product", "epoch", "granted", "taken") if obj else ()

    def save_model(self, _request: HttpRequest, obj: Allotment, form: Any, _change: bool) -> None:
        """Allot through the service, so that the kiosk learns of it."""
        allot(obj.kiosk_id, obj.product_id, form.cleaned_data["units"])
        row = Allotment.objects.get(kiosk=obj.kiosk_id, product=obj.product_id, epoch=obj.kiosk.epoch)
        obj.pk, obj.epoch = row.pk, row.epoch

    @display(description="left")
    def left(self, allotment: Allotment) -> int:
        """Units the kiosk may still sell."""
        return allotment.granted - allotment.taken

    @action(description="Declare the kiosk of this epoch lost, with all it holds", permissions=["change"])
    def declare_lost(self, request: HttpRequest, queryset: QuerySet[Allotment]) -> None:
        """Free what the chosen kiosks held in the chosen epochs. Only after this can a strict unit be sold twice."""
        for kiosk_id, epoch in sorted(set(queryset.values_list("kiosk_id", "epoch").order_by())):
            freed = declare_lost(kiosk_id=kiosk_id, epoch=epoch)
            messages.warning(request, f"Kiosk {kiosk_id}, epoch {epoch}: {freed} units are free again.")


@admin.register(Share)
class ShareAdmin(ModelAdmin):
    """What this kiosk has lent to seats; to be looked at only."""

    comes_from = "What this kiosk lends to its screens shows up while they hold it."
    list_display = ("product", "seat_id", "epoch", "granted", "taken")
    list_select_related = ("product",)
    search_fields = ("product__sku", "seat_id")

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """Seats ask for shares themselves."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Share | None = None) -> bool:
        """Counters belong to services."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Share | None = None) -> bool:
        """A share ends by sale or return."""
        return False
