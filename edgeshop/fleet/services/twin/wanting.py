"""On the cloud: what a kiosk should be now, from the fleet's versions, running rollouts and what is its own."""

import json
import logging
from dataclasses import dataclass
from typing import Any

from edgeshop.fleet.components import Component, components
from edgeshop.fleet.models import Baseline, Rollout, RolloutState, Twin
from edgeshop.fleet.services.rollouts.cohorts import is_in_cohort
from edgeshop.fleet.services.twin.document import Desired, Targets
from edgeshop.kernel import clock
from edgeshop.kernel.errors import EdgeShopError
from edgeshop.kernel.facts import canonical

log = logging.getLogger(__name__)


def twin_of(kiosk_id: int) -> Twin:
    """A kiosk's twin; every kiosk has one as soon as somebody looks."""
    return Twin.objects.get_or_create(pk=kiosk_id)[0]


@dataclass(frozen=True, slots=True)
class FleetVersions:
    """The fleet's version of each component, and the rollouts that say otherwise for their cohorts."""

    baselines: dict[str, int]
    running: list[Rollout]

    def of(self, kiosk_id: int) -> dict[str, int]:
        """The version of each component that a kiosk should have."""
        theirs = {r.component: r.to_version for r in self.running if is_in_cohort(r, kiosk_id)}
        return self.baselines | theirs


def fleet_versions() -> FleetVersions:
    """As it is now, in two queries for any number of kiosks."""
    baselines = dict(Baseline.objects.values_list("component", "version"))
    return FleetVersions(baselines, list(Rollout.objects.filter(state=RolloutState.RUNNING)))


def renew(twin: Twin, *, above: int = 0) -> Desired:
    """The desired document as it should be now. `above`: a version that the kiosk knows already.

    Effect: the twin's row, when anything is otherwise.
    """
    before = Desired(twin.version, twin.targets, twin.since)
    after = before.renewed(_targets(twin), above=above)
    if after is not before:
        twin.version, twin.targets, twin.since = after.version, dict(after.targets), dict(after.since)
        twin.desired_at = clock.now()
        twin.save(update_fields=["version", "targets", "since", "desired_at"])
    return after


def _targets(twin: Twin) -> Targets:
    versions = fleet_versions().of(twin.pk)
    found = {part.name: _target(part, versions[part.name], twin) for part in components() if part.name in versions}
    return {name: target for name, target in found.items() if target is not None}


def _target(part: Component, version: int, twin: Twin) -> dict[str, Any] | None:
    """What a version means here. What cannot be said today leaves what was wanted before: the page says why."""
    try:
        target = part.target(version, twin.pk)
    except EdgeShopError as error:
        log.warning("%s %s for kiosk %s: %s", part.name, version, twin.pk, error.message)
        before: dict[str, Any] | None = twin.targets.get(part.name)
        return before
    if target is None:
        return None
    again = {"again": twin.again[part.name]} if twin.again.get(part.name) else {}
    said: dict[str, Any] = json.loads(canonical({**target, **again}))
    return said


def try_again(kiosk_id: int, component: str) -> None:
    """Let a kiosk try a target once more that it has rejected: from now on it is another one."""
    twin = twin_of(kiosk_id)
    twin.again = {**twin.again, component: twin.again.get(component, 0) + 1}
    twin.save(update_fields=["again"])
