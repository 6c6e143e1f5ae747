"""How kiosks get their table: a word on a stream, and a file that was verified."""

import logging
from dataclasses import replace
from pathlib import Path

import pytest

from edgeshop.journal import registry
from edgeshop.recommend.services import current_table, install, vectors_here
from edgeshop.recommend.services.table import Table
from edgeshop.vault.services.artefacts import Receiver, receiver_of

pytestmark = pytest.mark.unit


@pytest.fixture
def stream() -> registry.Source:
    found = registry.source_of("models")
    assert found is not None
    return found


@pytest.fixture
def receiver() -> Receiver:
    return receiver_of("model")


def used_version() -> int | None:
    used = current_table()
    return used.model_version if used else None


def test_cloud_says_which_table_it_has_and_sends_none(models: Path, table: Table, stream: registry.Source) -> None:
    install(replace(table, model_version=21).to_bytes())

    assert stream.collect("models", ["table"]) == [{"key": "table", "version": 21}]


def test_cloud_says_of_other_arrays_that_they_are_new_and_no_more(models: Path, stream: registry.Source) -> None:
    assert stream.collect("models", ["vectors", "unheard-of"]) == [{"key": "vectors"}]


def test_word_of_new_vectors_makes_a_kiosk_ask(models: Path, stream: registry.Source) -> None:
    stream.apply("models", [{"key": "vectors"}], [])

    assert (models.parent / "trusted" / "nudged").exists()


def test_kiosk_passes_over_vectors_it_cannot_read(
    models: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    verified = tmp_path / "verified"
    verified.write_bytes(b"no vectors")

    with caplog.at_level(logging.WARNING):
        receiver_of("vectors").take(verified)

    assert vectors_here() is None
    assert len(caplog.records) == 1


def test_cloud_without_a_table_says_nothing(models: Path, stream: registry.Source) -> None:
    assert stream.collect("models", ["table"]) == []


def test_bytes_on_the_stream_are_never_used(models: Path, table: Table, stream: registry.Source) -> None:
    install(replace(table, model_version=20).to_bytes())

    stream.apply("models", [{"key": "table", "table": replace(table, model_version=21).to_bytes()}], [])

    assert used_version() == 20
    assert (models.parent / "trusted" / "nudged").exists()


def test_kiosk_installs_the_file_that_was_verified(
    models: Path, table: Table, receiver: Receiver, tmp_path: Path
) -> None:
    verified = tmp_path / "verified"
    verified.write_bytes(replace(table, model_version=21).to_bytes())

    receiver.take(verified)

    assert used_version() == 21
    assert receiver.comes_by_itself


def test_kiosk_passes_over_a_table_it_cannot_read(
    models: Path, table: Table, receiver: Receiver, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    install(replace(table, model_version=20).to_bytes())
    verified = tmp_path / "verified"
    verified.write_bytes(b"ESFN\x02")

    with caplog.at_level(logging.WARNING):
        receiver.take(verified)

    assert used_version() == 20
    assert len(caplog.records) == 1
