"""When a kiosk asks for artefacts, what it does with them, and what it remembers; the repository is a stand-in here."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from edgeshop.kernel import clock
from edgeshop.kernel.errors import EdgeShopError, InvalidInput, NotFound
from edgeshop.vault.errors import ArtefactRefused, ArtefactsUnreachable
from edgeshop.vault.services.artefacts import bring, delivery, fetch, nudge, read_record, receive, standing, trust
from edgeshop.vault.services.artefacts.client import Found
from edgeshop.vault.services.artefacts.record import trusted_home

pytestmark = pytest.mark.unit
receivers = importlib.import_module("edgeshop.vault.services.artefacts.receivers")  # the name is a function's as well


@dataclass
class Stall:
    """Answers like a client: what is published by path, or an error."""

    home: Path
    goods: dict[str, bytes] = field(default_factory=dict)
    error: EdgeShopError | None = None
    asked: int = 0

    def refresh(self) -> float:
        self.asked += 1
        if self.error is not None:
            raise self.error
        return clock.timestamp() + 3 * 86400

    def find(self, path: str) -> Found | None:
        data = self.goods.get(path)
        return None if data is None else Found(path, data.hex(), len(data), 7)

    def download(self, found: Found) -> Path:
        target = self.home / "came"
        target.write_bytes(self.goods[found.path])
        return target


@pytest.fixture
def home(settings: Any, tmp_path: Path) -> Path:
    settings.EDGESHOP = replace(settings.EDGESHOP, state_dir=tmp_path)
    trust(trusted_home(), b"root")
    return trusted_home()


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What was handed over; `a` comes by itself, `b` does not."""
    found: list[bytes] = []
    monkeypatch.setattr(receivers, "_receivers", {})
    for name, by_itself in (("a", True), ("b", False)):
        receive(name, path=f"x/{name}", take=lambda file: found.append(file.read_bytes()), comes_by_itself=by_itself)
    return found


@pytest.fixture
def stall(home: Path) -> Stall:
    return Stall(home, {"x/a": b"A", "x/b": b"B"})


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    real, ahead = clock.timestamp, [0.0]
    monkeypatch.setattr(clock, "timestamp", lambda: real() + ahead[0])
    return lambda seconds: ahead.__setitem__(0, ahead[0] + seconds)


def test_what_comes_by_itself_is_taken_once(stall: Stall, home: Path, taken: list[bytes]) -> None:
    assert [bring(stall, home), bring(stall, home)] == [["a"], []]

    assert taken == [b"A"]
    assert stall.asked == 1
    assert read_record(home).verified == {"a": {"path": "x/a", "sha256": "41", "version": 7}}
    assert not (home / "came").exists()


def test_without_a_root_nobody_is_asked(stall: Stall, home: Path, taken: list[bytes]) -> None:
    (home / "root.json").unlink()

    assert bring(stall, home, force=True) == []
    assert stall.asked == 0


def test_a_nudge_is_asked_for_at_once_and_forgotten_when_it_went_through(
    stall: Stall, home: Path, taken: list[bytes]
) -> None:
    bring(stall, home)
    stall.goods["x/a"] = b"AA"
    nudge(home)

    assert [bring(stall, home), bring(stall, home)] == [["a"], []]
    assert stall.asked == 2


def test_quiet_kiosk_asks_every_six_hours(stall: Stall, home: Path, taken: list[bytes], later: Any) -> None:
    bring(stall, home)
    later(delivery.EVERY_S - 5)
    bring(stall, home)
    later(10)
    bring(stall, home)

    assert stall.asked == 2


@pytest.mark.parametrize(
    ("error", "state"),
    [(ArtefactRefused("no"), "refused"), (ArtefactsUnreachable("no"), "current")],
    ids=["refused", "unreachable"],
)
def test_trouble_is_remembered_tried_again_and_takes_nothing_away(
    stall: Stall, home: Path, taken: list[bytes], later: Any, error: EdgeShopError, state: str
) -> None:
    bring(stall, home)
    stall.error = error
    nudge(home)

    assert [bring(stall, home), bring(stall, home)] == [[], []]
    assert stall.asked == 2  # the second of the two was too soon
    assert (standing().state, standing().names) == (state, ["a"])
    later(delivery.RETRY_S)
    stall.error, stall.goods["x/a"] = None, b"AA"
    assert bring(stall, home) == ["a"]
    assert standing().state == "current"


def test_kiosk_that_hears_nothing_for_days_says_so(stall: Stall, home: Path, taken: list[bytes], later: Any) -> None:
    assert standing().state == "none"
    bring(stall, home)
    later(2 * 86400)
    before = standing().state

    later(86400 + 1)

    assert (before, standing().state) == ("current", "expired")
    assert standing().names == ["a"]


def test_fetch_takes_what_does_not_come_by_itself(stall: Stall, home: Path, taken: list[bytes]) -> None:
    assert [fetch(stall, home, "b"), fetch(stall, home, "b")] == [True, False]
    assert taken == [b"B"]


def test_fetch_says_what_is_missing(stall: Stall, home: Path, taken: list[bytes]) -> None:
    del stall.goods["x/b"]

    with pytest.raises(NotFound):
        fetch(stall, home, "b")
    with pytest.raises(InvalidInput):
        fetch(stall, home, "c")


def test_a_file_that_its_receiver_refuses_is_not_remembered(stall: Stall, home: Path, taken: list[bytes]) -> None:
    def refuses(_file: Path) -> None:
        raise InvalidInput("odd")

    receive("b", path="x/b", take=refuses, comes_by_itself=False)

    with pytest.raises(InvalidInput):
        fetch(stall, home, "b")

    assert read_record(home).verified == {}


def test_damaged_record_is_an_empty_one(home: Path) -> None:
    (home / "record.json").write_bytes(b"{")

    assert read_record(home).verified == {}
    assert standing().state == "none"
