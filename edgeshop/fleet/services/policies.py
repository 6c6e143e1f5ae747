"""Policies of the node classes: loaded and numbered in the cloud, and the rules that a kiosk goes by."""

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.db.models import Max

from edgeshop.fleet.classes import ClassPolicy, lay_over, read_class, read_overrides, read_policy
from edgeshop.fleet.components import Step, Target
from edgeshop.fleet.errors import PolicyInvalid
from edgeshop.fleet.models import ActivePolicy, Baseline, Kiosk, Policy, Twin
from edgeshop.kernel import clock
from edgeshop.kernel.facts import canonical

POLICY = "policy"
_STAGED, _ACTIVE = "staged", "active"


@dataclass(frozen=True, slots=True)
class Loaded:
    """A policy's number, and whether it is a new one: the same text twice is one version."""

    version: int
    is_new: bool


@transaction.atomic
def load_policy(text: str, *, by: str = "") -> Loaded:
    """Keep a policy as the next version. The first one counts for all at once; later ones by a rollout.

    Raises: PolicyInvalid. Effect: one Policy, or none for a text that is known.
    """
    read_policy(text)
    digest = hashlib.sha256(text.encode()).hexdigest()
    known = Policy.objects.filter(sha256=digest).first()
    if known is not None:
        return Loaded(known.version, is_new=False)
    version = (Policy.objects.aggregate(last=Max("version"))["last"] or 0) + 1
    Policy.objects.create(version=version, text=text, sha256=digest, loaded_at=clock.now(), loaded_by=by[:150])
    Baseline.objects.get_or_create(component=POLICY, defaults={"version": version})
    return Loaded(version, is_new=True)


def policy_versions() -> list[int]:
    """All versions that were loaded, in order."""
    return list(Policy.objects.order_by("version").values_list("version", flat=True))


@lru_cache(maxsize=16)  # a text never changes; the last few versions are what kiosks are on
def classes_of(text: str) -> dict[str, ClassPolicy]:
    """The rules of all classes in a policy that was loaded."""
    return read_policy(text)


def policy_target(version: int, kiosk_id: int) -> dict[str, Any] | None:
    """What a version of the policy means for one kiosk: its class's rules, and its own overrides over them.

    Raises: PolicyInvalid when its overrides do not fit this version.
    """
    policy = Policy.objects.filter(pk=version).first()
    if policy is None:
        return None
    kiosk = Kiosk.objects.only("node_class").get(pk=kiosk_id)
    rules = classes_of(policy.text)[kiosk.node_class]
    overrides = Twin.objects.filter(pk=kiosk_id).values_list("overrides", flat=True).first()
    if overrides:
        rules = lay_over(rules, read_overrides(overrides))
    raw = canonical(rules.as_json())
    said = {"version": version, "class": kiosk.node_class, "rules": json.loads(raw)}
    return said | {"sha256": hashlib.sha256(raw).hexdigest()}


@transaction.atomic
def set_overrides(kiosk_id: int, text: str) -> None:
    """Give a kiosk rules of its own, as tables in the form of the policy's file; "" takes them away.

    Raises: PolicyInvalid when they do not fit the policy that counts.
    """
    if text:
        policy = Policy.objects.filter(pk=_counting()).first()
        said = read_overrides(text)
        if policy is not None:
            node_class = Kiosk.objects.values_list("node_class", flat=True).get(pk=kiosk_id)
            lay_over(classes_of(policy.text)[node_class], said)
    Twin.objects.update_or_create(pk=kiosk_id, defaults={"overrides": text})


def policy_here() -> ClassPolicy | None:
    """The rules that this kiosk goes by; None before the first ones came."""
    row = ActivePolicy.objects.filter(pk=_ACTIVE).first()
    return None if row is None else read_class(row.rules, is_strict=False)


def rules_of(kiosk_id: int) -> ClassPolicy | None:
    """On the cloud: the rules that a kiosk goes by, or will with its next contact; None without a policy."""
    targets = Twin.objects.filter(pk=kiosk_id).values_list("targets", flat=True).first() or {}
    told = targets.get(POLICY) or policy_target(_counting(), kiosk_id)
    return read_class(told["rules"], is_strict=False) if told else None


def _counting() -> int:
    """The version that counts for the fleet; 0 before the first one."""
    return Baseline.objects.filter(pk=POLICY).values_list("version", flat=True).first() or 0


class PolicyApplier:
    """How a kiosk takes a policy: it comes whole with the desired document, and one row says which counts."""

    def fetch(self, target: Target) -> Step:
        """Nothing to fetch: the rules are in the target."""
        return Step.DONE

    def verify(self, target: Target) -> Step:
        """The hash fits, and this release can read the rules. Raises: PolicyInvalid."""
        if hashlib.sha256(canonical(target["rules"])).hexdigest() != target["sha256"]:
            raise PolicyInvalid("sha256: expected the hash of the rules.", "sha256", "the hash of the rules")
        read_class(target["rules"], is_strict=False)
        return Step.DONE

    def stage(self, target: Target) -> Step:
        """Beside the rules that count."""
        return self._put(_STAGED, target)

    def activate(self, target: Target) -> Step:
        """These rules count from now on."""
        return self._put(_ACTIVE, target)

    def check(self, target: Target) -> Step:
        """What counts is what was meant, and reads back. Raises: PolicyInvalid."""
        row = ActivePolicy.objects.get(pk=_ACTIVE)
        if (row.version, row.rules) != (target["version"], target["rules"]):
            raise PolicyInvalid("rules: expected what was staged.", "rules", "what was staged")
        read_class(row.rules, is_strict=False)
        return Step.DONE

    def clear(self) -> None:
        """No rules, as before the first ones."""
        ActivePolicy.objects.all().delete()

    def _put(self, slot: str, target: Target) -> Step:
        ActivePolicy.objects.update_or_create(
            pk=slot,
            defaults={"version": target["version"], "node_class": target["class"], "rules": target["rules"]},
        )
        return Step.DONE
