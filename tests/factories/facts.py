"""Facts of a kind made for tests, and a house that has nothing left to say."""

import pytest
from django.db import transaction

from edgeshop.journal import registry
from edgeshop.journal.services import append
from edgeshop.kernel.errors import InvalidInput
from edgeshop.sync.services import synchronise

KIND = "test.sold.v1"


@pytest.fixture
def ledger(monkeypatch) -> list[int]:
    """What the cloud has applied, once each: a fact that comes under two epochs is known by what it says."""
    seen: list[int] = []

    def take(_fact, body):
        if body["n"] < 0:
            raise InvalidInput("A negative one.")
        if body["n"] not in seen:
            seen.append(body["n"])
        return registry.Outcome()

    monkeypatch.setitem(registry._handlers, KIND, take)
    return seen


@pytest.fixture
def synced(house):
    """A house in which both sides have nothing left to say."""
    synchronise(house.client)
    house.wire.asked.clear()
    return house


def sell(*numbers: int) -> None:
    """Facts with these numbers, each in its own transaction."""
    for n in numbers:
        with transaction.atomic():
            append(KIND, {"n": n})


def on_cloud(house, model):
    """How many rows of a model the cloud has."""
    with house.cloud():
        return model.objects.count()
