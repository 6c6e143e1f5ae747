"""A kiosk that has the table before takes the signed delta, and the whole file wherever a delta is of no use."""

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from edgeshop.kernel.deltas import BadDelta
from edgeshop.recommend.services import table_delta
from edgeshop.recommend.services.table import Table
from edgeshop.vault.services.artefacts import Receiver, delivery, read_record
from edgeshop.vault.services.artefacts.receivers import delta_path
from tests.integration.artefacts.conftest import PATH, Market
from tests.unit.recommend import golden

pytestmark = pytest.mark.integration


@pytest.fixture
def tables() -> list[bytes]:
    """Eight versions of one table."""
    table = Table.from_bytes(golden.TABLE.read_bytes())
    return [replace(table, model_version=version).to_bytes() for version in range(1, 9)]


class Desk:
    """What a kiosk has in use, how it came, and which files were fetched for it."""

    def __init__(self, market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
        self.market, self.in_use = market, b""
        self.rebuild: Callable[[Path], bytes] = lambda delta: table_delta.apply(delta.read_bytes(), self.in_use)
        self.receiver = Receiver(
            "model", PATH, self._take, comes_by_itself=True, rebuild=lambda file: self.rebuild(file)
        )
        monkeypatch.setattr(delivery, "receivers", lambda: [self.receiver])

    def _take(self, file: Path) -> None:
        self.in_use = file.read_bytes()

    def bring(self) -> list[str]:
        """Take what is new; answers the paths that were downloaded for it."""
        return list(self.market.bring())


@pytest.fixture
def desk(market: Market, monkeypatch: pytest.MonkeyPatch, tables: list[bytes]) -> Desk:
    """A kiosk with the first table."""
    market.repository.publish(PATH, tables[0])
    desk = Desk(market, monkeypatch)
    assert desk.bring() == [PATH]
    return desk


def publish(desk: Desk, table: bytes) -> None:
    desk.market.repository.publish(PATH, table, delta=table_delta.encode)


def from_what_is_verified(desk: Desk) -> str:
    return delta_path(PATH, read_record(desk.market.home).verified["model"]["sha256"])


def test_only_the_delta_is_fetched_and_the_signed_table_is_in_use(desk: Desk, tables: list[bytes]) -> None:
    way = from_what_is_verified(desk)
    publish(desk, tables[1])

    assert desk.bring() == [way]
    assert desk.in_use == tables[1]
    assert desk.bring() == []


def test_a_kiosk_that_missed_three_weeks_takes_one_delta(desk: Desk, tables: list[bytes]) -> None:
    for table in tables[1:5]:
        publish(desk, table)

    way = from_what_is_verified(desk)
    assert desk.bring() == [way]
    assert desk.in_use == tables[4]


def test_a_kiosk_that_was_away_for_longer_takes_the_whole_table(desk: Desk, tables: list[bytes]) -> None:
    for table in tables[1:]:
        publish(desk, table)

    assert desk.bring() == [PATH]
    assert desk.in_use == tables[7]


def test_without_the_base_the_whole_table_comes(
    desk: Desk, tables: list[bytes], caplog: pytest.LogCaptureFixture
) -> None:
    way = from_what_is_verified(desk)
    desk.in_use = tables[5]
    publish(desk, tables[1])

    with caplog.at_level(logging.WARNING):
        assert desk.bring() == [way, PATH]

    assert desk.in_use == tables[1]
    assert "kernel.bad_delta" in caplog.text


def test_a_delta_that_leads_elsewhere_is_not_used(desk: Desk, tables: list[bytes]) -> None:
    way = from_what_is_verified(desk)
    publish(desk, tables[1])
    desk.rebuild = lambda _: tables[2]

    assert desk.bring() == [way, PATH]
    assert desk.in_use == tables[1]


def test_a_spoilt_delta_is_not_used(desk: Desk, tables: list[bytes]) -> None:
    publish(desk, tables[1])

    with desk.market.spoilt() as home:
        for file in (home / "targets" / "models").glob("*.from-*"):
            file.write_bytes(file.read_bytes()[:-1] + b"\xff")
        fetched = desk.bring()

    assert fetched[-1] == PATH
    assert desk.in_use == tables[1]


def test_a_delta_that_saves_little_is_not_published(desk: Desk, tables: list[bytes]) -> None:
    def costly(_base: bytes, new: bytes) -> bytes:
        return new[: len(new) * 3 // 4]

    desk.market.repository.publish(PATH, tables[1], delta=costly)

    paths = desk.market.repository.state()[1].targets
    assert list(paths) == [PATH]


def test_a_base_that_has_no_delta_holds_up_nothing(desk: Desk, tables: list[bytes]) -> None:
    def never(_base: bytes, _new: bytes) -> bytes:
        raise BadDelta("no", reason="form")

    desk.market.repository.publish(PATH, tables[1], delta=never)

    assert desk.bring() == [PATH]
    assert desk.in_use == tables[1]


def test_old_deltas_leave_metadata_and_disk(desk: Desk, tables: list[bytes]) -> None:
    for table in tables[1:]:
        publish(desk, table)

    targets = desk.market.repository.state()[1].targets
    files = list((desk.market.repository.home / "targets" / "models").glob("*.from-*"))

    assert PATH in targets
    assert 4 <= len(targets) - 1 <= 5
    assert len(files) <= 5
