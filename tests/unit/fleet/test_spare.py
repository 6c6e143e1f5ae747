"""The cloud hears that a kiosk has lost its chip, and never believes it further by itself."""

import pytest

from edgeshop.fleet.models import Kiosk
from edgeshop.fleet.services import DEVICE_KEY, Reply
from edgeshop.fleet.services.keys import subject_of
from edgeshop.vault.services import MemoryKeystore, hot_keys, keystore, new_hot_key
from edgeshop.vault.services.spare import vouch_for
from tests.factories.fleet import KIOSK
from tests.factories.messages import message

pytestmark = [pytest.mark.unit, pytest.mark.django_db]
PATH, NOTHING = "/sync", message()


@pytest.fixture
def with_spare(house, monkeypatch) -> MemoryKeystore:
    """A keystore whose device key is a spare that the enrolled key has vouched for."""
    spare = MemoryKeystore()
    via = vouch_for(spare.create(DEVICE_KEY), keystore=keystore(), key=DEVICE_KEY)
    with house.cloud():
        Kiosk.objects.update(trust_level=2)

    def hot_by(store) -> None:
        monkeypatch.setattr(hot_keys, "introduction", lambda _store, _name: via if store is spare else None)
        fresh = new_hot_key(subject=subject_of(KIOSK), keystore=store, key=DEVICE_KEY)
        monkeypatch.setattr("edgeshop.fleet.services.client.hot_key", lambda **_now: fresh)

    hot_by(spare)
    house.as_chip = lambda: hot_by(keystore())
    return spare


def test_a_spare_key_is_heard_and_lowers_the_kiosk_whatever_it_says(house, with_spare) -> None:
    assert house.client.ask(PATH, NOTHING) == Reply()

    assert [answer.status_code for answer in house.wire.said] == [204]
    assert house.at_cloud().trust_level == 1


def test_the_control_the_chip_s_own_key_lowers_nothing(house, with_spare) -> None:
    house.as_chip()

    assert house.client.ask(PATH, NOTHING) == Reply()

    assert house.at_cloud().trust_level == 2
