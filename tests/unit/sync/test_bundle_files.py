"""The cloud keeps files while they are used, and workers that share them do not trip over each other."""

import hashlib
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest

from edgeshop.fleet.models import Kiosk
from edgeshop.sync.services import bundle_files, fetch_bundles, synchronise
from edgeshop.sync.services.bundle_files import are_kept, folder, keep, part_named, read_bundle, size_of_all
from edgeshop.sync.services.bundles import offer
from tests.factories.bundles import fetch_one, wanted

pytestmark = pytest.mark.unit
DAYS = 6  # in which a file is not forgotten yet
WORKERS, ROUNDS = 8, 40


@pytest.fixture
def place(settings, tmp_path):
    settings.EDGESHOP = replace(settings.EDGESHOP, state_dir=tmp_path)
    return folder()


def kept(data: bytes) -> str:
    """The name of a file with these bytes, which is here now."""
    name = hashlib.sha256(data).hexdigest()
    keep(folder() / name, data)
    return name


def at_once(work: Callable[[int], object]) -> list[OSError]:
    """What went wrong when several threads did this."""
    wrong: list[OSError] = []
    together = threading.Barrier(WORKERS)

    def run(number: int) -> None:
        try:
            together.wait()
            for _ in range(ROUNDS):
                work(number)
        except OSError as odd:
            wrong.append(odd)

    threads = [threading.Thread(target=run, args=[n]) for n in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


def test_what_many_kiosks_share_stays_beside_as_many_files_of_their_own(place):
    text = kept(b"text")
    for number in range(100):
        kept(b"core of kiosk %d" % number)

    assert read_bundle(text) == b"text"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("use", ["offered", "served", "asked after"])
def test_a_file_stays_while_it_is_used(large, held_clock, use):
    synchronise(large.client)
    fetch_one(large)
    texts = wanted().values()
    for _ in range(3):
        held_clock.move(days=DAYS)
        with large.cloud():
            if use == "offered":
                offer(Kiosk.objects.get())
            elif use == "served":
                assert all(map(read_bundle, texts))
            else:
                assert are_kept([name[:16] for name in texts])
            kept(b"another %s" % held_clock.timestamp().hex().encode())
            assert all((folder() / name).exists() for name in texts)

    assert fetch_bundles(large.client) == 2


def test_a_file_that_nobody_uses_is_forgotten_and_so_is_a_part(place, held_clock):
    name = kept(b"old")
    keep(part_named("prices-1-1"), b"old")
    held_clock.move(days=DAYS)
    kept(b"young")
    before = read_bundle(name), part_named("prices-1-1").exists()

    held_clock.move(days=DAYS)
    middle = part_named("prices-1-1").exists(), read_bundle(name)
    kept(b"younger")
    held_clock.move(days=2 * DAYS)
    kept(b"youngest")

    assert before == (b"old", True)
    assert middle == (True, b"old")
    assert (read_bundle(name), part_named("prices-1-1").exists()) == (None, False)


def test_there_is_room_for_so_much_and_what_was_used_last_stays(place, held_clock, monkeypatch):
    monkeypatch.setattr(bundle_files, "_BYTES_MAX", 30)
    names = []
    for number in range(3):
        names.append(kept(b"%010d" % number))
        held_clock.move(seconds=1)
    assert read_bundle(names[0])
    held_clock.move(seconds=1)

    kept(b"%010d" % 3)

    assert [read_bundle(name) is not None for name in names] == [True, False, True]


def test_a_damaged_file_is_not_served_and_is_forgotten(place):
    name = kept(b"whole")
    (folder() / name).write_bytes(b"who")

    assert read_bundle(name) is None
    assert not are_kept([name[:16]])


def test_how_large_files_are_is_known_only_where_all_are_here(place):
    names = [kept(b"one"), kept(b"three")]

    assert size_of_all(name[:16] for name in names) == 8
    (folder() / names[0]).unlink()
    assert size_of_all(name[:16] for name in names) is None


def test_threads_may_write_one_file_at_once(place):
    data = b"the same for all" * 1000
    name = hashlib.sha256(data).hexdigest()

    assert at_once(lambda _: keep(folder() / name, data)) == []
    assert read_bundle(name) == data


def test_threads_may_forget_each_others_files(place, monkeypatch):
    monkeypatch.setattr(bundle_files, "_BYTES_MAX", 40)
    rounds = iter(range(10**6))

    def work(number: int) -> None:
        mine = kept(b"%d of %d" % (next(rounds), number))
        names = [mine, *(file.name for file in folder().glob("*"))]
        for name in names:
            read_bundle(name)
            size_of_all([name[:16]])
            are_kept([name[:16]])

    assert at_once(work) == []
