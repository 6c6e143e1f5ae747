"""What the keystores without hardware share: keys as bytes, kept somewhere by the subclass, used in memory."""

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from edgeshop.vault.errors import KeyMissing, KeystoreLocked
from edgeshop.vault.services.keystore import demand_name
from edgeshop.vault.services.p256 import Jwk, P256Key
from edgeshop.vault.services.sealing import SealKey
from edgeshop.vault.services.wrapping import WrapKey

T = TypeVar("T")


@dataclass(frozen=True)
class Kind(Generic[T]):
    """A kind of key: how its item is called, how one is made, how its bytes are read."""

    suffix: str
    make: Callable[[], bytes]
    load: Callable[[bytes], T]


SIGN = Kind("sign", lambda: P256Key.generate().pkcs8(), P256Key.from_pkcs8)
WRAP = Kind("wrap", lambda: WrapKey.generate().pkcs8(), WrapKey.from_pkcs8)
SEAL = Kind("seal", SealKey.generate, SealKey)


class SoftwareKeystore(ABC):
    """All of `Keystore` but `trust_level`, over four primitives that keep named bytes."""

    def __init__(self) -> None:
        self._loaded: dict[str, Any] = {}
        self._lock = threading.RLock()

    @abstractmethod
    def _read(self, item: str) -> bytes | None:
        """The bytes kept under `item`, None when there are none."""

    @abstractmethod
    def _write(self, item: str, secret: bytes) -> None:
        """Keep new bytes; called alone, for an item that is not there."""

    @abstractmethod
    def _items(self) -> list[str]:
        """The names of all items."""

    @abstractmethod
    def _alone(self) -> AbstractContextManager[object]:
        """While held, nobody else makes keys here."""

    def key_names(self) -> list[str]:
        return sorted(item.removesuffix(".sign") for item in self._items() if item.endswith(".sign"))

    def create(self, name: str) -> Jwk:
        return dict(self._ensured(name, SIGN).jwk)

    def public_key(self, name: str) -> Jwk:
        return dict(self._found(name, SIGN).jwk)

    def sign(self, name: str, data: bytes) -> bytes:
        return self._found(name, SIGN).sign(data)

    def create_wrap_key(self, name: str) -> Jwk:
        return dict(self._ensured(name, WRAP).jwk)

    def public_wrap_key(self, name: str) -> Jwk:
        return dict(self._found(name, WRAP).jwk)

    def unwrap(self, name: str, wrapped: bytes) -> bytes:
        return self._found(name, WRAP).unwrap(wrapped)

    def seal(self, name: str, data: bytes, context: bytes) -> bytes:
        return self._ensured(name, SEAL).seal(data, context)

    def open_sealed(self, name: str, sealed: bytes, context: bytes) -> bytes:
        return self._found(name, SEAL).open(sealed, context)

    def _ensured(self, name: str, kind: Kind[T]) -> T:
        try:
            return self._found(name, kind)
        except KeyMissing:
            item = f"{name}.{kind.suffix}"
            with self._lock, self._alone():
                if self._read(item) is None:
                    self._write(item, kind.make())
            return self._found(name, kind)

    def _found(self, name: str, kind: Kind[T]) -> T:
        item = f"{name}.{kind.suffix}"
        if item not in self._loaded:
            with self._lock:
                self._loaded[item] = self._load(name, item, kind)
        return cast(T, self._loaded[item])

    def _load(self, name: str, item: str, kind: Kind[T]) -> T:
        demand_name(name)
        secret = self._read(item)
        if secret is None:
            raise KeyMissing("This node has no such key.", key=name, kind=kind.suffix)
        try:
            return kind.load(secret)
        except ValueError:
            raise KeystoreLocked("A key is damaged.", key=name, kind=kind.suffix) from None
