"""Windows on the journal: the facts as they are, and those that a person must look at. Nothing is edited here."""

import json
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.decorators import action, display

from edgeshop.journal.models import AuditEntry, Quarantine, Record, Repair
from edgeshop.journal.services import AuditKind, apply_again
from edgeshop.journal.services.audit_words import in_words, place_in_words
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

    comes_from = "Every sale, count and decision writes a fact; the first sale writes the first."
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


class KindFilter(admin.SimpleListFilter):
    """By what was done, in the words of the list."""

    title = "what"
    parameter_name = "kind"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, str]]:
        """Every kind there is, by its middle word."""
        return [(kind, kind.split(".")[1].replace("_", " ")) for kind in AuditKind]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        """Of that kind."""
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(AuditEntry)
class AuditAdmin(ReadOnly, ModelAdmin):
    """Who did what, when and where, newest first. Each line is read from its fact, not from a copy of it."""

    comes_from = "What people do on either side is written down here."
    list_display = ("at", "who", "what", "where")
    list_filter = (KindFilter, "by")
    list_select_related = ("record",)
    search_fields = ("by", "kind")
    ordering = ("-at",)
    date_hierarchy = "at"
    list_per_page = 50
    fields = ("at", "who", "what", "where", "fact", "chain_value")
    readonly_fields = fields

    @display(description="who", ordering="by")
    def who(self, entry: AuditEntry) -> str:
        """The name somebody logs in with; a failed login may be nobody's."""
        return str(self._said(entry)["by"]) or "somebody"

    @display(description="what", ordering="kind")
    def what(self, entry: AuditEntry) -> str:
        """In words."""
        return in_words(entry.record.kind, self._said(entry)["about"])

    @display(description="where", ordering="record__device_id")
    def where(self, entry: AuditEntry) -> str:
        """The cloud, or which kiosk."""
        return place_in_words(entry.record.device_id)

    @display(description="fact")
    def fact(self, entry: AuditEntry) -> str:
        """Its place in its journal."""
        record = entry.record
        return f"{record.device_id}/{record.epoch}/{record.seq}"

    @display(description="chain")
    def chain_value(self, entry: AuditEntry) -> str:
        """The chain value after this fact."""
        return bytes(entry.record.chain).hex()

    @staticmethod
    def _said(entry: AuditEntry) -> dict[str, Any]:
        body = json.loads(bytes(entry.record.body))
        return {"by": body.get("by", ""), "about": body.get("about", {})}


@admin.register(Quarantine)
class QuarantineAdmin(ReadOnly, ModelAdmin):
    """Facts that could not be applied."""

    comes_from = "Good: every fact that came in could be applied."
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


@admin.register(Repair)
class RepairAdmin(ReadOnly, ModelAdmin):
    """On a kiosk: the streams that are not as the cloud's just now. One that rests was tried in vain."""

    comes_from = "Good: this kiosk and the cloud agree on every stream."
    list_display = ("stream", "since", "tries", "mended", "rests_until")
    ordering = ("since",)
