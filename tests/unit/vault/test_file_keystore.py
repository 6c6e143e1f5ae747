"""The encrypted folder: nothing in clear, nothing half written, nothing opened with another credential."""

import base64
import json
import os
import threading
from pathlib import Path

import pytest

from edgeshop.vault.errors import KeyMissing, KeystoreLocked
from edgeshop.vault.services import FileKeystore, durable_file
from edgeshop.vault.services.p256 import P256Key

pytestmark = pytest.mark.unit
CREDENTIAL = "the words on the card in the till"


def opened(folder: Path, credential: str = CREDENTIAL) -> FileKeystore:
    return FileKeystore(path=folder, credential=credential)


def test_the_keys_are_there_after_a_restart(folder: Path) -> None:
    first = opened(folder)
    jwk, sealed = first.create("device"), first.seal("secrets", b"data", b"here")

    again = opened(folder)

    assert again.public_key("device") == jwk
    assert again.open_sealed("secrets", sealed, b"here") == b"data"
    assert again.trust_level == 1


def test_another_credential_opens_nothing_and_harms_nothing(folder: Path) -> None:
    jwk = opened(folder).create("device")

    for credential in (CREDENTIAL + " ", "", CREDENTIAL.upper()):
        for ask in (lambda store: store.sign("device", b"x"), lambda store: store.create("second")):
            with pytest.raises(KeystoreLocked):
                ask(opened(folder, credential))

    assert opened(folder).public_key("device") == jwk
    assert opened(folder).key_names() == ["device"]


def test_no_file_holds_a_private_key_or_the_credential_in_clear(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[P256Key] = []
    generate = P256Key.generate
    monkeypatch.setattr(P256Key, "generate", lambda: made.append(generate()) or made[-1])
    written: list[bytes] = []
    fdopen = os.fdopen

    def spy(handle: int, mode: str):
        file = fdopen(handle, mode)
        write = file.write
        return _Spy(file, lambda data: (written.append(data), write(data))[1])

    monkeypatch.setattr(durable_file.os, "fdopen", spy)
    opened(folder).create("device")

    der = made[0].pkcs8()
    on_disk = [file.read_bytes() for file in folder.rglob("*")]
    assert len(made) == 1
    assert sorted(map(len, written)) == sorted(map(len, on_disk))
    for data in [*on_disk, *written]:
        assert not holds(data, der[-100:])
        assert not holds(data, der[36:68])  # the secret number itself
        assert not holds(data, CREDENTIAL.encode())


class _Spy:
    def __init__(self, file, write) -> None:
        self._file, self.write = file, write

    def __getattr__(self, name: str):
        return getattr(self._file, name)

    def __enter__(self):
        return self

    def __exit__(self, *_raised: object) -> None:
        self._file.close()


def holds(data: bytes, secret: bytes) -> bool:
    return any(form in data for form in (secret, secret.hex().encode(), base64.b64encode(secret)[:-4]))


def test_holds_would_notice_a_key_in_clear() -> None:
    key = P256Key.generate()
    private = key._private.private_numbers().private_value.to_bytes(32, "big")

    assert key.pkcs8()[36:68] == private
    assert holds(key.pkcs8(), private)
    assert holds(json.dumps({"d": base64.b64encode(private).decode()}).encode(), private)


def test_files_are_for_our_user_only_and_nothing_is_left_beside(folder: Path) -> None:
    umask = os.umask(0)
    try:
        opened(folder).create("device")
    finally:
        os.umask(umask)

    assert sorted(file.name for file in folder.iterdir()) == ["device.sign.key", "keystore.json"]
    assert [file.stat().st_mode & 0o777 for file in sorted(folder.iterdir())] == [0o600, 0o600]
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_file_and_its_name_are_flushed_before_the_key_counts(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    fsync, replace = os.fsync, Path.replace
    monkeypatch.setattr(durable_file.os, "fsync", lambda handle: (steps.append("flush"), fsync(handle))[1])
    monkeypatch.setattr(Path, "replace", lambda self, to: (steps.append("rename"), replace(self, to))[1])

    opened(folder).create("device")

    assert steps == ["flush", "rename", "flush"] * 2


def test_a_power_cut_before_the_rename_leaves_no_key_and_the_next_start_makes_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pulled(*_args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", pulled)
        with pytest.raises(KeyboardInterrupt):
            opened(folder).create("device")

    assert opened(folder).key_names() == []
    with pytest.raises(KeyMissing):
        opened(folder).public_key("device")
    assert opened(folder).create("device") == opened(folder).public_key("device")


def test_damaged_swapped_or_orphaned_files_do_not_open_and_are_not_overwritten(folder: Path) -> None:
    store = opened(folder)
    store.create("device")
    store.create("grants")
    device, grants, master = (folder / name for name in ("device.sign.key", "grants.sign.key", "keystore.json"))
    good = {file: file.read_bytes() for file in (device, grants, master)}
    damage = [
        (device, good[grants]),  # swapped
        (device, good[device][:-1]),
        (device, b""),
        (master, b"{}"),
        (master, b"not json"),
        (master, good[master][:-20]),
        (master, good[master].replace(b'"n": 16', b'"n": 17')),
        (master, None),
    ]

    for file, content in damage:
        file.unlink() if content is None else file.write_bytes(content)
        for ask in ("public_key", "create"):
            with pytest.raises(KeystoreLocked):
                getattr(opened(folder), ask)("device")
        file.write_bytes(good[file])

    assert opened(folder).public_key("device") == store.public_key("device")


def test_no_new_master_is_made_where_keys_of_an_old_one_lie(folder: Path) -> None:
    opened(folder).create("device")
    (folder / "keystore.json").unlink()

    with pytest.raises(KeystoreLocked):
        opened(folder).create("second")

    assert sorted(file.name for file in folder.iterdir()) == ["device.sign.key"]


@pytest.mark.parametrize("item", ["device.sign", "device.wrap", "device.seal"])
def test_rightly_sealed_junk_is_a_damaged_key(folder: Path, item: str) -> None:
    store = opened(folder)
    store.create("other")
    store._write(item, b"junk")

    for ask in (store.public_key, store.public_wrap_key, lambda name: store.open_sealed(name, bytes(40), b"")):
        with pytest.raises((KeystoreLocked, KeyMissing)) as refused:
            ask("device")
        assert isinstance(refused.value, KeystoreLocked) == (
            refused.value.fields["kind"] == item.removeprefix("device.")
        )


def test_many_starting_at_once_agree_on_one_key(folder: Path) -> None:
    found: list[dict[str, str]] = []
    ready = threading.Barrier(6)

    def start() -> None:
        ready.wait()
        found.append(opened(folder).create("device"))

    threads = [threading.Thread(target=start) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == [opened(folder).public_key("device")] * 6


def test_another_process_finds_a_key_made_after_it_started(folder: Path) -> None:
    waiting = opened(folder)
    with pytest.raises(KeyMissing):
        waiting.public_key("device")

    jwk = opened(folder).create("device")

    assert waiting.public_key("device") == jwk
