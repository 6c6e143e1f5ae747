"""A window on rollouts: how far each is, why, and the two buttons a person may need."""

import math
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin
from unfold.decorators import action, display

from edgeshop.fleet.admin.base import OnCloudOnly
from edgeshop.fleet.models import Rollout, RolloutState
from edgeshop.fleet.services.rollouts.cohorts import STAGES_PCT
from edgeshop.fleet.services.rollouts.evidence import ALPHA, strength
from edgeshop.fleet.services.rollouts.judging import look_at, standing
from edgeshop.fleet.services.rollouts.moving import halt, promote
from edgeshop.kernel.errors import EdgeShopError

_NO_SAVING = dict.fromkeys(("show_save", "show_save_and_continue", "show_save_and_add_another"), False)


@admin.register(Rollout)
class RolloutAdmin(OnCloudOnly, ModelAdmin):
    """Rollouts, newest first. They begin on the policies' page, or with `manage.py rollout start`."""

    comes_from = (
        "A rollout begins on the page of the node classes, with the action Roll "
        "this version out, or with manage.py rollout start."
    )
    list_display = ("name", "standing", "stage_pct", "verdict", "started_at", "ended_at")
    list_filter = ("state", "component")
    fields = ("name", "standing", "progress", "verdict", "started_by", "to_do")
    readonly_fields = fields
    actions = ("promote_now", "halt_now")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Kiosks keep no such rows."""
        return bool(settings.EDGESHOP.is_ledger and super().has_view_permission(request, obj))

    def has_add_permission(self, _request: HttpRequest, *_args: Any) -> bool:
        """What is rolled out is chosen where its versions are."""
        return False

    def get_fields(self, request: HttpRequest, obj: Rollout | None = None) -> tuple[str, ...]:
        """The buttons while it runs, for those who may press them."""
        may_move = obj is not None and obj.state == RolloutState.RUNNING and self.has_change_permission(request, obj)
        return self.fields if may_move else self.fields[:-1]

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        """Nothing is edited here: no save buttons."""
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **_NO_SAVING})

    @display(description="rollout")
    def name(self, rollout: Rollout) -> str:
        """What from where to where."""
        return str(rollout)

    @display(description="state", label={"running": "info", "done": "success", "halted": "danger"})
    def standing(self, rollout: Rollout) -> str:
        """In a word."""
        return rollout.state

    @display(description="stage")
    def stage_pct(self, rollout: Rollout) -> str:
        """How much of the fleet it is for."""
        return f"{STAGES_PCT[rollout.stage]} %"

    @display(description="how far")
    def progress(self, rollout: Rollout) -> SafeString:
        """Stages, counts, evidence and what happened so far."""
        now = standing(rollout, look_at(rollout)) if rollout.state == RolloutState.RUNNING else None
        stages = list(enumerate(STAGES_PCT))
        evidence = [(name, *_scale(rollout, name)) for name in ALPHA]
        said = {"rollout": rollout, "now": now, "stages": stages, "evidence": evidence, "notes": rollout.notes.all()}
        return render_to_string("fleet/rollout.html", said)

    @display(description="what to do")
    def to_do(self, rollout: Rollout) -> SafeString:
        """The list's actions for this one: buttons that post."""
        buttons = [(name, self.get_action(name)[2]) for name in self.actions]
        where = reverse("admin:fleet_rollout_changelist")
        return render_to_string("fleet/rollout_buttons.html", {"buttons": buttons, "where": where, "pk": rollout.pk})

    @action(description="Go on to the next stage now", permissions=["change"])
    def promote_now(self, request: HttpRequest, queryset: QuerySet[Rollout]) -> None:
        """Without waiting for the evidence."""
        self._move(request, queryset, promote)

    @action(description="Halt and go back", permissions=["change"])
    def halt_now(self, request: HttpRequest, queryset: QuerySet[Rollout]) -> None:
        """The version before counts again for everybody."""
        self._move(request, queryset, halt)

    def _move(self, request: HttpRequest, chosen: QuerySet[Rollout], move: Callable[..., Rollout]) -> None:
        for rollout in chosen:
            try:
                after = move(rollout.pk, why=f"by {request.user.get_username()}")
            except EdgeShopError as refused:
                messages.error(request, f"{rollout}: {refused.message}")
            else:
                messages.success(request, f"{after} is {after.state} at {STAGES_PCT[after.stage]} %.")


def _scale(rollout: Rollout, signal: str) -> tuple[int, str]:
    """How much of the evidence that halts is there, 0 to 100; and in words."""
    share = strength(rollout.evidence.get(signal, {})) / -math.log(ALPHA[signal])
    pct = max(0, min(100, round(100 * share)))
    return pct, "halts" if pct == 100 else "some sign of harm" if pct >= 50 else "no sign of harm"
