"""Kiosks from before there were devices go on speaking: each one's key becomes its first device, and back again."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from edgeshop.fleet.models import Device, Kiosk
from edgeshop.kernel import clock
from edgeshop.vault.services import MemoryKeystore, thumbprint
from tests.factories.fleet import another_database, on_node

pytestmark = [pytest.mark.unit, pytest.mark.django_db(transaction=True)]
BEFORE = "0005_staff_pins"


def migrate(*target: str) -> None:
    call_command("migrate", "fleet", *target, verbosity=0)


def test_the_key_of_each_enrolled_kiosk_becomes_its_first_device() -> None:
    with another_database() as wrapper, on_node(wrapper, is_ledger=True):
        migrate(BEFORE)
        kiosks = enrolled_before()
        migrate()

        found = {d.kiosk_id: (d.kid, d.is_live, d.certificate) for d in Device.objects.all()}
        migrate(BEFORE)
        left = Kiosk.objects.values_list("pk").count()

    assert found == {
        12: (thumbprint(kiosks[12]), True, ""),
        13: (thumbprint(kiosks[13]), False, ""),
    }
    assert left == 3


def enrolled_before() -> dict[int, Any]:
    """One that speaks, one that is revoked, one that no box speaks for yet; as the tables were then."""
    then = MigrationExecutor(connections["default"]).loader.project_state([("fleet", BEFORE)]).apps
    shop = then.get_model("fleet", "Shop").objects.create(pk=3, name="Corner", currency="EUR")
    kiosks, at = then.get_model("fleet", "Kiosk").objects, clock.now()
    keys = {pk: MemoryKeystore().create("device") for pk in (12, 13)}
    kiosks.create(pk=12, shop=shop, name="Till", device_jwk=keys[12], enrolled_at=at)
    kiosks.create(pk=13, shop=shop, name="Bar", device_jwk=keys[13], enrolled_at=at, revoked_at=at)
    kiosks.create(pk=14, shop=shop, name="New")
    return keys
