"""The arithmetic of shaped links."""

import random

import pytest

from edgeshop.qa.profiles import LOSSY, SLOW_4G, Pipe, Profile

pytestmark = pytest.mark.unit
CLEAN = Profile(rtt_ms=100, jitter_ms=0, down_mbit_s=8, up_mbit_s=8, loss_pct=0, stall_ms=300)


def pipe(profile: Profile, seed: int = 1) -> Pipe:
    return Pipe(profile, rate_mbit_s=profile.down_mbit_s, rng=random.Random(seed))


def test_the_4g_profile_is_the_one_the_goals_are_measured_on():
    assert Profile(95, 30, 12, 4, 1, 300) == SLOW_4G


def test_arrival_is_transmission_time_plus_half_a_round_trip():
    assert pipe(CLEAN).arrival(100_000, now=10.0) == pytest.approx(10.0 + 0.1 + 0.05)


def test_arrival_waits_for_bytes_that_entered_before():
    slow = pipe(CLEAN)

    arrivals = [slow.arrival(100_000, now=0.0) for _ in range(3)]

    assert arrivals == pytest.approx([0.15, 0.25, 0.35])


def test_arrival_forgets_an_idle_pipe():
    slow = pipe(CLEAN)
    slow.arrival(100_000, now=0.0)

    assert slow.arrival(1_000, now=5.0) == pytest.approx(5.0 + 0.001 + 0.05)


def test_round_trips_stay_within_the_stated_spread():
    shaky = pipe(SLOW_4G)

    trips_ms = [2000 * shaky.one_way_s() for _ in range(2000)]

    assert 65 <= min(trips_ms) < 68
    assert 122 < max(trips_ms) <= 125


def test_one_packet_in_a_hundred_stalls():
    flaky = Profile(rtt_ms=0, jitter_ms=0, down_mbit_s=1e9, up_mbit_s=1e9, loss_pct=1, stall_ms=300)
    course = pipe(flaky)

    stalls = sum(course.arrival(100, now=0.0) > 0.29 for _ in range(20_000))

    assert 150 < stalls < 250


def test_a_large_piece_stalls_as_often_as_its_packets_would():
    flaky = Profile(rtt_ms=0, jitter_ms=0, down_mbit_s=1e9, up_mbit_s=1e9, loss_pct=1, stall_ms=300)
    course = pipe(flaky)

    stalls = sum(course.arrival(14_600, now=0.0) > 0.29 for _ in range(5_000))

    assert stalls / 5_000 == pytest.approx(1 - 0.99**10, abs=0.02)


def test_the_same_seed_gives_the_same_link():
    def walk(seed: int) -> list[float]:
        course = pipe(LOSSY, seed)
        return [course.arrival(5_000, now=float(n)) for n in range(50)]

    assert walk(7) == walk(7)
    assert walk(7) != walk(8)


def test_only_profiles_that_say_so_break_connections():
    assert not any(pipe(SLOW_4G).breaks(16_384) for _ in range(1000))
    lossy = pipe(LOSSY)
    assert 0 < sum(lossy.breaks(16_384) for _ in range(1000)) < 100
