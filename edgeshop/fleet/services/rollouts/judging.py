"""The regular look at running rollouts: what has happened since the last one, the verdict, and the move."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from edgeshop.fleet.models import Rollout, RolloutKiosk, RolloutState, Twin
from edgeshop.fleet.services.rollouts.cohorts import fleet_ids, is_in_cohort
from edgeshop.fleet.services.rollouts.evidence import Look, added, in_bounds
from edgeshop.fleet.services.rollouts.moving import SIGNALS, halt, promote
from edgeshop.fleet.services.rollouts.verdicts import Move, Standing, Verdict, judge
from edgeshop.kernel import clock

Part = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Seen:
    """One kiosk at a look. `is_on`: it runs the new version and is in the cohort; `is_off`: it is in the control."""

    member: RolloutKiosk
    counts: dict[str, int]
    is_on: bool
    is_off: bool
    is_refusing: bool

    @property
    def counts_for(self) -> str:
        """The arm that what happens from now on counts for; empty while a kiosk is on its way."""
        return "cohort" if self.is_on else "control" if self.is_off else ""

    @property
    def is_steady(self) -> bool:
        """Whether it was in this arm at the last look too: what happened since then is the arm's."""
        before: str = self.member.seen.get("arm", "control")
        return before == self.counts_for != ""


def judge_all() -> dict[int, Verdict]:
    """Look at every running rollout and do what the verdict says; answers the verdicts. Safe to run at any time."""
    running = Rollout.objects.filter(state=RolloutState.RUNNING).order_by("pk")
    return {pk: judge_one(pk) for pk in running.values_list("pk", flat=True)}


@transaction.atomic
def judge_one(rollout_id: int) -> Verdict:
    """One look at one rollout. Effect: evidence, verdict, and a promotion or the end of it."""
    rollout = Rollout.objects.select_for_update().get(pk=rollout_id)
    if rollout.state != RolloutState.RUNNING:
        return Verdict(Move.STAY, rollout.verdict)
    seen = look_at(rollout)
    for signal, names in SIGNALS.items():
        look = _look(seen, signal, *names)
        rollout.evidence = {**rollout.evidence, signal: added(rollout.evidence.get(signal, {}), look)}
    _remember(seen)
    verdict = judge(standing(rollout, seen))
    rollout.verdict = verdict.why[:200]
    rollout.save(update_fields=["evidence", "verdict"])
    if verdict.move in {Move.PROMOTE, Move.FINISH}:
        promote(rollout_id, why=verdict.why)
    elif verdict.move is Move.HALT:
        halt(rollout_id, why=verdict.why)
    return verdict


def look_at(rollout: Rollout) -> list[Seen]:
    """Every kiosk that the rollout is about, as it has last reported. One that is new meanwhile begins here."""
    ids = fleet_ids()
    known = {member.kiosk_id: member for member in RolloutKiosk.objects.filter(rollout=rollout)}
    twins = {twin.pk: twin for twin in Twin.objects.filter(pk__in=ids)}
    return [_seen(rollout, known.get(pk) or RolloutKiosk(rollout=rollout, kiosk_id=pk), twins.get(pk)) for pk in ids]


def _seen(rollout: Rollout, member: RolloutKiosk, twin: Twin | None) -> Seen:
    part = twin.reported.get("parts", {}).get(rollout.component, {}) if twin else {}
    is_in = is_in_cohort(rollout, member.kiosk_id)
    return Seen(
        member=member,
        counts=twin.health if twin else {},
        is_on=is_in and part.get("runs_version") == rollout.to_version,
        is_off=not is_in,
        is_refusing=is_in and _is_refusing(part, rollout.to_version),
    )


def _is_refusing(part: Part, version: int) -> bool:
    refused = {known for known, _ in part.get("rejected", [])}
    return part.get("version") == version and part.get("hash") in refused


def _look(seen: list[Seen], signal: str, exposed: str, failed: str) -> Look:
    failures, expected = {"cohort": 0, "control": 0}, {"cohort": 0.0, "control": 0.0}
    for one in seen:
        if one.is_steady:
            usually = one.member.usual.get(signal, 0.0) * _since(one, exposed)
            expected[one.counts_for] += usually
            failures[one.counts_for] += in_bounds(_since(one, failed), usually) if usually else 0
    return Look(failures["cohort"], failures["control"], expected["cohort"], expected["control"])


def _since(one: Seen, name: str) -> int:
    """How much a count has risen since the last look; a disk that was put back begins anew."""
    before = one.member.seen.get("counts", {})
    return max(0, one.counts.get(name, 0) - before[name]) if name in before else 0


def _remember(seen: list[Seen]) -> None:
    for one in seen:
        now = {"counts": one.counts, "arm": one.counts_for}
        if now != one.member.seen:
            one.member.seen = now
            one.member.save()


def standing(rollout: Rollout, seen: list[Seen]) -> Standing:
    """The rollout in numbers."""
    return Standing(
        stage=rollout.stage,
        age=clock.now() - rollout.stage_at,
        cohort=sum(not one.is_off for one in seen),
        applied=sum(one.is_on for one in seen),
        rejected=sum(one.is_refusing for one in seen),
        control=sum(one.is_off for one in seen),
        evidence=rollout.evidence,
        stage_evidence=rollout.stage_evidence,
    )
