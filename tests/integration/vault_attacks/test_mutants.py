"""Ten thousand mutated tokens, delegations, orders, grants, lists and requests: none passes, none is a surprise."""

import pytest

from edgeshop.qa.mutants import mutants

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def test_no_mutant_is_accepted_and_every_refusal_is_one_of_ours():
    done = mutants(seed=20_261_124, count=10_000)

    assert done.examples == []
    assert (done.count, done.accepted, done.unhandled) == (10_000, 0, 0)
    assert done.controls_accepted == done.controls > 0
