"""From tables as TOML gives them to frozen dataclasses. Whoever wrote the file is told the key, not a stack.

A dataclass field says what it takes: `held(kind)` for a value, a dataclass as its type for a table of its own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, Field, field, fields, is_dataclass
from difflib import get_close_matches
from typing import Any, TypeVar, get_type_hints

from edgeshop.fleet.classes.kinds import Kind, Unfit
from edgeshop.fleet.errors import PolicyInvalid

T = TypeVar("T")


def held(kind: Kind, *, default: Any = MISSING) -> Any:
    """A field that holds a value of this kind; without a default it must be there."""
    return field(metadata={"kind": kind}, default=default)


def read_table(cls: type[T], table: Any, *, at: str, is_strict: bool = True) -> T:
    """The dataclass that a table describes. `at` is the table's own key, as `class.popup.cadence`.

    `is_strict=False` passes over keys that this release does not know: a kiosk is older than its cloud now and then.
    Raises: PolicyInvalid with the key, what was expected, and the nearest key there is.
    """
    if not isinstance(table, Mapping):
        raise wrong(at, "a table", table)
    known = {f.name: f for f in fields(cls)}  # type: ignore[arg-type]  # -- the callers pass dataclasses
    unknown = [key for key in table if key not in known]
    if unknown and is_strict:
        raise unknown_key(f"{at}.{unknown[0]}" if at else unknown[0], known)
    types = get_type_hints(cls)
    return cls(**{
        name: _value(f, types[name], table, at=f"{at}.{name}" if at else name, is_strict=is_strict)
        for name, f in known.items()
        if name in table or _must_be_there(f, at)
    })  # fmt: skip


def unknown_key(key: str, known: Iterable[str]) -> PolicyInvalid:
    """Nobody knows this key; perhaps it was meant to be another."""
    names = list(known)
    above, _, name = key.rpartition(".")
    near = get_close_matches(name, names, n=1, cutoff=0.5)
    nearest = f"{above}.{near[0]}".lstrip(".") if near else ""
    hint = f" Did you mean {nearest}?" if nearest else ""
    expected = f"one of {', '.join(names)}"
    return PolicyInvalid(f"{key}: there is no such key; expected {expected}.{hint}", key, expected, nearest=nearest)


def wrong(key: str, expected: str, value: Any) -> PolicyInvalid:
    """The key is known and its value does not fit."""
    return PolicyInvalid(f"{key}: expected {expected}, not {str(value)[:60]!r}.", key, expected, nearest=key)


def _must_be_there(f: "Field[Any]", at: str) -> bool:
    if f.default is not MISSING or f.default_factory is not MISSING:
        return False
    key = f"{at}.{f.name}" if at else f.name
    kind: Kind | None = f.metadata.get("kind")
    expected = kind.expected if kind else "a table"
    raise PolicyInvalid(f"{key}: is missing; expected {expected}.", key, expected, nearest=key)


def _value(f: "Field[Any]", hint: Any, table: Mapping[str, Any], *, at: str, is_strict: bool) -> Any:
    value = table[f.name]
    if is_dataclass(hint) and isinstance(hint, type):
        return read_table(hint, value, at=at, is_strict=is_strict)
    kind: Kind = f.metadata["kind"]
    try:
        return kind.read(value)
    except Unfit:
        raise wrong(at, kind.expected, value) from None
