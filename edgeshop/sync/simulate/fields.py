"""Read a fleet file key by key; what is missing, odd or unknown is an error that says what was expected."""

import difflib
from typing import Any

import numpy as np

from edgeshop.sync.errors import FleetInvalid
from edgeshop.sync.schedule.workload import SLOTS, Floats

_MISSING = object()
_HOURS = 24


class Fields:
    """One table of the file and where it stands in it. Ask for each key once, then say `close`."""

    def __init__(self, table: Any, place: str) -> None:
        if not isinstance(table, dict):
            raise wrong(place, "a table of keys", table)
        self._table, self._place = table, place
        self._asked: set[str] = set()

    def at(self, key: str) -> str:
        """The full name of a key."""
        return f"{self._place}.{key}" if self._place else key

    def number(self, key: str, *, least: float = 0.0, most: float = np.inf, default: Any = _MISSING) -> float:
        """A number between two others."""
        expected = f"a number from {least:g} on" if most == np.inf else f"a number from {least:g} to {most:g}"
        value = self._take(key, expected, default)
        if not _is_number(value) or not least <= value <= most:
            raise wrong(self.at(key), expected, value)
        return float(value)

    def choice(self, key: str, choices: tuple[str, ...], default: Any = _MISSING) -> str:
        """One of a few words."""
        expected = "one of " + ", ".join(f'"{c}"' for c in choices)
        value = self._take(key, expected, default)
        if value not in choices:
            raise wrong(self.at(key), expected, value)
        return str(value)

    def numbers(self, key: str, default: Any = _MISSING) -> list[float]:
        """A list of one or more numbers, none below zero."""
        expected = "a list of numbers from 0 on"
        value = self._take(key, expected, default)
        if not isinstance(value, list) or not value or not all(_is_number(v) and v >= 0 for v in value):
            raise wrong(self.at(key), expected, value)
        return [float(v) for v in value]

    def by_hour(self, key: str, default: Any = _MISSING) -> Floats:
        """One number for the whole day or 24 of them. Shape: [96], by slot."""
        expected = "one number from 0 on, or 24 of them from midnight on"
        value = self._take(key, expected, default)
        hours = [value] * _HOURS if _is_number(value) else value
        if not isinstance(hours, list) or len(hours) != _HOURS or not all(_is_number(v) and v >= 0 for v in hours):
            raise wrong(self.at(key), expected, value)
        return np.repeat(np.array(hours, float), SLOTS // _HOURS)

    def table(self, key: str, default: Any = _MISSING) -> "Fields":
        """A table within this one."""
        return Fields(self._take(key, "a table of keys", default), self.at(key))

    def value(self, key: str, expected: str, default: Any = _MISSING) -> Any:
        """Whatever stands there."""
        return self._take(key, expected, default)

    def rest(self) -> list[str]:
        """Keys that nobody has asked for yet."""
        return [key for key in self._table if key not in self._asked]

    def close(self, *, besides: tuple[str, ...] = ()) -> None:
        """Raises: FleetInvalid for a key that nobody asked for, naming the nearest one there is."""
        for key in self.rest():
            if key not in besides:
                near = difflib.get_close_matches(key, [*self._asked, *besides], 1)
                hint = f"did you mean {near[0]}?" if near else f"known here: {', '.join(sorted(self._asked))}"
                raise FleetInvalid(
                    f"{self.at(key)} is not known; {hint}", key=self.at(key), expected=near[0] if near else "nothing"
                )

    def _take(self, key: str, expected: str, default: Any) -> Any:
        self._asked.add(key)
        value = self._table.get(key, default)
        if value is _MISSING:
            raise FleetInvalid(f"{self.at(key)} is missing; put {expected} there.", key=self.at(key), expected=expected)
        return value


def wrong(key: str, expected: str, found: Any) -> FleetInvalid:
    """The error for a value that is not what was expected."""
    return FleetInvalid(f"{key} is {found!r}; it must be {expected}.", key=key, expected=expected)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and bool(np.isfinite(value))
