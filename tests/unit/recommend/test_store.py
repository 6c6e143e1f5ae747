"""Installed tables: whole, replaceable, and never worse than the one before."""

import logging
from dataclasses import replace
from pathlib import Path

import pytest

from edgeshop.recommend.errors import TableMalformed
from edgeshop.recommend.services import store
from edgeshop.recommend.services.table import Table
from tests.unit.recommend import golden

pytestmark = pytest.mark.unit


def of_version(table: Table, version: int) -> bytes:
    return replace(table, model_version=version).to_bytes()


def installed_version() -> int | None:
    table = store.current()
    return table.model_version if table else None


def test_nothing_is_installed_at_first(models: Path) -> None:
    assert store.current() is None
    assert store.mark() is None
    assert not models.exists()


def test_install_puts_a_table_in_use_and_keeps_the_one_before(models: Path, table: Table) -> None:
    answers = [store.install(of_version(table, version)) for version in (4, 5, 6)]

    assert answers == [4, 5, 6]
    assert installed_version() == 6
    assert sorted(path.name for path in models.iterdir()) == ["current.esfn", "previous.esfn"]
    assert Table.from_bytes((models / "previous.esfn").read_bytes()).model_version == 5


def test_install_of_the_table_in_use_changes_nothing(models: Path) -> None:
    store.install(golden.TABLE.read_bytes())
    before = store.mark()

    assert store.install(golden.TABLE.read_bytes()) == 3

    assert store.mark() == before
    assert not (models / "previous.esfn").exists()


def test_install_refuses_a_malformed_table_and_keeps_the_one_in_use(models: Path) -> None:
    store.install(golden.TABLE.read_bytes())
    before = store.mark()

    with pytest.raises(TableMalformed):
        store.install(golden.TABLE.read_bytes()[:-4])

    assert store.mark() == before


def test_damaged_file_gives_way_to_the_one_before(models: Path, table: Table, caplog: pytest.LogCaptureFixture) -> None:
    store.install(of_version(table, 4))
    store.install(of_version(table, 5))
    (models / "current.esfn").write_bytes(b"ESFN")

    with caplog.at_level(logging.WARNING):
        assert installed_version() == 4

    assert [record.getMessage() for record in caplog.records] == ["the installed table current.esfn is damaged: magic"]


def test_another_table_has_another_mark(models: Path, table: Table) -> None:
    store.install(of_version(table, 4))
    before = store.mark()

    store.install(of_version(table, 5))

    assert store.mark() != before
