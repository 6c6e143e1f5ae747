"""A shop window as an artefact: unpacked beside the others, switched in one step, never outside its folder."""

import io
import tarfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from edgeshop.kernel.errors import InvalidInput
from edgeshop.shop.services import pwa

pytestmark = pytest.mark.unit
RELEASE = Path("/the/release")


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> Path:
    """Where shop windows are."""
    settings.EDGESHOP = replace(settings.EDGESHOP, state_dir=tmp_path)
    return tmp_path / "pwa"


def archive(to: Path, files: Mapping[str, bytes]) -> Path:
    with tarfile.open(to, "w") as tar:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return to


def shown() -> bytes:
    return (pwa.built_home(RELEASE) / "index.html").read_bytes()


def folders(home: Path) -> int:
    return sum(path.is_dir() and not path.is_symlink() for path in home.iterdir())


def test_the_releases_own_is_served_until_another_is_activated(tmp_path: Path) -> None:
    assert pwa.built_home(RELEASE) == RELEASE

    pwa.activate(archive(tmp_path / "a.tar", {"index.html": b"A", "assets/app.js": b"a"}))

    assert shown() == b"A"
    assert (pwa.built_home(RELEASE) / "assets" / "app.js").read_bytes() == b"a"


def test_activating_switches_and_keeps_the_one_before(tmp_path: Path, home: Path) -> None:
    for text in (b"A", b"B", b"C"):
        pwa.activate(archive(tmp_path / "next.tar", {"index.html": text}))

    assert shown() == b"C"
    assert folders(home) == 2


def test_activating_twice_changes_nothing(tmp_path: Path, home: Path) -> None:
    one = archive(tmp_path / "a.tar", {"index.html": b"A"})

    pwa.activate(one)
    pwa.activate(one)

    assert (shown(), folders(home)) == (b"A", 1)


@pytest.mark.parametrize("name", ["../outside.txt", "/outside.txt", "assets/../../outside.txt"])
def test_an_archive_that_reaches_outside_is_refused(tmp_path: Path, home: Path, name: str) -> None:
    pwa.activate(archive(tmp_path / "a.tar", {"index.html": b"A"}))
    evil = archive(tmp_path / "evil.tar", {"index.html": b"E", name: b"E"})

    if name.startswith("/"):  # the filter takes the slash off, so that it stays inside
        pwa.activate(evil)
        assert not Path(name).exists()
        return
    with pytest.raises(InvalidInput):
        pwa.activate(evil)

    assert (shown(), folders(home)) == (b"A", 1)
    assert not list(tmp_path.rglob("outside.txt"))


@pytest.mark.parametrize("data", [b"this is no archive", b""])
def test_what_is_no_archive_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "odd.tar").write_bytes(data)

    with pytest.raises(InvalidInput):
        pwa.activate(tmp_path / "odd.tar")

    assert pwa.built_home(RELEASE) == RELEASE


def test_an_archive_without_a_shell_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="no shop window"):
        pwa.activate(archive(tmp_path / "a.tar", {"other.html": b"A"}))


def test_an_archive_that_would_fill_the_disk_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pwa, "UNPACKED_BYTES_MAX", 3)

    with pytest.raises(InvalidInput, match="too large"):
        pwa.activate(archive(tmp_path / "a.tar", {"index.html": b"AAAA"}))


def test_a_newer_release_starts_with_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pwa.activate(archive(tmp_path / "a.tar", {"index.html": b"A"}))

    monkeypatch.setattr(pwa, "_CURRENT", "current-of-a-newer-release")

    assert pwa.built_home(RELEASE) == RELEASE
