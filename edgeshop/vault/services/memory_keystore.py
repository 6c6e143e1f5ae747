"""Keys that die with the process; for tests, and never a shop's."""

from contextlib import AbstractContextManager, nullcontext

from edgeshop.vault.services.software_keystore import SoftwareKeystore


class MemoryKeystore(SoftwareKeystore):
    """A `Keystore` in a dictionary."""

    trust_level: int = 0

    def __init__(self) -> None:
        super().__init__()
        self._kept: dict[str, bytes] = {}

    def _read(self, item: str) -> bytes | None:
        return self._kept.get(item)

    def _write(self, item: str, secret: bytes) -> None:
        self._kept[item] = secret

    def _items(self) -> list[str]:
        return list(self._kept)

    def _alone(self) -> AbstractContextManager[object]:
        return nullcontext()
