"""The keystore of this node, as its settings say.

A cloud whose HSM is gone stands still: nobody would know another key. A kiosk whose chip is gone goes on selling with
its encrypted folder, at that folder's level, and says so.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from edgeshop.kernel.errors import EdgeShopError, InvalidInput
from edgeshop.settings.knobs import Vault
from edgeshop.vault.services.fallback_keystore import DEVICE as DEVICE
from edgeshop.vault.services.fallback_keystore import FallbackKeystore
from edgeshop.vault.services.file_keystore import FileKeystore
from edgeshop.vault.services.jws import peek_jws
from edgeshop.vault.services.keystore import Keystore
from edgeshop.vault.services.memory_keystore import MemoryKeystore
from edgeshop.vault.services.p256 import Jwk, thumbprint
from edgeshop.vault.services.pkcs11_keystore import Pkcs11Keystore
from edgeshop.vault.services.spare import HEADER, issuer_of
from edgeshop.vault.services.spare import LEVEL as SPARE_LEVEL

HARDWARE_FOLDER = "hardware"  # in the vault's folder: what belongs to the chip and is no key


@dataclass(frozen=True, slots=True)
class KeystoreState:
    """What should hold the keys, what level they are worth now, and what is wrong, in words; empty when nothing is."""

    expected: str
    level: int
    problem: str


def keystore() -> Keystore:
    """This node's keys; the same object each time in one process. Raises: InvalidInput for an unknown backend."""
    return _opened(settings.EDGESHOP.vault)


def keystore_state() -> KeystoreState:
    """How this node's keys are. Never raises for trouble with them: that is what it tells."""
    store, expected = keystore(), settings.EDGESHOP.vault.backend
    try:
        if isinstance(store, FallbackKeystore):
            return KeystoreState(expected, store.trust_level, store.problem)
        store.key_names()
    except (EdgeShopError, OSError) as problem:
        return KeystoreState(expected, 0, str(problem))
    return KeystoreState(expected, store.trust_level, "")


def own_keys(name: str) -> list[Jwk]:
    """Every public half that may have signed for this node under this name. Raises: KeyMissing when there is none."""
    store = keystore()
    return (store.own_keys(name) if isinstance(store, FallbackKeystore) else []) or [store.public_key(name)]


def level_for(name: str, kid: str) -> int | None:
    """At which level this node can sign now for the key of that thumbprint: with it, or with the spare it vouched for.

    None when it cannot: a disk that was copied holds the public half and the certificate, but opens neither key.
    """
    store = keystore()
    try:
        present = store.public_key(name)  # of a key that opens here: no keystore knows the public half of another
        if thumbprint(present) == kid:
            return store.trust_level
        via = introduction(store, name)
        if via is not None and peek_jws(via)[0].get("kid") == kid:
            known = next(jwk for jwk in own_keys(name) if thumbprint(jwk) == kid)
            return SPARE_LEVEL if dict(issuer_of({HEADER: via}, issuer_jwk=known)) == present else None
    except (EdgeShopError, OSError, StopIteration):
        return None
    return None


def introduction(store: Keystore, name: str) -> str | None:
    """The certificate to show with what this key signs, when it is a spare that stands in for a chip's."""
    return store.introduction(name) if isinstance(store, FallbackKeystore) else None


@cache  # one per process in a shop; a keystore in memory that were forgotten would take its keys along
def _opened(knobs: Vault) -> Keystore:
    if knobs.backend == "memory":
        return MemoryKeystore()
    spare = FileKeystore(path=Path(knobs.path), credential=knobs.credential)
    if knobs.backend == "file":
        return spare
    if knobs.backend != "pkcs11":
        raise InvalidInput("The vault's backend is file, pkcs11 or memory.", backend=knobs.backend)
    folder = Path(knobs.path) / HARDWARE_FOLDER
    hardware = Pkcs11Keystore(
        module=knobs.module, token=knobs.token, pin=knobs.pin, path=folder, keeps_session=knobs.keeps_session
    )
    return FallbackKeystore(hardware=hardware, spare=spare, path=folder) if knobs.falls_back else hardware
