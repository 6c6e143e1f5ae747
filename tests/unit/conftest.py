"""What each unit test starts with."""

from dataclasses import replace
from itertools import count

import pytest
from django.conf import settings

_numbers = count()


@pytest.fixture(autouse=True)
def keys_of_its_own(monkeypatch):
    """A keystore in memory that is empty, so that no test lives on keys that another made."""
    knobs = settings.EDGESHOP
    vault = replace(knobs.vault, path=knobs.vault.path / str(next(_numbers)))
    monkeypatch.setattr(settings, "EDGESHOP", replace(knobs, vault=vault))
