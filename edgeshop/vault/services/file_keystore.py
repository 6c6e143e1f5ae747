"""Keys in a folder, each file encrypted; the credential that opens them lives elsewhere.

`keystore.json` holds a random master key under a key derived from the credential (scrypt); each key file is sealed by
the master key and bound to its own name, so that files cannot change places. Only the master needs to be written again
when the credential changes. Nothing private is ever on the disk in clear, not even while a file is being written.
"""

import base64
import binascii
import json
import os
from contextlib import AbstractContextManager
from pathlib import Path

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from edgeshop.vault.errors import KeystoreLocked, SealBroken
from edgeshop.vault.services.durable_file import alone_in, write_durably
from edgeshop.vault.services.sealing import KEY_BYTES, SealKey
from edgeshop.vault.services.software_keystore import SoftwareKeystore

MASTER_FILE = "keystore.json"
FORMAT = "edgeshop-keystore/1"
KEY_ENDING = ".key"
SALT_BYTES = 16
SCRYPT_N, SCRYPT_R, SCRYPT_P = 2**15, 8, 1  # 32 MiB and about 0.1 s once per process, for a credential typed by hand


class FileKeystore(SoftwareKeystore):
    """A `Keystore` of level 1. Opens at first use, so that a process starts even when its keys do not."""

    trust_level: int = 1

    def __init__(self, *, path: Path, credential: str) -> None:
        super().__init__()
        self._path = path
        self._credential = credential
        self._master: SealKey | None = None

    def _read(self, item: str) -> bytes | None:
        try:
            sealed = self._file(item).read_bytes()
        except FileNotFoundError:
            return None
        try:
            return self._opened().open(sealed, _place(item))
        except SealBroken:
            raise KeystoreLocked("A key file is damaged or not in its place.", item=item) from None

    def _write(self, item: str, secret: bytes) -> None:
        if not (self._path / MASTER_FILE).exists():
            self._begin()
        write_durably(self._file(item), self._opened().seal(secret, _place(item)))

    def _items(self) -> list[str]:
        return [file.name.removesuffix(KEY_ENDING) for file in self._path.glob(f"*{KEY_ENDING}")]

    def _alone(self) -> AbstractContextManager[object]:
        return alone_in(self._path)  # web server and workers start together and want the same key

    def _file(self, item: str) -> Path:
        return self._path / f"{item}{KEY_ENDING}"

    def change_credential(self, credential: str) -> bool:
        """Put the master key under another credential; the keys stay as they are. Answers whether there was one.

        Whoever has the folder open goes on; whoever opens it next needs the new credential. Raises: KeystoreLocked,
        when neither the present credential opens it nor the new one does already.
        """
        with self._lock, self._alone():
            if not (self._path / MASTER_FILE).exists():
                return False
            fresh = FileKeystore(path=self._path, credential=credential)
            try:
                master = self._open_master()
            except KeystoreLocked:
                fresh._open_master()  # interrupted after its last step
                return True
            fresh._write_master(master)
            return True

    def _begin(self) -> None:
        if self._items():
            raise KeystoreLocked("There are keys, but the file that opens them is gone.", file=MASTER_FILE)
        self._write_master(SealKey.generate())

    def _write_master(self, master: bytes) -> None:
        salt, cost = os.urandom(SALT_BYTES), {"n": SCRYPT_N, "r": SCRYPT_R, "p": SCRYPT_P}
        sealed = self._lid(salt, cost).seal(master, FORMAT.encode())
        described = {"format": FORMAT, "kdf": "scrypt", **cost, "salt": _text(salt), "master": _text(sealed)}
        write_durably(self._path / MASTER_FILE, json.dumps(described).encode())

    def _opened(self) -> SealKey:
        if self._master is None:
            self._master = SealKey(self._open_master())
        return self._master

    def _open_master(self) -> bytes:
        try:
            said = json.loads((self._path / MASTER_FILE).read_bytes())
            salt, sealed = binascii.a2b_base64(said["salt"]), binascii.a2b_base64(said["master"])
            return self._lid(salt, {name: int(said[name]) for name in "nrp"}).open(sealed, FORMAT.encode())
        except SealBroken:
            raise KeystoreLocked("The credential does not open this keystore.") from None
        except (OSError, ValueError, KeyError, TypeError):
            raise KeystoreLocked("The keystore is damaged or not readable.", file=MASTER_FILE) from None

    def _lid(self, salt: bytes, cost: dict[str, int]) -> SealKey:
        if not self._credential:
            raise KeystoreLocked("There is no credential to open the keystore with.")
        return SealKey(Scrypt(salt=salt, length=KEY_BYTES, **cost).derive(self._credential.encode()))


def _place(item: str) -> bytes:
    return f"{FORMAT} {item}".encode()


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
