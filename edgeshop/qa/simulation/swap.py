"""Other parts in the place of real ones, for as long as a run takes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

Swap = tuple[Any, str, Any]


@contextmanager
def swapped(*swaps: Swap) -> Iterator[None]:
    """Each (owner, name, part) stands in until the end; then what was there is back."""
    before = [(owner, name, getattr(owner, name)) for owner, name, _ in swaps]
    try:
        for owner, name, part in swaps:
            setattr(owner, name, part)
        yield
    finally:
        for owner, name, part in before:
            setattr(owner, name, part)
