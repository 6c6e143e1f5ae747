"""Issuer rotations with kiosks cut off for up to 60 hours: nobody notices. Without an overlap, many do."""

import pytest

from edgeshop.qa.rotation import run

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def test_four_rotations_cost_no_checkout_and_no_review():
    done = run(seed=1, rotations=4, kiosks=4)

    assert (done.rotations, done.failed, done.quarantined) == (4, 0, 0)
    assert done.settled == done.checkouts > 3_000
    assert (done.sampled_failed, done.sampled_reviewed) == (0, 0)
    assert done.sampled > 50


def test_without_an_overlap_shoppers_are_refused_and_sales_are_looked_at():
    done = run(seed=1, overlap=False, rotations=2, kiosks=3, sample=False)

    assert done.failed > 0
    assert done.quarantined > 0
