"""What one kiosk has otherwise than its class: a few keys of the policy, written as in the policy's file."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from edgeshop.fleet.classes.policy import ClassPolicy, parse_toml, read_class
from edgeshop.fleet.classes.reading import unknown_key

_CAPS = {"month_bytes", "month_money"}  # one takes the other's place


def read_overrides(text: str) -> dict[str, Any]:
    """The tables that are laid over a class. Raises: PolicyInvalid for what is no TOML or no group of rules."""
    said = parse_toml(text)
    groups = [f.name for f in fields(ClassPolicy)]
    for key in said:
        if key not in groups:
            raise unknown_key(key, groups)
    return said


def lay_over(policy: ClassPolicy, overrides: Mapping[str, Any]) -> ClassPolicy:
    """The class's policy with these keys instead of its own. Raises: PolicyInvalid when it does not fit."""
    base = policy.as_json()
    if _CAPS & set(overrides.get("cadence", {})):
        base["cadence"] = {key: value for key, value in base["cadence"].items() if key not in _CAPS}
    return read_class(_merged(base, overrides))


def _merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    both = {key: _merged(base[key], over[key]) for key in over if _are_tables(base.get(key), over[key])}
    return {**base, **over, **both}


def _are_tables(one: Any, other: Any) -> bool:
    return isinstance(one, Mapping) and isinstance(other, Mapping)
