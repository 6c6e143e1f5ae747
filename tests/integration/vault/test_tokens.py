"""What only real tokens can show: nothing to read, nothing to copy, and work that goes on after they were away."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from pathlib import Path

import pkcs11
import pytest
from django.conf import settings
from pkcs11 import Attribute, KeyType, ObjectClass

from edgeshop.kernel.errors import EdgeShopError
from edgeshop.qa.node import REPOSITORY
from edgeshop.qa.softhsm import SoftHsm
from edgeshop.qa.tokens import LABEL, PIN
from edgeshop.qa.tpm import EmulatedTpm
from edgeshop.vault.errors import HardwareUnusable, KeystoreLocked
from edgeshop.vault.services import (
    FallbackKeystore,
    Keystore,
    is_by_spare,
    keystore,
    keystore_state,
    new_hot_key,
    node_keystore,
    peek_jws,
    verify_hot_certificate,
)
from edgeshop.vault.services.pkcs11_module import module
from tests.integration.vault.conftest import on_token

pytestmark = pytest.mark.integration
Token = SoftHsm | EmulatedTpm

CHILD = f"""
import json, sys
from pathlib import Path
from edgeshop.kernel.errors import EdgeShopError
from edgeshop.vault.services import Pkcs11Keystore
module, folder, action = sys.argv[1:]
store = Pkcs11Keystore(module=module, token={LABEL!r}, pin={PIN!r}, path=Path(folder), keeps_session=False)
try:
    jwk = store.create("device") if action == "create" else store.public_key("device")
    print(json.dumps({{"jwk": jwk, "signature": store.sign("device", b"order").hex()}}))
except EdgeShopError as refusal:
    print(json.dumps({{"refused": refusal.code}}))
