"""docs/configuration.md names every knob and every variable, and no other."""

import re
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import get_type_hints

import pytest

from edgeshop.settings import knobs

pytestmark = pytest.mark.unit
REPOSITORY = Path(__file__).resolve().parents[3]
TEXT = (REPOSITORY / "docs/configuration.md").read_text(encoding="utf-8")


def _names(cls, prefix="") -> set[str]:
    hints = get_type_hints(cls)
    found = set()
    for field in fields(cls):
        inner = hints[field.name]
        found |= _names(inner, f"{prefix}{field.name}.") if is_dataclass(inner) else {prefix + field.name}
    return found


def test_every_knob_is_described_and_every_described_knob_exists():
    described = set(re.findall(r"^\| `([a-z_.]+)` \|", TEXT, re.MULTILINE))

    assert described == _names(knobs.EdgeShop)


def test_every_variable_is_described_and_every_described_variable_is_read():
    code = "".join(p.read_text(encoding="utf-8") for p in (REPOSITORY / "edgeshop").rglob("*.py"))
    read = set(re.findall(r"\"(EDGESHOP_[A-Z_]+|DATABASE_URL)\"", code)) - {"EDGESHOP_"}
    described = set(re.findall(r"^\| `(EDGESHOP_[A-Z_]+|DATABASE_URL)` \|", TEXT, re.MULTILINE))

    assert described == read
