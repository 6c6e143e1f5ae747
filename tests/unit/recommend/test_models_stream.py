"""The stream that brings kiosks their table."""

import logging
from dataclasses import replace
from pathlib import Path

import pytest

from edgeshop.journal import registry
from edgeshop.recommend.services import current_table, install
from edgeshop.recommend.services.table import Table

pytestmark = pytest.mark.unit


@pytest.fixture
def stream() -> registry.Source:
    found = registry.source_of("models")
    assert found is not None
    return found


def test_cloud_sends_the_table_in_use_and_a_kiosk_installs_it(
    models: Path, table: Table, stream: registry.Source
) -> None:
    install(replace(table, model_version=21).to_bytes())
    rows = stream.collect("models", ["table"])
    install(replace(table, model_version=20).to_bytes())

    stream.apply("models", rows, [])

    used = current_table()
    assert [row["key"] for row in rows] == ["table"]
    assert used is not None
    assert used.to_bytes() == rows[0]["table"]


def test_cloud_without_a_table_sends_nothing(models: Path, stream: registry.Source) -> None:
    assert stream.collect("models", ["table"]) == []


def test_kiosk_passes_over_a_table_it_cannot_read(
    models: Path, table: Table, stream: registry.Source, caplog: pytest.LogCaptureFixture
) -> None:
    install(replace(table, model_version=20).to_bytes())

    with caplog.at_level(logging.WARNING):
        stream.apply("models", [{"key": "table", "table": b"ESFN\x02"}], [])

    used = current_table()
    assert used is not None
    assert used.model_version == 20
    assert len(caplog.records) == 1
