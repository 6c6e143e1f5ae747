"""Windows on what each kiosk should be and what it is, and on a kiosk itself on how far it is with that."""

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import CharField, ModelForm, Textarea, ValidationError
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin
from unfold.decorators import action, display

from edgeshop.fleet.admin.base import OnCloudOnly
from edgeshop.fleet.ago import ago
from edgeshop.fleet.models import ApplyStep, Twin
from edgeshop.fleet.services.policies import set_overrides
from edgeshop.fleet.services.rollouts.cohorts import STAGES_PCT, is_in_cohort
from edgeshop.fleet.services.twin import explain
from edgeshop.fleet.services.twin.wanting import fleet_versions, try_again
from edgeshop.kernel.errors import EdgeShopError

_PILLS = {
    explain.AS_WANTED: "success",
    explain.ON_ITS_WAY: "info",
    explain.REFUSED: "danger",
    explain.NOT_TOLD: "warning",
    explain.UNKNOWN: "warning",
    explain.NOTHING: "info",
}


class OverridesForm(ModelForm):  # type: ignore[type-arg]  # -- not generic at run time
    """A kiosk's own rules, in the words of the policy's file."""

    overrides = CharField(
        required=False,
        widget=Textarea(attrs={"rows": 4, "style": "font-family: monospace; width: 100%", "spellcheck": "false"}),
        help_text="What this kiosk has otherwise than its class, as in deploy/classes.toml: cadence.C.gap_s = 300",
    )

    class Meta:
        model = Twin
        fields = ("overrides",)

    def clean_overrides(self) -> str:
        """Written by the service, which checks it against the policy that counts."""
        text = str(self.cleaned_data["overrides"]).replace("\r\n", "\n")
        try:
            set_overrides(self.instance.pk, text)
        except EdgeShopError as refused:
            raise ValidationError(refused.message) from refused
        return text


@admin.register(Twin)
class TwinAdmin(OnCloudOnly, ModelAdmin):
    """Each kiosk's class, what is wanted of it and what it reports; the ones that refuse something are in red."""

    comes_from = "Each kiosk has its twin from its first contact on."
    form = OverridesForm
    list_display = ("kiosk", "node_class", "grade", "contact", "standing", "versions", "cohort")
    list_filter = ("kiosk__node_class", "kiosk__shop")
    list_select_related = ("kiosk",)
    search_fields = ("kiosk__name", "kiosk__id")
    ordering = ("kiosk__name",)
    fields = ("kiosk", "node_class", "standing", "cohort", "story", "counts", "overrides")
    readonly_fields = fields[:-1]
    actions = ("once_more",)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Kiosks keep no such rows."""
        return bool(settings.EDGESHOP.is_ledger and super().has_view_permission(request, obj))

    def has_add_permission(self, _request: HttpRequest, *_args: Any) -> bool:
        """A kiosk's first contact makes it."""
        return False

    def save_model(self, _request: HttpRequest, _obj: Twin, _form: Any, _change: bool) -> None:
        """The form has done so through the service; writing the whole row could undo what a contact brought."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Twin]:
        """With what is wanted now, fetched once for all rows."""
        self._fleet = fleet_versions()
        found: QuerySet[Twin] = super().get_queryset(request)
        return found

    def _parts(self, twin: Twin) -> list[explain.PartView]:
        return explain.parts_of(twin, self._fleet.of(twin.pk))

    @display(description="class", ordering="kiosk__node_class")
    def node_class(self, twin: Twin) -> str:
        """Which rules it goes by."""
        own = ", with rules of its own" if twin.overrides else ""
        return f"{twin.kiosk.node_class}{own}"

    @display(description="grade")
    def grade(self, twin: Twin) -> str:
        """The link as the last contact found it."""
        return twin.kiosk.link_grade or "–"

    @display(description="last contact", ordering="kiosk__last_contact_at")
    def contact(self, twin: Twin) -> str:
        """How long ago it last spoke."""
        return ago(twin.kiosk.last_contact_at)

    @display(description="state", label=_PILLS)
    def standing(self, twin: Twin) -> str:
        """In a word."""
        return explain.word_for(self._parts(twin))

    @display(description="wanted and running")
    def versions(self, twin: Twin) -> str:
        """By component: the version that is wanted, and another one that runs."""
        parts = self._parts(twin)
        return ", ".join(_versions(part) for part in parts) or "–"

    @display(description="rollout")
    def cohort(self, twin: Twin) -> str:
        """Which rollouts it is a part of now."""
        in_it = [r for r in self._fleet.running if is_in_cohort(r, twin.pk)]
        return ", ".join(f"{r.component} {r.to_version}, {STAGES_PCT[r.stage]} %" for r in in_it) or "–"

    @display(description="why it is where it is")
    def story(self, twin: Twin) -> SafeString:
        """Each component with its way."""
        return render_to_string("fleet/twin.html", {"parts": self._parts(twin), "twin": twin})

    @display(description="health")
    def counts(self, twin: Twin) -> str:
        """The counts that rollouts are judged by."""
        return ", ".join(f"{count} {name}" for name, count in sorted(twin.health.items())) or "nothing reported yet"

    @action(description="Let these kiosks try again what they refused", permissions=["change"])
    def once_more(self, request: HttpRequest, queryset: QuerySet[Twin]) -> None:
        """At their next contact."""
        for twin in queryset.select_related("kiosk"):
            for part in self._parts(twin):
                if part.word == explain.REFUSED:
                    try_again(twin.pk, part.component)
                    messages.success(request, f"{twin.kiosk} will try {part.component} {part.wanted} again.")


def _versions(part: explain.PartView) -> str:
    runs = f", runs {part.runs or 'none'}" if part.runs != part.wanted else ""
    return f"{part.component} {part.wanted}{runs}"


@admin.register(ApplyStep)
class ApplyStepAdmin(OnCloudOnly, ModelAdmin):
    """On a kiosk: what it did to become what is wanted, newest first."""

    comes_from = "Steps appear when the cloud wants something of this kiosk: a policy, a model, a release."
    list_display = ("at", "component", "version", "state", "problem")
    list_filter = ("component",)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The cloud keeps no such rows."""
        return bool(not settings.EDGESHOP.is_ledger and super().has_view_permission(request, obj))

    def has_add_permission(self, _request: HttpRequest, *_args: Any) -> bool:
        """The machine does."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """To be looked at only."""
        return False
