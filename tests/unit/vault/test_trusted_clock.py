"""The trusted clock: whatever happens to the wall, no right lives longer for it, and none ends much earlier."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from edgeshop.kernel import clock
from edgeshop.vault.services import (
    authority_now,
    authority_s,
    bind_chip_clock,
    note_cloud_time,
    shop_now,
    trusted_clock,
    wall_is_off_by_s,
)

pytestmark = pytest.mark.unit
MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0
START = datetime(2026, 11, 2, 10, 0, tzinfo=UTC).timestamp()


@dataclass
class Box:
    """A kiosk's clocks: true time, how wrong the wall is, and what the machine counts since it started."""

    true_s: float = START
    wrong_s: float = 0.0
    up_s: float = 500.0
    boot: int = 1
    chip_s: float | None = None

    def passes(self, seconds: float) -> None:
        """Time goes by while the box runs."""
        self.true_s += seconds
        self.up_s += seconds
        if self.chip_s is not None:
            self.chip_s += seconds

    def is_off_for(self, seconds: float) -> None:
        """It goes by while the box is off; then another boot begins."""
        self.true_s += seconds
        self.up_s, self.boot = 30.0, self.boot + 1

    def contact(self) -> None:
        """The cloud says what time it is."""
        note_cloud_time(self.true_s, boot_s=self.up_s)

    def lead_s(self) -> float:
        """How far authority is ahead of the true time."""
        return authority_s() - self.true_s


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> Box:
    settings.EDGESHOP = replace(settings.EDGESHOP, is_ledger=False, state_dir=tmp_path)
    box = Box()
    monkeypatch.setattr(clock, "timestamp", lambda: box.true_s + box.wrong_s)
    monkeypatch.setattr(clock, "boot_s", lambda: box.up_s)
    monkeypatch.setattr(clock, "boot_id", lambda: f"boot-{box.boot}")
    return box


@pytest.fixture
def met(box: Box) -> Box:
    """A box that has just had its cloud."""
    box.contact()
    return box


def by_the_wall() -> float:
    """The control: what a box without a floor would go by."""
    return clock.timestamp()


def test_before_the_first_contact_there_is_only_the_wall(box: Box, tmp_path: Path) -> None:
    box.wrong_s = -DAY

    assert authority_s() == box.true_s - DAY
    assert (shop_now(), wall_is_off_by_s()) == (clock.now(), 0.0)
    assert list(tmp_path.iterdir()) == []


def test_a_right_wall_is_gone_by_to_the_second(met: Box) -> None:
    met.passes(HOUR)

    assert (authority_s(), authority_now(), shop_now()) == (met.true_s, clock.now(), clock.now())


@pytest.mark.parametrize("back_s", [MINUTE, DAY, 50 * 365 * DAY])
def test_a_rollback_brings_nothing_to_life_again(met: Box, back_s: float) -> None:
    met.passes(2 * HOUR)
    met.wrong_s = -back_s

    assert met.lead_s() == 0
    assert by_the_wall() < met.true_s  # the control


def test_a_frozen_wall_lets_everything_expire_all_the_same(met: Box) -> None:
    for _ in range(72):
        met.passes(HOUR)
        met.wrong_s -= HOUR

        assert met.lead_s() == 0
    assert by_the_wall() == START  # the control


def test_a_jump_of_ten_years_moves_authority_by_five_minutes(met: Box) -> None:
    met.wrong_s = 10 * 365 * DAY

    assert met.lead_s() == 5 * MINUTE
    met.passes(HOUR)
    assert met.lead_s() == 5 * MINUTE
    assert wall_is_off_by_s() > 9 * 365 * DAY
    assert by_the_wall() > met.true_s + DAY  # the control


def test_a_thousand_creeping_ticks_move_it_by_five_minutes_in_all(met: Box) -> None:
    for _ in range(1000):
        met.passes(10)
        met.wrong_s += MINUTE
        authority_s()

    assert met.lead_s() == 5 * MINUTE
    assert by_the_wall() == met.true_s + 1000 * MINUTE  # the control


