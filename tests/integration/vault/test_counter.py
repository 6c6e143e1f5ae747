"""A TPM's counter and clock, and a restored disk that it gives away."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings as live
from django.db import transaction

from edgeshop.fleet.models import Kiosk
from edgeshop.fleet.services import adopt_epoch, notice_restore
from edgeshop.journal.models import Chain
from edgeshop.journal.services import append, head_file, lives, open_chain
from edgeshop.qa.tpm import EmulatedTpm
from edgeshop.vault.errors import HardwareUnusable
from edgeshop.vault.services.tpm import Tpm
from tests.factories.fleet import make_kiosk, make_shop

pytestmark = pytest.mark.integration


def test_the_counter_rises_over_power_cuts(tpm: EmulatedTpm) -> None:
    before = Tpm(tpm.tcti).advance()
    assert Tpm(tpm.tcti).advance() == before + 1
    tpm.stop()
    with pytest.raises(HardwareUnusable):
        Tpm(tpm.tcti).value()

    tpm.start()

    assert Tpm(tpm.tcti).value() == before + 1
    assert Tpm(tpm.tcti).advance() == before + 2


def test_the_clock_runs_and_counts_the_power_cuts(tpm: EmulatedTpm) -> None:
    before = Tpm(tpm.tcti).clock()
    tpm.stop()
    tpm.start()

    after = Tpm(tpm.tcti).clock()

    assert after.resets == before.resets + 1
    assert 0 < Tpm(tpm.tcti).clock().clock_ms - after.clock_ms < 60_000


@pytest.fixture
def disk(tpm: EmulatedTpm, transactional_db: None, settings, tmp_path: Path) -> Path:
    """The state folder of a kiosk with this chip, enrolled, with a few sales; commits are real."""
    state = tmp_path / "state"
    state.mkdir()
    vault = replace(live.EDGESHOP.vault, tpm=tpm.tcti)
    settings.EDGESHOP = replace(live.EDGESHOP, is_ledger=False, state_dir=state, vault=vault)
    kiosk = make_kiosk(make_shop())
    Kiosk.objects.filter(pk=kiosk.pk).update(is_self=True, epoch=1)
    open_chain(device_id=kiosk.pk, epoch=1)
    sell(3)
    return state


def sell(count: int) -> None:
    for turn in range(count):
        with transaction.atomic():
            append("test.sold.v1", {"turn": turn})


def restart() -> bool:
    """What a web server sees when it starts."""
    lives._checked.clear()
    return notice_restore()


@pytest.mark.parametrize("is_restored", [True, False], ids=["restored", "the control: not restored"])
def test_a_restored_disk_is_noticed_by_its_chip_with_head_file_and_all(disk: Path, is_restored: bool) -> None:
    assert not restart()
    copy = disk.with_name("copy")
    shutil.copytree(disk, copy)
    chain = Chain.objects.get()
    sell(lives.FACTS_PER_LIFE)
    assert not restart()

    if is_restored:  # the whole disk: files and database
        shutil.rmtree(disk)
        shutil.copytree(copy, disk)
        Chain.objects.update(seq=chain.seq, head=bytes(chain.head))

    assert not head_file.is_stale()  # all that the disk can tell of itself
    assert restart() is is_restored
    if is_restored:
        adopt_epoch(2)
        assert not restart()
