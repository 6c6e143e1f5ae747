"""Windows on the journal: the facts as they are, and those that a person must look at. Nothing is edited here."""

import json
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.decorators import action, display

from edgeshop.journal.models import Quarantine, Record
from edgeshop.journal.services import apply_again
from edgeshop.kernel import clock


class ReadOnly:
    """Facts are append-only; so is their window."""

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """Never by hand."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Never."""
        return False


@admin.register(Record)
class RecordAdmin(ReadOnly, ModelAdmin):
    """Facts, newest first."""

    list_display = ("kind", "device_id", "epoch", "seq", "at")
    list_filter = ("kind",)
    search_fields = ("kind", "seq")
    ordering = ("-id",)
    fields = ("kind", "device_id", "epoch", "seq", "at", "content", "chain_value")
    readonly_fields = fields

    @display(description="content")
    def content(self, record: Record) -> str:
        """The body, readable."""
        return json.dumps(json.loads(bytes(record.body)), indent=1, ensure_ascii=False)

    @display(description="chain")
    def chain_value(self, record: Record) -> str:
        """The chain value after this fact."""
        return bytes(record.chain).hex()


@admin.register(Quarantine)
class QuarantineAdmin(ReadOnly, ModelAdmin):
    """Facts that could not be applied."""

    list_display = ("record", "code", "opened_at", "closed_at")
    list_filter = ("code", ("closed_at", admin.EmptyFieldListFilter))
    list_select_related = ("record",)
    actions = ("try_again", "close")

    def has_look_after_permission(self, request: HttpRequest) -> bool:
        """Whoever may change quarantine, although nobody edits its rows."""
        return bool(request.user.has_perm("journal.change_quarantine"))

    @action(description="Apply again", permissions=["look_after"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Quarantine]) -> None:
        """Apply them once more, as after an upgrade, and say what became of each."""
        for parked in queryset.filter(closed_at=None).select_related("record").order_by("record_id"):
            outcome = apply_again(parked.pk)
            level = messages.SUCCESS if outcome.status in {"settled", "review"} else messages.WARNING
            self.message_user(request, f"{parked.record}: {outcome.status} {', '.join(outcome.reasons)}", level)

    @action(description="Looked at: close", permissions=["look_after"])
    def close(self, _request: HttpRequest, queryset: QuerySet[Quarantine]) -> None:
        """Note that a person has dealt with it; the fact itself stays."""
        queryset.filter(closed_at=None).update(closed_at=clock.now())
