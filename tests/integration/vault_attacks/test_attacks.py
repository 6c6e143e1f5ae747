"""Random attacks on the real services under the real limits: none gets more than its level's bound."""

from collections import Counter

import pytest

from edgeshop.qa.attack_kinds import KINDS
from edgeshop.qa.attacks import bound_minor, drain_by_phones, run
from edgeshop.settings.knobs import REAL

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.mark.parametrize(("level", "major"), [(3, 2_000), (2, 1_000), (1, 200), (0, 50)])
def test_no_attack_takes_more_than_the_bound(level, major):
    outcomes = run(seed=11, count=len(KINDS), level=level)

    assert bound_minor(level) == major * 100
    assert [outcome for outcome in outcomes if outcome.is_over] == []
    assert Counter(outcome.kind for outcome in outcomes) == dict.fromkeys(KINDS, 1)
    assert max(outcome.loss_minor for outcome in outcomes) > bound_minor(level) * 0.9  # they do try


def test_budgets_for_each_grant_would_be_beaten():
    outcomes = run(seed=11, count=2, level=1, naive=True)

    assert any(outcome.is_over for outcome in outcomes)


@pytest.mark.parametrize("addresses", [1, 250])
def test_a_thousand_phones_get_seats_up_to_the_caps_and_value_within_the_window(addresses, settings):
    knobs = settings.EDGESHOP.checkout

    given, value_minor = drain_by_phones(level=3, phones=1_000, addresses=addresses)

    cap = min(addresses * knobs.phones_per_address_max, knobs.phones_per_kiosk_max)
    assert given == cap
    most = given * knobs.phone_tokens_max * REAL[3].order_max * 100
    assert value_minor == min(most, bound_minor(3))
