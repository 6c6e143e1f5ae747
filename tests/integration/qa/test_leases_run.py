"""Rotation at a bad link and days without one, on the real leases."""

import pytest

from edgeshop.qa.leases_run import offline, rotation

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("seed", range(5))
def test_with_overlap_no_request_fails_and_without_some_do(seed):
    overlap, control = (rotation(seed=seed, accepts_before=accepts) for accepts in (True, False))

    assert (overlap.requests, overlap.failed, overlap.versions) == (2880, 0, 20)
    assert 800 < overlap.contacts_failed < 930
    assert control.failed > 0


def test_ten_days_offline_refuse_no_read_and_the_hard_time_refuses_all():
    found = offline()

    assert (found.reads, found.refused, found.cold_start_serves) == (240, 0, True)
    assert found.refused_after_hard == found.reads_after_hard == 24
