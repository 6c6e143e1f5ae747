"""What a kiosk counts of its checkouts, and what its class's rules take from its grants."""

from pathlib import Path

import pytest

from edgeshop.checkout.errors import EnvelopeInvalid
from edgeshop.checkout.models import Grant
from edgeshop.checkout.services import counting
from edgeshop.checkout.services.grant_issue import issue_grant
from edgeshop.fleet.models import Kiosk, Tally
from edgeshop.fleet.services.health import look_hourly
from edgeshop.fleet.services.policies import load_policy, set_overrides
from edgeshop.fleet.services.twin.applying import held_twin
from edgeshop.fleet.services.twin.wanting import renew, twin_of
from edgeshop.kernel import clock
from tests.factories.fleet import KIOSK
from tests.factories.house import house, second_database

__all__ = ["house", "second_database"]
pytestmark = [pytest.mark.unit, pytest.mark.django_db]
TEXT = (Path(__file__).resolve().parents[3] / "deploy/classes.toml").read_text(encoding="utf-8")


def test_a_refused_checkout_is_counted_and_refused_all_the_same(house):
    for _ in range(2):
        with pytest.raises(EnvelopeInvalid):
            counting.place_counted(envelope="nonsense", slip_shown=False, at=clock.now())

    assert Tally.objects.get(pk="failed").count == 2
    assert (counting.tried(), counting.refused(), counting.is_selling()) == (2, 2, False)


def test_health_is_looked_at_once_an_hour_and_counts_the_hours(house, held_clock):
    held = held_twin()
    looks = []
    for minutes in (0, 30, 31, 60):
        held_clock.move(minutes=minutes)
        looks.append(look_hourly(held))

    assert looks == [True, False, True, True]
    assert (held.health["hours"], held.health["tried"], held.health["failed"]) == (3, 0, 0)


@pytest.mark.parametrize("is_told", [True, False], ids=["told its rules", "before its first contact"])
@pytest.mark.parametrize(("own", "window", "order_max"), [("", 5000, 5000), ("grants.window = 7", 700, 5000)])
def test_a_grant_stays_within_the_rules_of_the_class_and_within_the_level(house, own, window, order_max, is_told):
    with house.cloud():
        Kiosk.objects.filter(pk=KIOSK).update(trust_level=0)  # 50 a window, 50 an order
        load_policy(TEXT)
        set_overrides(KIOSK, own)
        if is_told:
            renew(twin_of(KIOSK))

        jws = issue_grant(KIOSK)

        claims = Grant.objects.get(jws=jws).claims
    assert (claims["window"], claims["order_max"]) == (window, order_max)