"""


def child(token: Token, folder: Path, action: str) -> "subprocess.Popen[str]":
    """Another process at a token, with a world of its own: a library reads its environment once."""
    env = (
        os.environ
        | token.env
        | {
            "PYTHONPATH": os.pathsep.join([str(REPOSITORY), *sys.path]),
            "DJANGO_SETTINGS_MODULE": "edgeshop.settings.test",
        }
    )
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, str(token.module), str(folder), action],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def said(process: "subprocess.Popen[str]") -> dict[str, object]:
    out, complaints = process.communicate(timeout=60)
    assert out, complaints
    return json.loads(out)


@pytest.fixture
def second_tpm(tmp_path: Path) -> Iterator[EmulatedTpm]:
    """The chip of another machine, powered on."""
    folder = tmp_path / "other"
    folder.mkdir()
    chip = EmulatedTpm(folder)
    try:
        chip.start()
        yield chip
    finally:
        chip.remove()


def test_private_values_cannot_be_read(token: Token, store: Keystore) -> None:
    store.create("device")
    store.create_wrap_key("device")
    secret = {
        KeyType.EC: (Attribute.VALUE,),
        KeyType.RSA: (Attribute.PRIVATE_EXPONENT, Attribute.PRIME_1, Attribute.PRIME_2),
    }

    module(str(token.module)).close()
    session = pkcs11.lib(str(token.module)).get_token(token_label=LABEL).open(user_pin=PIN)
    with session:
        for kind, attributes in secret.items():
            key = session.get_key(object_class=ObjectClass.PRIVATE_KEY, key_type=kind, label="device")
            assert (key[Attribute.EXTRACTABLE], key[Attribute.SENSITIVE]) == (False, True)
            assert (key[Attribute.NEVER_EXTRACTABLE], key[Attribute.ALWAYS_SENSITIVE]) == (True, True)
            for attribute in attributes:
                with pytest.raises(pkcs11.exceptions.PKCS11Error):
                    key[attribute]
        public = session.get_key(object_class=ObjectClass.PUBLIC_KEY, key_type=KeyType.RSA, label="device")
        assert len(public[Attribute.MODULUS]) == 256  # what may be read, can be


def test_keys_and_seals_are_there_for_the_next_process(token: Token, folder: Path, store: Keystore) -> None:
    jwk, wrapping = store.create("device"), store.create_wrap_key("device")
    sealed = store.seal("secrets", b"data", b"here")

    module(str(token.module)).restart()
    again = on_token(token, folder)

    assert (again.public_key("device"), again.public_wrap_key("device")) == (jwk, wrapping)
    assert again.open_sealed("secrets", sealed, b"here") == b"data"
    assert again.trust_level == 2


def test_sealing_keys_cannot_change_places_and_are_of_no_use_without_the_token(
    folder: Path, store: Keystore, token: Token
) -> None:
    store.seal("secrets", b"data", b"here")
    store.seal("others", b"data", b"here")
    secrets, others = folder / "secrets.seal.wrapped", folder / "others.seal.wrapped"

    others.write_bytes(secrets.read_bytes())
    with pytest.raises(KeystoreLocked, match="not in its place"):
        on_token(token, folder).seal("others", b"data", b"here")
    others.write_bytes(bytes(256))
    with pytest.raises(KeystoreLocked, match="damaged"):
        on_token(token, folder).seal("others", b"data", b"here")
    assert {path.stat().st_size for path in folder.iterdir()} == {256}


def test_processes_that_start_together_make_one_key(token: Token, folder: Path) -> None:
    answers = [said(process) for process in [child(token, folder, "create") for _ in range(3)]]

    jwks = [answer["jwk"] for answer in answers]
    assert jwks[0] == jwks[1] == jwks[2] == on_token(token, folder).public_key("device")
    assert on_token(token, folder).key_names() == ["device"]


def test_threads_take_turns(store: Keystore) -> None:
    store.create("device")
    store.create("grants")

    with ThreadPoolExecutor(max_workers=4) as crowd:
        signed = list(crowd.map(lambda turn: store.sign("device" if turn % 2 else "grants", b"order"), range(12)))

    assert {len(signature) for signature in signed} == {64}


def test_a_lost_session_is_opened_once_more(token: Token, store: Keystore) -> None:
    store.create("device")
    store.sign("device", b"order")

    pkcs11.lib(str(token.module)).reinitialize()  # what a restarted token daemon does to everybody's handles

    assert len(store.sign("device", b"order")) == 64


def test_a_tpm_that_was_away_is_used_again(tpm: EmulatedTpm, folder: Path) -> None:
    store = on_token(tpm, folder)
    jwk = store.create("device")
    tpm.stop()
    with pytest.raises(HardwareUnusable):
        store.sign("device", b"order")

    tpm.start()

    assert len(store.sign("device", b"order")) == 64
    assert store.public_key("device") == jwk


def test_a_wrong_pin_is_tried_once_and_never_locks_the_chip(token: Token, folder: Path, store: Keystore) -> None:
    jwk = store.create("device")
    guess = on_token(token, folder, pin="654321")

    for _ in range(40):  # a chip locks itself after 32
        with pytest.raises(HardwareUnusable, match="PIN"):
            guess.public_key("device")

    assert on_token(token, folder).public_key("device") == jwk


def test_a_token_of_another_name_is_not_there(token: Token, folder: Path) -> None:
    with pytest.raises(HardwareUnusable, match="no such token"):
        on_token(token, folder, label="other").create("device")


def test_a_stolen_disk_signs_at_no_other_chip_but_at_its_own(
    tpm: EmulatedTpm, second_tpm: EmulatedTpm, folder: Path
) -> None:
    jwk = on_token(tpm, folder).create("device")
    second_tpm.store = Path(shutil.copytree(tpm.store, second_tpm.store))

    thief = said(child(second_tpm, folder, "sign"))
    tpm.stop()
    tpm.start()
    owner = said(child(tpm, folder, "sign"))

    assert thief == {"refused": "vault.hardware_unusable"}
    assert (owner["jwk"], len(owner["signature"])) == (jwk, 128)


@pytest.fixture
def kiosk_vault(folder: Path, monkeypatch: pytest.MonkeyPatch):
    """This process as a process of a kiosk that expects its keys in a token: `kiosk_vault(token, pin="…")`."""
    open_anew = node_keystore._opened.__wrapped__

    def expect(place: Token, /, **change: object) -> FallbackKeystore:
        vault = replace(
            settings.EDGESHOP.vault,
            **{
                "backend": "pkcs11",
                "path": folder,
                "credential": "the words on the card in the till",
                "pin": PIN,
                "module": str(place.module),
                "token": LABEL,
                "keeps_session": False,
                "falls_back": True,
                **change,
            },
        )
        monkeypatch.setattr(settings, "EDGESHOP", replace(settings.EDGESHOP, vault=vault))
        monkeypatch.setattr(node_keystore, "_opened", cache(open_anew))  # as a process that has just started
        return keystore()

    return expect


def test_a_kiosk_whose_chip_is_gone_signs_at_level_1_by_the_word_of_its_chip(tpm: EmulatedTpm, kiosk_vault) -> None:
    jwk = kiosk_vault(tpm).create("device")
    assert (keystore_state().level, keystore_state().problem) == (2, "")
    tpm.stop()
    store = kiosk_vault(tpm)

    hot = new_hot_key(subject="kiosk/12")

    state = keystore_state()
    assert (state.expected, state.level, bool(state.problem)) == ("pkcs11", 1, True)
    assert verify_hot_certificate(hot.certificate, issuer_jwk=jwk) == hot.jwk
    assert is_by_spare(peek_jws(hot.certificate)[0], issuer_jwk=jwk)
    tpm.start()
    store = kiosk_vault(tpm)
    assert (store.trust_level, store.public_key("device")) == (2, jwk)
    assert not is_by_spare(peek_jws(new_hot_key(subject="kiosk/12").certificate)[0], issuer_jwk=jwk)


def test_a_disk_put_before_another_chip_falls_to_level_1(
    tpm: EmulatedTpm, second_tpm: EmulatedTpm, kiosk_vault
) -> None:
    jwk = kiosk_vault(tpm).create("device")
    second_tpm.set_up()
    os.environ.update(second_tpm.env)  # the fixture `tpm` puts it back
    module(str(tpm.module)).restart()

    store = kiosk_vault(second_tpm)

    assert (store.trust_level, store.problem) == (
        1,
        "The token does not hold the device key that this node was set up with.",
    )
    assert store.public_key("device") != jwk
    store.forget()
    assert (store.create("device") in (jwk,), store.trust_level) == (False, 2)


@pytest.mark.parametrize("change", [{"pin": "654321"}, {"token": "other"}, {"module": "/nowhere/no.so"}])
def test_whatever_is_wrong_with_the_token_the_kiosk_sells_on(softhsm: SoftHsm, kiosk_vault, change) -> None:
    kiosk_vault(softhsm).create("device")

    store = kiosk_vault(softhsm, **change)

    assert (store.trust_level, bool(keystore_state().problem), len(store.sign("device", b"order"))) == (1, True, 64)


def test_no_credential_for_the_folder_does_not_stop_the_chip(softhsm: SoftHsm, kiosk_vault) -> None:
    store = kiosk_vault(softhsm, credential="")

    jwk = store.create("device")

    assert (store.public_key("device"), store.trust_level, store.introduction("device")) == (jwk, 2, None)


def test_the_control_a_token_in_use_does_not_open_by_itself(softhsm: SoftHsm) -> None:
    lib = pkcs11.lib(str(softhsm.module))
    with lib.get_token(token_label=LABEL).open() as stranger, contextlib.suppress(EdgeShopError):
        assert list(stranger.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY})) == []


def test_a_forked_process_has_sessions_of_its_own(token: Token, store: Keystore) -> None:
    jwk = store.create("device")
    store.sign("device", b"order")

    child_id = os.fork()
    if child_id == 0:  # a worker of a pool whose parent has used its keys
        is_well = len(store.sign("device", b"order")) == 64 and store.public_key("device") == jwk
        os._exit(0 if is_well else 1)

    assert os.waitstatus_to_exitcode(os.waitpid(child_id, 0)[1]) == 0
    assert len(store.sign("device", b"order")) == 64
