"""A window on the rules of the node classes, version by version."""

from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin
from unfold.decorators import action, display

from edgeshop.fleet.admin.base import OnCloudOnly
from edgeshop.fleet.classes import ClassPolicy
from edgeshop.fleet.errors import PolicyInvalid
from edgeshop.fleet.models import Baseline, Policy, Rollout, RolloutState
from edgeshop.fleet.services.policies import POLICY, classes_of
from edgeshop.fleet.services.rollouts.moving import start_rollout
from edgeshop.kernel.errors import EdgeShopError

_ROLLED: dict[str, str] = {RolloutState.RUNNING: "on its way", RolloutState.HALTED: "went back"}


@admin.register(Policy)
class PolicyAdmin(OnCloudOnly, ModelAdmin):
    """Policies, newest first; `manage.py policy load` brings the next one."""

    comes_from = (
        "manage.py policy load deploy/classes.toml brings the rules that ship; the first version counts at once."
    )
    list_display = ("number", "state", "loaded_at", "loaded_by", "digest")
    fields = ("number", "state", "loaded_at", "loaded_by", "sha256", "rules", "source")
    readonly_fields = fields
    actions = ("roll_out",)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Kiosks keep no such rows."""
        return bool(settings.EDGESHOP.is_ledger and super().has_view_permission(request, obj))

    def has_add_permission(self, _request: HttpRequest, *_args: Any) -> bool:
        """By the command, which checks the file."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A version never changes; the list has its action."""
        return obj is None and super().has_change_permission(request, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Policy]:
        """With where each version stands, fetched once for all rows."""
        self._base = Baseline.objects.filter(pk=POLICY).values_list("version", flat=True).first()
        self._last = dict(Rollout.objects.filter(component=POLICY).order_by("pk").values_list("to_version", "state"))
        found: QuerySet[Policy] = super().get_queryset(request)
        return found

    @display(description="version", ordering="version")
    def number(self, policy: Policy) -> str:
        """Its number."""
        return f"Policy {policy.version}"

    @display(
        description="state",
        label={"counts for all": "success", "on its way": "info", "went back": "danger", "kept": "warning"},
    )
    def state(self, policy: Policy) -> str:
        """Where this version stands."""
        if policy.version == self._base:
            return "counts for all"
        return _ROLLED.get(self._last.get(policy.version, ""), "kept")

    @display(description="sha256")
    def digest(self, policy: Policy) -> str:
        """The beginning of the hash of its text."""
        return policy.sha256[:12]

    @display(description="rules")
    def rules(self, policy: Policy) -> SafeString:
        """Class by class, side by side."""
        try:
            classes = classes_of(policy.text)
        except PolicyInvalid as odd:  # loaded by an older release
            return format_html("This release cannot read it: {}", odd.message)
        return render_to_string("fleet/policy.html", {"names": list(classes), "rows": _rows(classes)})

    @display(description="as loaded")
    def source(self, policy: Policy) -> SafeString:
        """The file."""
        return render_to_string("fleet/source.html", {"text": policy.text})

    @action(description="Roll this version out", permissions=["change"])
    def roll_out(self, request: HttpRequest, queryset: QuerySet[Policy]) -> None:
        """Begin with the first stage; the rollouts' page shows how it goes."""
        for policy in queryset:
            try:
                rollout = start_rollout(POLICY, policy.version, by=request.user.get_username())
            except EdgeShopError as refused:
                messages.error(request, f"{policy}: {refused.message}")
            else:
                messages.success(request, f"{rollout} has begun.")


def _rows(classes: dict[str, ClassPolicy]) -> list[tuple[str, list[str]]]:
    """One row per rule, one value per class."""
    flat = [_flat(asdict(policy)) for policy in classes.values()]
    return [(key, [one[key] for one in flat]) for key in flat[0]]


def _flat(table: dict[str, Any], above: str = "") -> dict[str, str]:
    out: dict[str, str] = {}
    for key, value in table.items():
        name = f"{above} {key}".strip().replace("_", " ")
        out |= _flat(value, name) if isinstance(value, dict) else {name: _words(value)}
    return out


def _words(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int) and value >= 10**6:
        return f"{value / 10**6:,.0f} million"
    return str(value) if value != "" else "–"
