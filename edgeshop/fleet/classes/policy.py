"""Node classes and what each of them may do: five groups of rules per class, read from one file.

A new rule comes with a default, so that policies that were kept before it still read. Units are in the names.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from edgeshop.fleet.classes import kinds
from edgeshop.fleet.classes.reading import held, read_table, unknown_key, wrong
from edgeshop.fleet.errors import PolicyInvalid

FORM = 1
NODE_CLASSES = ("flagship", "popup", "vending", "event", "lab")
GRADES = ("A", "B", "C", "D")  # unmetered; a megabit or more; metered; slow, roaming or the budget spent
STREAMS = ("staff", "config", "catalogue", "prices", "stock", "orders", "models", "vectors")
FILES = ("all", "models", "none")  # artefacts and pictures; artefacts, which are deltas; neither
LANES = ("memory", "replica", "model", "cloud")
TELEMETRY = ("none", "counts", "sketches")
_DAY_S = 24 * 3600
_TEXT_CHARS_MAX = 64 * 1024


@dataclass(frozen=True, slots=True)
class GradeRules:
    """What one contact may carry on a link of this grade. `gap_s`: how long it may be quiet with nothing to send.

    `page_rows`: rows of all pages of one answer; 0 is as the cloud's settings say. `files`: what is fetched besides.
    """

    batch_facts: int = held(kinds.whole(1, 1000))
    streams: tuple[str, ...] = held(kinds.some_of(*STREAMS))
    gap_s: int = held(kinds.whole(10, 7 * _DAY_S))
    page_rows: int = held(kinds.whole(0, 20_000), default=0)
    files: str = held(kinds.one_of(*FILES), default="all")


@dataclass(frozen=True, slots=True)
class Cadence:
    """Rules per link grade, and what a month may cost: bytes, or money where the tariff is known. 0 and "": no cap."""

    A: GradeRules
    B: GradeRules
    C: GradeRules
    D: GradeRules
    month_bytes: int = held(kinds.size(), default=0)
    month_money: str = held(kinds.currency(), default="")

    def of(self, grade: str) -> GradeRules:
        """The rules of a grade."""
        rules: GradeRules = getattr(self, grade)
        return rules


@dataclass(frozen=True, slots=True)
class Lanes:
    """Where answers may come from, in order, and how long the cloud may take before another lane answers."""

    order: tuple[str, ...] = held(kinds.some_of(*LANES))
    cloud_ms: int = held(kinds.whole(0, 10_000), default=300)


@dataclass(frozen=True, slots=True)
class Storage:
    """Room on the disk. Units: bytes."""

    shelf: int = held(kinds.size())
    pictures: int = held(kinds.size())
    artefacts: int = held(kinds.size())


@dataclass(frozen=True, slots=True)
class GrantRules:
    """What may be uncleared, in major units of the shop's currency and orders. The trust level's limit stays above."""

    window: int = held(kinds.whole(0, 5_000_000))
    order_max: int = held(kinds.whole(0, 5_000_000))
    orders_max: int = held(kinds.whole(0, 100_000))


@dataclass(frozen=True, slots=True)
class Privacy:
    """How little leaves the node, and how long people are known there."""

    telemetry: str = held(kinds.one_of(*TELEMETRY))
    keep_days: int = held(kinds.whole(1, 365))
    is_federated: bool = held(kinds.yes_or_no(), default=False)


@dataclass(frozen=True, slots=True)
class ClassPolicy:
    """All rules of one node class."""

    cadence: Cadence
    lanes: Lanes
    storage: Storage
    grants: GrantRules
    privacy: Privacy
    about: str = held(kinds.words(120))

    def as_json(self) -> dict[str, Any]:
        """The rules as JSON values; `read_class` makes the same policy of them."""
        said: dict[str, Any] = asdict(self)
        return said | {"cadence": _spoken(said["cadence"])}


def _spoken(cadence: dict[str, Any]) -> dict[str, Any]:
    """Without caps that are not set: "" is no amount of money."""
    return {key: value for key, value in cadence.items() if value != ""}


def read_class(table: Any, *, at: str = "", is_strict: bool = True) -> ClassPolicy:
    """The policy of one class. Raises: PolicyInvalid."""
    found = read_table(ClassPolicy, table, at=at, is_strict=is_strict)
    if found.cadence.month_bytes and found.cadence.month_money:
        key = f"{at}.cadence.month_money".lstrip(".")
        raise PolicyInvalid(f"{key}: a month has one cap; expected bytes or money, not both.", key, "one cap")
    return found


def read_policy(text: str) -> dict[str, ClassPolicy]:
    """All classes of a policy file, by name. Raises: PolicyInvalid, also for text that is no TOML."""
    if len(text) > _TEXT_CHARS_MAX:
        raise PolicyInvalid(f"A policy has at most {_TEXT_CHARS_MAX} characters.", "", "a shorter file")
    top = parse_toml(text)
    for key in top:
        if key not in {"form", "class"}:
            raise unknown_key(key, ("form", "class"))
    if top.get("form") != FORM:
        raise wrong("form", f"{FORM}, the form that this release reads", top.get("form"))
    classes = top.get("class")
    if not isinstance(classes, Mapping):
        raise wrong("class", "a table for each node class", classes)
    return {name: read_class(table, at=f"class.{name}") for name, table in _all_of(classes).items()}


def parse_toml(text: str) -> dict[str, Any]:
    """The tables of a text. Raises: PolicyInvalid with the place."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as odd:
        raise PolicyInvalid(f"This is no TOML: {odd}.", "", "TOML") from odd


def _all_of(classes: Mapping[str, Any]) -> Mapping[str, Any]:
    for name in classes:
        if name not in NODE_CLASSES:
            raise unknown_key(f"class.{name}", NODE_CLASSES)
    missing = [name for name in NODE_CLASSES if name not in classes]
    if missing:
        key = f"class.{missing[0]}"
        raise PolicyInvalid(f"{key}: is missing; expected a table for each node class.", key, "a table", nearest=key)
    return classes
