"""A chip that counts the lives of a disk: a copy of the disk is noticed, a crash is not taken for one."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings as live

from edgeshop.journal.models import Chain
from edgeshop.journal.services import lives
from edgeshop.journal.services.lives import FACTS_PER_LIFE, Life, keep_up
from edgeshop.kernel.facts import GENESIS
from edgeshop.vault.errors import HardwareUnusable

pytestmark = [pytest.mark.unit, pytest.mark.django_db]


class Chip:
    """A counter whose first number is 40, as after others."""

    def __init__(self) -> None:
        self.now, self.asked, self.is_pulled, self.is_stuck = 0, 0, False, False

    def value(self) -> int:
        self.asked += 1
        if self.is_pulled:
            raise HardwareUnusable("The TPM refuses.")
        return self.now

    def advance(self) -> int:
        if self.is_stuck:
            raise KeyboardInterrupt  # the plug
        self.now = self.now + 1 if self.now else 40
        return self.now


@pytest.fixture
def chip(settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Chip]:
    settings.EDGESHOP = replace(live.EDGESHOP, state_dir=tmp_path)
    made = Chip()
    monkeypatch.setattr(lives, "counter", lambda: made)
    monkeypatch.setattr(lives, "_checked", set())
    boot("monday", monkeypatch)
    Chain.objects.create(device_id=7, epoch=1, seq=0, head=GENESIS, is_own=True)
    return made


def boot(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lives, "_boot", lambda: name)
    lives._checked.clear()


def sell(facts: int) -> None:
    chain = Chain.objects.get()
    Chain.objects.update(seq=chain.seq + facts)


def test_it_counts_once_per_boot_and_after_so_many_facts(chip: Chip, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = []
    for step in (
        lambda: None,
        lambda: None,
        lambda: sell(FACTS_PER_LIFE - 1),
        lambda: sell(1),
        lambda: boot("tuesday", monkeypatch),
        lambda: Chain.objects.update(epoch=2),
    ):
        step()
        assert keep_up()
        numbers.append(chip.now)

    assert numbers == [40, 40, 40, 41, 42, 43]
    assert lives.read() == Life(43, "tuesday", 2, FACTS_PER_LIFE)


def test_the_chip_is_not_asked_when_there_is_nothing_to_count(chip: Chip) -> None:
    keep_up()
    asked = chip.asked
    sell(1)

    assert (keep_up(), chip.asked) == (True, asked)


def test_a_copy_of_the_disk_is_noticed_and_the_disk_itself_is_not(chip: Chip, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_up()
    copy = lives.path().read_bytes()
    sell(FACTS_PER_LIFE)
    assert keep_up()
    boot("tuesday", monkeypatch)
    assert keep_up()
    counted = chip.now

    lives.path().write_bytes(copy)
    boot("wednesday", monkeypatch)

    assert (keep_up(), keep_up(), chip.now) == (False, False, counted)
    lives.begin()
    assert keep_up()


@pytest.mark.parametrize("damage", [lambda file: file.unlink(), lambda file: file.write_text('{"counted": 4')])
def test_a_disk_without_a_number_is_no_disk_of_this_chip(chip: Chip, monkeypatch: pytest.MonkeyPatch, damage) -> None:
    keep_up()
    damage(lives.path())
    boot("tuesday", monkeypatch)

    assert not keep_up()


def test_a_crash_between_file_and_chip_is_not_taken_for_a_copy(chip: Chip, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_up()
    sell(FACTS_PER_LIFE)
    chip.is_stuck = True
    with pytest.raises(KeyboardInterrupt):
        keep_up()
    chip.is_stuck = False
    assert (lives.read().counted, chip.now) == (41, 40)
    boot("tuesday", monkeypatch)

    assert (keep_up(), chip.now, lives.read().counted) == (True, 41, 41)


def test_another_chip_is_noticed(chip: Chip, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_up()
    boot("tuesday", monkeypatch)

    for number in (0, 38, 41, 1000):
        chip.now = number
        assert not keep_up()


def test_a_chip_that_does_not_answer_stops_nobody(chip: Chip, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_up()
    before = lives.read()
    boot("tuesday", monkeypatch)
    chip.is_pulled = True

    assert keep_up()
    lives.begin()
    assert lives.read() == before


def test_machines_without_a_chip_have_no_file(settings, tmp_path: Path) -> None:
    settings.EDGESHOP = replace(live.EDGESHOP, state_dir=tmp_path)
    Chain.objects.create(device_id=7, epoch=1, seq=5, head=GENESIS, is_own=True)

    assert keep_up()
    lives.begin()
    assert list(tmp_path.iterdir()) == []
