"""The keystore that the settings name, the command that shows it and the checks that warn about it."""

from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from edgeshop.kernel.errors import InvalidInput
from edgeshop.vault.checks import check_credential, check_hardware
from edgeshop.vault.errors import HardwareUnusable, KeystoreLocked
from edgeshop.vault.services import (
    FileKeystore,
    KeystoreState,
    MemoryKeystore,
    Pkcs11Keystore,
    hot_keys,
    keystore,
    keystore_state,
    load_vapid,
    thumbprint,
)
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


def run(action: str, *options: str) -> list[str]:
    out = StringIO()
    call_command("keystore", action, *options, stdout=out)
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


def test_rotate_puts_the_folder_under_a_new_credential_and_keeps_the_keys(knobs: Any, tmp_path: Path) -> None:
    before = run("init")
    fresh = tmp_path / "new-credential"
    fresh.write_text("the words on the new card\n", encoding="utf-8")

    for _ in range(2):  # the second time as after an interruption
        assert run("rotate", "--new-credential-file", str(fresh)) == [
            "The keys open with the new credential only. Hand it to the services and restart them."
        ]

    knobs(credential="the words on the new card")
    assert run("status") == before
    knobs(credential=CREDENTIAL, path=Path(settings.EDGESHOP.vault.path))
    with pytest.raises(KeystoreLocked):
        FileKeystore(path=settings.EDGESHOP.vault.path, credential=CREDENTIAL).sign("device", b"x")


def test_rotate_without_the_right_credential_changes_nothing(knobs: Any, folder: Path, tmp_path: Path) -> None:
    run("init")
    master = (folder / "keystore.json").read_bytes()
    fresh = tmp_path / "new-credential"
    fresh.write_text("the words on the new card", encoding="utf-8")
    knobs(credential="guessed")

    with pytest.raises(CommandError, match="credential does not open"):
        run("rotate", "--new-credential-file", str(fresh))
    assert (folder / "keystore.json").read_bytes() == master


def test_rotate_asks_for_the_file_and_says_when_there_is_nothing(knobs: Any, tmp_path: Path) -> None:
    fresh = tmp_path / "new-credential"
    fresh.write_text("the words on the new card", encoding="utf-8")

    with pytest.raises(CommandError, match="--new-credential-file"):
        run("rotate")
    assert run("rotate", "--new-credential-file", str(fresh)) == [
        "There are no keys in the folder yet; simply use the new credential."
    ]


def test_a_kiosk_whose_module_is_missing_sells_at_level_1_and_says_so(knobs: Any, folder: Path) -> None:
    knobs(backend="pkcs11", module=str(folder / "no.so"), token="device", pin="123456", falls_back=True)

    state = keystore_state()

    assert (state.expected, state.level, "no.so" in state.problem) == ("pkcs11", 1, True)
    assert len(keystore().create("device")["x"]) == 43
    assert [found.id for found in check_hardware()] == ["vault.E003"]
    with pytest.raises(CommandError, match="not where they should be"):
        run("status")
    assert run("init")[0] == f"pkcs11 keystore in token device of {folder / 'no.so'}, trust level 1"


def test_a_cloud_whose_module_is_missing_stands_still(knobs: Any, folder: Path) -> None:
    knobs(backend="pkcs11", module=str(folder / "no.so"), token="cloud", pin="123456")

    assert isinstance(keystore(), Pkcs11Keystore)
    with pytest.raises(HardwareUnusable):
        keystore().create("cloud")
    state = keystore_state()
    assert (state.expected, state.level, "no.so" in state.problem) == ("pkcs11", 0, True)


def test_a_chip_without_its_settings_is_an_error(knobs: Any) -> None:
    knobs(backend="pkcs11")

    assert [found.id for found in check_hardware()] == ["vault.E002"]
    knobs(backend="file")
    assert (check_hardware(), keystore_state()) == ([], KeystoreState("file", 1, ""))


def test_new_chip_is_for_nodes_that_expect_one(knobs: Any) -> None:
    with pytest.raises(CommandError, match="expects no chip"):
        run("init", "--new-chip")
