"""Keystores over real tokens."""

from pathlib import Path

import pytest

from edgeshop.qa.softhsm import SoftHsm
from edgeshop.qa.tokens import LABEL, PIN
from edgeshop.qa.tpm import EmulatedTpm
from edgeshop.vault.services import Keystore, Pkcs11Keystore


def on_token(token: SoftHsm | EmulatedTpm, folder: Path, *, pin: str = PIN, label: str = LABEL) -> Pkcs11Keystore:
    """A keystore over a token; one that shares its chip with other processes when that is a TPM."""
    return Pkcs11Keystore(
        module=str(token.module), token=label, pin=pin, path=folder, keeps_session=isinstance(token, SoftHsm)
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "keys"


@pytest.fixture(params=["softhsm", "tpm"])
def token(request: pytest.FixtureRequest) -> SoftHsm | EmulatedTpm:
    return request.getfixturevalue(request.param)


@pytest.fixture
def store(token: SoftHsm | EmulatedTpm, folder: Path) -> Keystore:
    return on_token(token, folder)
