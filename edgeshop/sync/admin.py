"""Windows on what traffic costs: each kiosk's month in the cloud, the hours of its own ledger on a kiosk."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin
from unfold.decorators import display

from edgeshop.fleet.admin import OnCloudOnly
from edgeshop.kernel import clock
from edgeshop.sync.models import Egress, LinkAccount
from edgeshop.sync.services.egress.chart import worded
from edgeshop.sync.services.egress.page import egress_html
from edgeshop.sync.services.egress.report import MonthReport, report_for

_CARE_PCT = 80  # of the cap


class _LookOnly(OnCloudOnly):
    def has_add_permission(self, _request: HttpRequest, *_args: Any) -> bool:
        """Contacts do."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """To be looked at only."""
        return False


@admin.register(LinkAccount)
class LinkAccountAdmin(_LookOnly, ModelAdmin):
    """Each kiosk's month: what it has spent of its cap, the ones nearest to it first."""

    comes_from = "A kiosk's month begins with its first report of what its traffic cost."
    list_display = ("kiosk", "node_class", "grade", "share", "standing", "steered")
    list_filter = ("kiosk__node_class", "kiosk__shop")
    list_select_related = ("kiosk",)
    search_fields = ("kiosk__name", "kiosk__id")
    ordering = ("-spent_pct", "kiosk__name")
    fields = ("kiosk", "node_class", "grade", "standing", "steered", "month")
    readonly_fields = fields

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Kiosks keep no such rows."""
        return bool(settings.EDGESHOP.is_ledger and super().has_view_permission(request, obj))

    @display(description="class", ordering="kiosk__node_class")
    def node_class(self, account: LinkAccount) -> str:
        """Whose rules set the cap."""
        return account.kiosk.node_class

    @display(description="grade", ordering="kiosk__link_grade")
    def grade(self, account: LinkAccount) -> str:
        """The link as the last contact found it."""
        return account.kiosk.link_grade or "–"

    @display(description="share of the cap", ordering="spent_pct")
    def share(self, account: LinkAccount) -> str:
        """As of its last hourly word."""
        return f"{account.spent_pct:.0f} %" if account.spent_pct else "–"

    @display(description="state", label={"well": "success", "near its cap": "warning", "spent": "danger"})
    def standing(self, account: LinkAccount) -> str:
        """In a word. What is spent has left orders and revocations to travel, and nothing else."""
        if account.spent_pct >= 100:
            return "spent"
        return "near its cap" if account.spent_pct >= _CARE_PCT else "well"

    @display(description="table", ordering="place")
    def steered(self, account: LinkAccount) -> str:
        """Which of its class's tables it goes by."""
        return "none" if account.place is None else f"{account.place + 1}, given on {account.steered_on:%Y-%m-%d}"

    @display(description="this month")
    def month(self, account: LinkAccount) -> SafeString:
        """Plan against actual, by stream, by grade, by day."""
        return egress_html(_report(account), currency=account.currency)


def _report(account: LinkAccount) -> MonthReport:
    return report_for(account.pk, clock.now().date())


@admin.register(Egress)
class EgressAdmin(_LookOnly, ModelAdmin):
    """On a kiosk: its own ledger, hour by hour; days that are over are one row for each stream."""

    comes_from = "The first contact with the cloud writes the first row."
    list_display = ("hour", "stream", "grade", "up", "down")
    list_filter = ("stream", "grade")
    ordering = ("-hour", "stream")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The cloud keeps no such rows."""
        return bool(not settings.EDGESHOP.is_ledger and super().has_view_permission(request, obj))

    @display(description="up", ordering="up_bytes")
    def up(self, row: Egress) -> str:
        """Bytes sent."""
        return worded(row.up_bytes, "")

    @display(description="down", ordering="down_bytes")
    def down(self, row: Egress) -> str:
        """Bytes that came."""
        return worded(row.down_bytes, "")
