"""The keystore that the settings name, the command that shows it and the checks that warn about it."""

from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from edgeshop.kernel.errors import InvalidInput
from edgeshop.vault.checks import check_credential
from edgeshop.vault.services import FileKeystore, MemoryKeystore, hot_keys, keystore, load_vapid, thumbprint
from edgeshop.vault.services.hot_keys import current_hot_key

pytestmark = pytest.mark.unit
CREDENTIAL = "the words on the card in the till"


@pytest.fixture
def knobs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Change the vault's settings: `knobs(backend=...)`; an encrypted folder unless told otherwise."""

    def change(**change: Any) -> None:
        vault = replace(settings.EDGESHOP.vault, **change)
        monkeypatch.setattr(settings, "EDGESHOP", replace(settings.EDGESHOP, vault=vault))

    change(backend="file", path=folder, credential=CREDENTIAL)
    return change


def run(action: str) -> list[str]:
    out = StringIO()
    call_command("keystore", action, stdout=out)
    return out.getvalue().splitlines()


def test_the_settings_choose_the_keystore(knobs: Any, folder: Path) -> None:
    assert isinstance(keystore(), FileKeystore)
    assert keystore() is keystore()
    assert not folder.exists()  # nothing is opened or made before somebody asks for a key

    knobs(backend="memory")
    assert isinstance(keystore(), MemoryKeystore)
    assert keystore() is keystore()


def test_an_unknown_backend_is_refused(knobs: Any) -> None:
    knobs(backend="paper")

    with pytest.raises(InvalidInput):
        keystore()


def test_hot_and_vapid_keys_come_from_the_nodes_keystore(knobs: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hot_keys, "_held", {})
    device = keystore().create("device")

    hot = current_hot_key(subject="kiosk-12")

    assert hot_keys.verify_hot_certificate(hot.certificate, issuer_jwk=device) == hot.jwk
    load_vapid()
    assert keystore().key_names() == ["device", "vapid"]


def test_init_makes_the_device_key_once(knobs: Any, folder: Path) -> None:
    first = run("init")

    name = thumbprint(keystore().public_key("device"))
    assert first == [f"file keystore at {folder}, trust level 1", f"  device  {name}"]
    assert run("init") == run("status") == first


def test_status_changes_nothing(knobs: Any, folder: Path) -> None:
    lines = run("status")

    assert lines == [
        f"file keystore at {folder}, trust level 1",
        "  no device key yet: run `manage.py keystore init`",
    ]
    assert not folder.exists()


def test_status_fails_when_the_keys_do_not_open(knobs: Any) -> None:
    run("init")
    knobs(credential="other words")

    with pytest.raises(CommandError, match="credential does not open"):
        run("status")


def test_a_good_credential_passes_the_checks(knobs: Any) -> None:
    run("init")

    assert check_credential() == []


def test_a_short_credential_is_warned_about(knobs: Any) -> None:
    knobs(credential="till")

    assert [found.id for found in check_credential()] == ["vault.W001"]


def test_a_credential_beside_the_keys_is_an_error(knobs: Any, folder: Path) -> None:
    run("init")
    (folder / "notes.txt").write_text(f"{CREDENTIAL}\n", encoding="utf-8")

    assert [found.id for found in check_credential()] == ["vault.E001"]


def test_memory_needs_no_credential(knobs: Any) -> None:
    knobs(backend="memory", credential="")

    assert check_credential() == []
