"""What a value of the policy may be: each kind says what it expects and reads a value into it, or refuses."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_UNITS = {"": 1, "B": 1, "kB": 10**3, "MB": 10**6, "GB": 10**9}  # SI, as tariffs and disks are sold
_SIZE = re.compile(r"(\d{1,9}) ?(B|kB|MB|GB)?")


class Unfit(ValueError):
    """This value is not of this kind; the reader knows the key and says so."""


@dataclass(frozen=True, slots=True)
class Kind:
    """`expected` finishes the sentence "expected …"; `read` raises Unfit."""

    expected: str
    read: Callable[[Any], Any]


def whole(low: int, high: int) -> Kind:
    """A whole number between two bounds, both included."""

    def read(value: Any) -> int:
        if type(value) is not int or not low <= value <= high:
            raise Unfit
        return value

    return Kind(f"a whole number from {low} to {high}", read)


def size() -> Kind:
    """Bytes: a number, or a number with kB, MB or GB."""

    def read(value: Any) -> int:
        if type(value) is int and value >= 0:
            return value
        fits = _SIZE.fullmatch(value) if isinstance(value, str) else None
        if fits is None:
            raise Unfit
        return int(fits[1]) * _UNITS[fits[2] or ""]

    return Kind('a size such as "200 MB" (B, kB, MB or GB) or a number of bytes', read)


def one_of(*names: str) -> Kind:
    """One word of a list."""

    def read(value: Any) -> str:
        if not isinstance(value, str) or value not in names:
            raise Unfit
        return value

    return Kind(f"one of {', '.join(names)}", read)


def some_of(*names: str) -> Kind:
    """Words of a list, each once, in an order that counts."""

    def read(value: Any) -> tuple[str, ...]:
        if not isinstance(value, list | tuple) or len(set(map(str, value))) != len(value):
            raise Unfit
        if not set(value) <= set(names):
            raise Unfit
        return tuple(value)

    return Kind(f"a list of {', '.join(names)}, each at most once", read)


def yes_or_no() -> Kind:
    """True or false, and nothing that looks like it."""

    def read(value: Any) -> bool:
        if not isinstance(value, bool):
            raise Unfit
        return value

    return Kind("true or false", read)


def words(longest: int) -> Kind:
    """One line for people."""

    def read(value: Any) -> str:
        if not isinstance(value, str) or not 0 < len(value) <= longest or not value.isprintable():
            raise Unfit
        return value

    return Kind(f"one line of 1 to {longest} characters", read)


def currency() -> Kind:
    """An amount of money a month, as "5.00 EUR" in the file: whole hundredths, then ISO 4217."""
    form = re.compile(r"(\d{1,6})\.(\d\d) ([A-Z]{3})")

    def read(value: Any) -> str:
        if not isinstance(value, str) or form.fullmatch(value) is None:
            raise Unfit
        return value

    return Kind('an amount such as "5.00 EUR"', read)
