"""Windows on shops and kiosks, with their devices, their last contact and what they hold."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action, display

from edgeshop.fleet.admin.base import OnCloudOnly
from edgeshop.fleet.ago import ago
from edgeshop.fleet.models import Device, Kiosk, Shop
from edgeshop.fleet.services import (
    new_code,
    note_checked_chip,
    revoke,
)
from edgeshop.fleet.services.levels import WORDS
from edgeshop.fleet.services.remarks import remarks_on
from edgeshop.fleet.services.staff import save_kiosk, save_shop
from edgeshop.journal.services import AuditKind, audit
from edgeshop.kernel import clock
from edgeshop.kernel.errors import EdgeShopError

_SILENT_S = 120
_GRACE_S = 60  # a contact takes its time
_GAPS_MAX = 3
_BUTTON = "border border-base-200 dark:border-base-700 font-medium px-3 py-2 rounded-default cursor-pointer"


@admin.register(Shop)
class ShopAdmin(OnCloudOnly, ModelAdmin):
    """Shops."""

    list_display = ("name", "id", "currency", "timezone", "default_language", "region")
    search_fields = ("name",)

    def save_model(self, _request: HttpRequest, obj: Shop, _form: Any, _change: bool) -> None:
        """Through the service, so that kiosks learn of it."""
        save_shop(obj)


class DeviceInline(TabularInline):
    """The keys that speak, or once spoke, for a kiosk. Nobody edits them: enrolment and revocation do."""

    model = Device
    verbose_name = "device"
    verbose_name_plural = "devices: the keys that speak for this kiosk, and those that did"
    fields = ("id", "standing", "kid", "enrolled_at", "ends_at", "reason")
    readonly_fields = fields
    ordering = ("-id",)
    extra = 0
    can_delete = False

    def has_add_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Enrolment does."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """To be looked at only."""
        return False

    @display(
        description="standing",
        label={"speaks": "success", "superseded": "info", "revoked": "danger", "certificate over": "warning"},
    )
    def standing(self, device: Device) -> str:
        """One word on whether it is believed."""
        if device.revoked_at:
            return "revoked"
        if device.superseded_at:
            return "superseded"
        return "certificate over" if device.ends_at and device.ends_at <= clock.now() else "speaks"


@admin.register(Kiosk)
class KioskAdmin(OnCloudOnly, ModelAdmin):
    """Kiosks, the ones that need a look first."""

    list_display = (
        "name",
        "id",
        "shop",
        "node_class",
        "state",
        "trust_level",
        "contact",
        "unsent",
        "oldest",
        "epoch",
        "release",
    )
    list_filter = ("shop", "node_class")
    list_select_related = ("shop",)
    search_fields = ("name", "id")
    readonly_fields = (
        "id", "state", "level", "certificate", "epoch", "enrolled_at", "revoked_at", "last_contact_at",
        "unsent_count", "release", "remarks", "to_do",
    )  # fmt: skip
    inlines = (DeviceInline,)
    actions = ("new_code", "revoke_boxes", "chip_checked")

    def get_fields(self, request: HttpRequest, obj: Kiosk | None = None) -> tuple[str, ...]:
        """What a new kiosk has, what all have, and for those who may change one the actions."""
        if obj is None:
            return ("name", "shop")
        shown = ("name", "shop", "node_class", *self.readonly_fields)
        return shown if self.has_change_permission(request, obj) else shown[:-1]

    def save_model(self, _request: HttpRequest, obj: Kiosk, _form: Any, _change: bool) -> None:
        """Through the service."""
        save_kiosk(obj)

    @display(description="what to do")
    def to_do(self, kiosk: Kiosk) -> SafeString:
        """The list's actions for this one kiosk: buttons that post, for a link could be followed by accident."""
        button = '<button formaction="{}" formnovalidate name="action" value="{}" class="{}">{}</button>'
        where = reverse("admin:fleet_kiosk_changelist")
        buttons = [(where, name, _BUTTON, self.get_action(name)[2]) for name in self.actions]
        chosen = format_html('<input type="hidden" name="_selected_action" value="{}">', kiosk.pk)
        return chosen + format_html_join(" ", button, buttons)

    @display(
        description="state",
        label={
            "well": "success",
            "late": "info",
            "silent": "warning",
            "not enrolled": "info",
            "revoked": "danger",
            "self": "info",
        },
    )
    def state(self, kiosk: Kiosk) -> str:
        """One word on how the kiosk is. Late: beyond the gap it promises; silent: beyond three of them."""
        if kiosk.is_self:
            return "self"
        if kiosk.revoked_at:
            return "revoked"
        if kiosk.enrolled_at is None:
            return "not enrolled"
        return _heard(kiosk)

    @display(description="remarks")
    def remarks(self, kiosk: Kiosk) -> str:
        """What else is to be said: how far a new one is with its first files."""
        return " ".join(remarks_on(kiosk.pk)) or "–"

    @display(description="trust level", ordering="trust_level")
    def level(self, kiosk: Kiosk) -> str:
        """The level in words: it decides how much may leave the shop unpaid."""
        return f"{kiosk.trust_level}: {WORDS.get(kiosk.trust_level, 'unknown')}"

    @display(description="certificate")
    def certificate(self, kiosk: Kiosk) -> str:
        """Until when the certificate of the device that speaks is good; it renews by itself."""
        device = next((d for d in kiosk.devices.order_by("-id") if d.is_live), None)
        if device is None or device.ends_at is None:
            return "–"
        if device.ends_at <= clock.now():
            return f"over since {device.ends_at:%Y-%m-%d}; renews at the next contact"
        return f"until {device.ends_at:%Y-%m-%d}"

    @display(description="last contact", ordering="last_contact_at")
    def contact(self, kiosk: Kiosk) -> str:
        """How long ago the kiosk last spoke."""
        return ago(kiosk.last_contact_at)

    @display(description="unsent", ordering="unsent_count")
    def unsent(self, kiosk: Kiosk) -> str:
        """Facts it held at its last contact."""
        return str(kiosk.unsent_count) if kiosk.unsent_count else "none"

    @display(description="oldest unsent")
    def oldest(self, kiosk: Kiosk) -> str:
        """How long ago the oldest of them was written."""
        return ago(kiosk.unsent_oldest_at) if kiosk.unsent_oldest_at else "–"

    @action(description="New enrolment code", permissions=["change"])
    def new_code(self, request: HttpRequest, queryset: QuerySet[Kiosk]) -> None:
        """Show a fresh one-time code for each kiosk chosen."""
        for kiosk in queryset:
            text = f"{kiosk.name}: {new_code(kiosk)} (15 minutes, once). On the box: manage.py enrol URL CODE"
            messages.success(request, text)
            audit(AuditKind.CODE_MADE, by=request.user.get_username(), kiosk=kiosk.pk)

    @action(description="Do not believe these boxes any more", permissions=["change"])
    def revoke_boxes(self, request: HttpRequest, queryset: QuerySet[Kiosk]) -> None:
        """Stolen or lost: what they still send is kept apart for people to look at."""
        for kiosk in queryset:
            revoke(kiosk.pk)
            audit(AuditKind.KIOSK_REVOKED, by=request.user.get_username(), kiosk=kiosk.pk)
            messages.warning(request, f"{kiosk.name} is revoked. A new enrolment code ends that.")

    @action(description="The chip's endorsement certificate is checked", permissions=["change"])
    def chip_checked(self, request: HttpRequest, queryset: QuerySet[Kiosk]) -> None:
        """Raise kiosks with a chip to the highest level; somebody has compared the maker's certificate."""
        for kiosk in queryset:
            try:
                note_checked_chip(kiosk.pk)
            except EdgeShopError as error:
                messages.error(request, f"{kiosk.name}: {error.message}")
            else:
                messages.success(request, f"{kiosk.name} is level 3 now: {WORDS[3]}.")


def _heard(kiosk: Kiosk) -> str:
    """Whether it speaks as often as the table or the class that it goes by promises."""
    at, gap_s = kiosk.last_contact_at, kiosk.promised_gap_s
    silent_s = (clock.now() - at).total_seconds() if at else float("inf")
    if silent_s < max(_SILENT_S, gap_s + _GRACE_S):
        return "well"
    return "late" if silent_s < _GAPS_MAX * gap_s else "silent"
