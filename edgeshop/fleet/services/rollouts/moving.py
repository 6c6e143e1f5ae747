"""Starting, promoting and halting a rollout: one transaction each, with a note of who or what did it."""

from collections.abc import Iterable

from django.db import transaction

from edgeshop.fleet.components import component_of
from edgeshop.fleet.errors import RolloutRefused
from edgeshop.fleet.models import Baseline, Rollout, RolloutKiosk, RolloutNote, RolloutState, Twin
from edgeshop.fleet.services.health import FAILED, HOURS, STARTS, TRIED
from edgeshop.fleet.services.rollouts.cohorts import STAGES_PCT, fleet_ids, threshold_for
from edgeshop.kernel import clock

SIGNALS = {"checkouts": (TRIED, FAILED), "starts": (HOURS, STARTS)}  # what was exposed, and what counts as failed
_PRIOR = {"checkouts": 500.0, "starts": 168.0}  # how much of the fleet's mean a kiosk's own rate is mixed with
_RATE_MIN = 1e-6


@transaction.atomic
def start_rollout(component: str, to_version: int, *, by: str) -> Rollout:
    """Begin to bring a version into the fleet, at the first stage. Raises: RolloutRefused."""
    part = component_of(component)
    if part is None or to_version not in part.versions():
        raise RolloutRefused("There is no such version to roll out.", component=component, version=to_version)
    base = Baseline.objects.select_for_update().filter(pk=component).first()
    if base is None or base.version == to_version:
        raise RolloutRefused("The fleet has this version already, or none to go back to.", component=component)
    if Rollout.objects.filter(component=component, state=RolloutState.RUNNING).exists():
        raise RolloutRefused("Another rollout of this component is running.", component=component)
    now = clock.now()
    rollout = Rollout.objects.create(
        component=component, from_version=base.version, to_version=to_version, started_at=now, stage_at=now,
        started_by=by[:150], verdict="just begun",
    )  # fmt: skip
    _enter(rollout, 0)
    _remember(rollout)
    note(rollout, "started", f"by {by}")
    return rollout


@transaction.atomic
def promote(rollout_id: int, *, why: str) -> Rollout:
    """On to the next stage; after the last one the fleet's version is the new one. Raises: RolloutRefused."""
    rollout = _running(rollout_id)
    if rollout.stage + 1 < len(STAGES_PCT):
        _enter(rollout, rollout.stage + 1)
        note(rollout, f"{STAGES_PCT[rollout.stage]} %", why)
        return rollout
    Baseline.objects.filter(pk=rollout.component).update(version=rollout.to_version)
    return _end(rollout, RolloutState.DONE, why)


@transaction.atomic
def halt(rollout_id: int, *, why: str) -> Rollout:
    """Stop, and let the cohort go back: the version before counts for everybody again. Raises: RolloutRefused."""
    return _end(_running(rollout_id), RolloutState.HALTED, why)


def note(rollout: Rollout, what: str, detail: str) -> None:
    """Write down what happened."""
    RolloutNote.objects.create(rollout=rollout, at=clock.now(), what=what, detail=detail[:200])


def _running(rollout_id: int) -> Rollout:
    rollout = Rollout.objects.select_for_update().filter(pk=rollout_id, state=RolloutState.RUNNING).first()
    if rollout is None:
        raise RolloutRefused("This rollout is over.", rollout=rollout_id)
    return rollout


def _enter(rollout: Rollout, stage: int) -> None:
    rollout.stage, rollout.stage_at, rollout.stage_evidence = stage, clock.now(), rollout.evidence
    rollout.threshold = max(rollout.threshold, threshold_for(rollout.pk, fleet_ids(), stage))
    rollout.save(update_fields=["stage", "stage_at", "stage_evidence", "threshold"])


def _end(rollout: Rollout, state: RolloutState, why: str) -> Rollout:
    rollout.state, rollout.ended_at, rollout.verdict = state, clock.now(), why[:200]
    rollout.save(update_fields=["state", "ended_at", "verdict"])
    note(rollout, str(state), why)
    return rollout


def _remember(rollout: Rollout) -> None:
    """Where each kiosk's counts are now, and what it fails usually."""
    counts = dict(Twin.objects.filter(kiosk__in=fleet_ids()).values_list("kiosk_id", "health"))
    means = {signal: _mean(counts.values(), *names) for signal, names in SIGNALS.items()}
    RolloutKiosk.objects.bulk_create(
        RolloutKiosk(rollout=rollout, kiosk_id=kiosk_id, seen={"counts": health}, usual=usual(health, means))
        for kiosk_id, health in counts.items()
    )


def _mean(counts: Iterable[dict[str, int]], exposed: str, failed: str) -> float:
    counts = list(counts)
    total = sum(c.get(exposed, 0) for c in counts)
    return max(_RATE_MIN, sum(c.get(failed, 0) for c in counts) / total) if total else _RATE_MIN


def usual(counts: dict[str, int], means: dict[str, float]) -> dict[str, float]:
    """How often a kiosk fails usually, by signal: its own rate, drawn towards the fleet's mean."""
    return {
        signal: (counts.get(failed, 0) + _PRIOR[signal] * means[signal]) / (counts.get(exposed, 0) + _PRIOR[signal])
        for signal, (exposed, failed) in SIGNALS.items()
    }