def test_one_contact_heals_what_a_wrong_wall_has_done(met: Box) -> None:
    met.wrong_s = DAY
    met.passes(HOUR)
    assert met.lead_s() == 5 * MINUTE

    met.wrong_s = 0
    met.contact()

    assert met.lead_s() == 0


def test_what_was_judged_by_once_is_not_taken_back_by_the_wall(met: Box) -> None:
    met.wrong_s = DAY
    met.passes(10 * MINUTE)
    led = authority_s()
    met.wrong_s = -DAY

    assert authority_s() == led


def test_an_answer_that_was_held_up_keeps_nothing_alive(met: Box) -> None:
    said_s, left_s = met.true_s, met.up_s
    met.passes(3 * DAY)

    note_cloud_time(said_s, boot_s=left_s)

    assert met.lead_s() == 0


def test_a_box_that_was_off_for_a_week_takes_its_wall_s_word_for_it(met: Box) -> None:
    met.is_off_for(7 * DAY)

    assert met.lead_s() == 0
    met.wrong_s = -7 * DAY
    assert met.lead_s() == 0


@pytest.mark.parametrize("wrong_s", [-30 * DAY, 10 * 365 * DAY])
def test_after_a_start_with_a_dead_wall_time_goes_on_from_what_was_kept(met: Box, wrong_s: float) -> None:
    met.is_off_for(DAY)
    met.wrong_s = wrong_s

    assert -DAY <= met.lead_s() <= -DAY + 5 * MINUTE + 30
    met.passes(2 * HOUR)
    assert -DAY <= met.lead_s() <= -DAY + 5 * MINUTE + 30


def test_a_chip_s_clock_bridges_a_restart_with_a_dead_wall(met: Box) -> None:
    met.chip_s = 1000.0
    bind_chip_clock(lambda: met.chip_s)
    try:
        met.passes(HOUR)
        authority_s()
        met.chip_s += DAY
        met.is_off_for(DAY)
        met.wrong_s = -30 * DAY

        assert met.lead_s() == 0
    finally:
        bind_chip_clock(None)


def test_a_hundred_restarts_with_a_frozen_wall_win_no_more_than_they_were_off(met: Box) -> None:
    for _ in range(100):
        met.passes(4 * MINUTE)
        met.wrong_s -= 4 * MINUTE
        authority_s()
        met.is_off_for(0)
        met.up_s = 0

    assert -5 * MINUTE <= met.lead_s() <= 0


def test_receipts_go_by_the_wall_unless_that_is_behind(met: Box) -> None:
    met.passes(HOUR)
    met.wrong_s = DAY
    assert shop_now().timestamp() == met.true_s + DAY

    met.wrong_s = -DAY
    assert shop_now().timestamp() == met.true_s


def test_the_file_is_written_at_contacts_and_every_few_minutes(met: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    keep: Callable[..., None] = trusted_clock.write_durably
    monkeypatch.setattr(
        trusted_clock, "write_durably", lambda path, data: (written.append(path.name), keep(path, data))
    )

    for _ in range(120):
        met.passes(30)
        authority_s()
        met.contact()

    assert written == ["clock.floor"] * 20


def test_a_disk_that_takes_no_writes_stops_nothing(met: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(trusted_clock, "write_durably", full)
    met.passes(DAY)
    met.wrong_s = -DAY

    assert met.lead_s() == 0


@pytest.mark.parametrize("data", [b"", b"{}", b"[1]", b'{"boot": 1, "boot_s": "x"}'])
def test_a_damaged_file_is_as_good_as_none(met: Box, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "clock.floor").unlink()
    (tmp_path / "clock.floor").write_bytes(data)

    assert met.lead_s() == 0
    met.contact()
    assert json.loads((tmp_path / "clock.floor").read_bytes())["ref_s"] == met.true_s


def test_the_cloud_goes_by_its_wall(box: Box, settings: Any, tmp_path: Path) -> None:
    settings.EDGESHOP = replace(settings.EDGESHOP, is_ledger=True)
    box.contact()
    box.wrong_s = -DAY

    assert authority_s() == clock.timestamp()
    assert list(tmp_path.iterdir()) == []
