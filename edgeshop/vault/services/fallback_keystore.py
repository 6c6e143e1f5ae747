"""A kiosk's keystore that expects a chip and sells without it: the same names, from a folder, one level lower.

The chip is believed while it opens and holds the keys it held when this node was set up (`known.json`: public halves
only). Else everything is asked of the folder, where the device key has a spare that the chip has vouched for, and the
chip is looked for again every few minutes. What only the chip can open stays shut meanwhile; nothing is thrown away.
"""

import json
import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from edgeshop.kernel import clock
from edgeshop.vault.errors import HardwareUnusable, KeyMissing, KeystoreLocked, SealBroken
from edgeshop.vault.services.durable_file import alone_in, write_durably
from edgeshop.vault.services.keystore import Keystore
from edgeshop.vault.services.p256 import Jwk
from edgeshop.vault.services.spare import vouch_for

log = logging.getLogger(__name__)
T = TypeVar("T")
DEVICE = "device"  # the key that says who a node is
KNOWN_FILE = "known.json"
LOOK_AGAIN_S = 300


class FallbackKeystore:
    """A `Keystore` of the chip's level while the chip is usable, and of the folder's while it is not."""

    def __init__(self, *, hardware: Keystore, spare: Keystore, path: Path) -> None:
        self._hardware = hardware
        self._spare = spare
        self._path = path
        self._problem = ""
        self._looked_s: float | None = None
        self._lock = threading.RLock()

    @property
    def trust_level(self) -> int:
        return (self._hardware if self._is_usable() else self._spare).trust_level

    @property
    def problem(self) -> str:
        """Why the chip is not used, in words; empty when it is."""
        self._is_usable()
        return self._problem

    def key_names(self) -> list[str]:
        return self._by(lambda store: store.key_names())

    def create(self, name: str) -> Jwk:
        return self._by(lambda store: self._noted(name, store.create(name)), lambda: self._spare.create(name))

    def public_key(self, name: str) -> Jwk:
        return self._by(lambda store: store.public_key(name), lambda: self._of_spare(name).public_key(name))

    def sign(self, name: str, data: bytes) -> bytes:
        return self._by(lambda store: store.sign(name, data), lambda: self._of_spare(name).sign(name, data))

    def create_wrap_key(self, name: str) -> Jwk:
        return self._by(lambda store: store.create_wrap_key(name))

    def public_wrap_key(self, name: str) -> Jwk:
        return self._by(lambda store: store.public_wrap_key(name))

    def unwrap(self, name: str, wrapped: bytes) -> bytes:
        return self._by(lambda store: self._either(store, lambda one: one.unwrap(name, wrapped)))

    def seal(self, name: str, data: bytes, context: bytes) -> bytes:
        return self._by(lambda store: store.seal(name, data, context))

    def open_sealed(self, name: str, sealed: bytes, context: bytes) -> bytes:
        return self._by(lambda store: self._either(store, lambda one: one.open_sealed(name, sealed, context)))

    def introduction(self, name: str) -> str | None:
        """What the chip said of the key that stands in for it; None while the chip is there, or if it never did."""
        file = self._vouched_file(name)
        return file.read_text(encoding="ascii") if not self._is_usable() and file.exists() else None

    def own_keys(self, name: str) -> list[Jwk]:
        """Every public half that this node signs with under this name, with the chip or without it."""
        own = [known for known in [(self._known() or {}).get(name)] if known is not None]
        if name in self._spare.key_names():
            own.append(self._spare.public_key(name))
        return own

    def forget(self) -> None:
        """Take the token that is there for ours, whatever it holds: for an operator who has put in a new chip."""
        with self._lock, alone_in(self._path):
            for file in (self._path / KNOWN_FILE, *self._path.glob("*.spare")):
                file.unlink(missing_ok=True)
            self._looked_s, self._problem = None, ""

    def _by(self, ask: Callable[[Keystore], T], of_spare: Callable[[], T] | None = None) -> T:
        if self._is_usable():
            try:
                return ask(self._hardware)
            except HardwareUnusable as gone:
                self._note(str(gone))
        return of_spare() if of_spare is not None else ask(self._spare)

    def _either(self, first: Keystore, ask: Callable[[Keystore], T]) -> T:
        """Ask the chip, and the folder for what was made while the chip was away."""
        try:
            return ask(first)
        except (SealBroken, KeyMissing) as refusal:
            if first is self._spare:
                raise
            try:
                return ask(self._spare)
            except (SealBroken, KeyMissing):
                raise refusal from None

    def _is_usable(self) -> bool:
        now_s = clock.boot_s()
        with self._lock:
            if self._looked_s is None or (self._problem and now_s - self._looked_s >= LOOK_AGAIN_S):
                self._note(self._look())
            return not self._problem

    def _note(self, problem: str) -> None:
        if problem != self._problem:
            log.warning("keys: %s", f"without the chip, at a lower level: {problem}" if problem else "the chip is back")
        self._problem, self._looked_s = problem, clock.boot_s()

    def _look(self) -> str:
        try:
            known = self._known()
            if known is None:
                return "The list of the token's keys is damaged."
            names = self._hardware.key_names()
            for name, jwk in known.items():
                if name not in names or self._hardware.public_key(name) != jwk:
                    return f"The token does not hold the {name} key that this node was set up with."
        except HardwareUnusable as problem:
            return str(problem)
        return ""

    def _known(self) -> dict[str, Jwk] | None:
        """What the chip held when it was last asked to make a key; None when that list is damaged."""
        try:
            return dict(json.loads((self._path / KNOWN_FILE).read_bytes()))
        except FileNotFoundError:
            return {}
        except (ValueError, TypeError):
            return None

    def _noted(self, name: str, jwk: Jwk) -> Jwk:
        """Remember what the chip holds and, for the device key, get its word for a spare. Effect: two small files."""
        if (self._known() or {}).get(name) != jwk:
            with alone_in(self._path):
                known = (self._known() or {}) | {name: jwk}
                write_durably(self._path / KNOWN_FILE, json.dumps(known).encode())
        if name == DEVICE and not self._vouched_file(name).exists():
            self._get_vouched(name)
        return jwk

    def _get_vouched(self, name: str) -> None:
        try:
            word = vouch_for(self._spare.create(name), keystore=self._hardware, key=name)
        except HardwareUnusable:
            raise
        except KeystoreLocked as locked:
            log.warning("keys: no spare for the chip: %s", locked)
            return
        with alone_in(self._path):
            write_durably(self._vouched_file(name), word.encode("ascii"))

    def _vouched_file(self, name: str) -> Path:
        return self._path / f"{name}.spare"

    def _of_spare(self, name: str) -> Keystore:
        if name in (self._known() or {}):
            self._spare.create(name)  # the chip has one of that name, so whoever asks has made it
        return self._spare
