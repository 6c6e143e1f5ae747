"""Keystores to run the same tests over, and one cheap signing key."""

from pathlib import Path

import pytest

from edgeshop.vault.services import FileKeystore, Keystore, MemoryKeystore, file_keystore

CREDENTIAL = "the words on the card in the till"


@pytest.fixture(autouse=True)
def _quick_scrypt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_keystore, "SCRYPT_N", 2**4)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state" / "keys"


@pytest.fixture(params=["file", "memory"])
def store(request: pytest.FixtureRequest, folder: Path) -> Keystore:
    if request.param == "file":
        return FileKeystore(path=folder, credential=CREDENTIAL)
    return MemoryKeystore()


@pytest.fixture
def memory() -> MemoryKeystore:
    return MemoryKeystore()
