"""The cloud hears that a kiosk has lost its chip, and never believes it further by itself."""

import logging

import pytest

from edgeshop.fleet.models import Kiosk
from edgeshop.fleet.services import DEVICE_KEY
from edgeshop.fleet.services.keys import subject_of
from edgeshop.fleet.services.trust import lower_trust
from edgeshop.fleet.wiring import _answer_identity, _ask_identity
from edgeshop.sync.services.wire import CONTENT_TYPE, pack
from edgeshop.vault.services import MemoryKeystore, hot_keys, keystore, new_hot_key
from edgeshop.vault.services.spare import vouch_for
from tests.factories.fleet import KIOSK

pytestmark = [pytest.mark.unit, pytest.mark.django_db]
PATH, NOTHING = "/sync/contact", pack({"v": 1, "sections": {}})


@pytest.mark.parametrize(
    ("before", "said", "after"),
    [(2, 1, 1), (2, 0, 0), (2, 2, 2), (1, 2, 1), (1, 3, 1), (2, None, 2), (2, "1", 2), (2, True, 2), (2, -1, 2)],
)
def test_trust_falls_and_never_rises(kiosk: Kiosk, before, said, after) -> None:
    Kiosk.objects.update(trust_level=before)

    lower_trust(kiosk.pk, said)

    assert Kiosk.objects.get().trust_level == after


def test_a_contact_tells_the_level_and_the_cloud_lowers_the_kiosk(house, caplog) -> None:
    asked = _ask_identity()
    with house.cloud(), caplog.at_level(logging.WARNING):
        Kiosk.objects.update(trust_level=2)
        _answer_identity(KIOSK, asked | {"level": 1})
        assert Kiosk.objects.get().trust_level == 1
        _answer_identity(KIOSK, asked | {"level": 2})
        assert Kiosk.objects.get().trust_level == 1
    assert asked["level"] == keystore().trust_level
    assert [r.getMessage() for r in caplog.records] == [f"kiosk {KIOSK} is without its chip: trust level 1"]


def test_a_kiosk_of_an_older_release_says_nothing_of_levels(house) -> None:
    asked = _ask_identity()
    del asked["level"]
    with house.cloud():
        Kiosk.objects.update(trust_level=2)
        _answer_identity(KIOSK, asked)
        assert Kiosk.objects.get().trust_level == 2


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
    assert house.client.post(PATH, NOTHING, CONTENT_TYPE) is None

    assert [answer.status_code for answer in house.wire.said] == [204]
    assert house.at_cloud().trust_level == 1


def test_the_control_the_chip_s_own_key_lowers_nothing(house, with_spare) -> None:
    house.as_chip()

    assert house.client.post(PATH, NOTHING, CONTENT_TYPE) is None

    assert house.at_cloud().trust_level == 2
