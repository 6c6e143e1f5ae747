"""The keystore of this node, as its settings say."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from edgeshop.kernel.errors import InvalidInput
from edgeshop.vault.services.file_keystore import FileKeystore
from edgeshop.vault.services.keystore import Keystore
from edgeshop.vault.services.memory_keystore import MemoryKeystore


def keystore() -> Keystore:
    """This node's keys; the same object each time in one process. Raises: InvalidInput for an unknown backend."""
    knobs = settings.EDGESHOP.vault
    return _opened(knobs.backend, Path(knobs.path), knobs.credential)


@lru_cache(maxsize=8)  # one per process in a shop, a few in tests
def _opened(backend: str, path: Path, credential: str) -> Keystore:
    if backend == "file":
        return FileKeystore(path=path, credential=credential)
    if backend == "memory":
        return MemoryKeystore()
    raise InvalidInput("The vault's backend is file or memory.", backend=backend)
