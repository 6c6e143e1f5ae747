"""Publishing on this node, as its settings say. The first artefact begins the repository, so that a shop can open."""

import logging
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings

from edgeshop.vault.services.artefacts.ceremony import HOLDERS, begin, root_keystores
from edgeshop.vault.services.artefacts.repository import MakeDelta, Repository
from edgeshop.vault.services.keystore import Keystore
from edgeshop.vault.services.memory_keystore import MemoryKeystore
from edgeshop.vault.services.node_keystore import keystore

log = logging.getLogger(__name__)


def repository() -> Repository:
    """This node's repository, begun or not."""
    return Repository(Path(settings.EDGESHOP.state_dir) / "artefacts", keystore())


def publish(path: str, data: bytes, *, delta: MakeDelta | None = None) -> int:
    """Make `data` the target at `path` of this node's repository; answers the targets' version.

    `delta` makes the ways there from earlier versions, see `Repository.publish`.
    Effect: a repository where there was none, its root keys in a folder that a person should take away.
    """
    here = repository()
    if not here.exists:
        begin(here, first_roots())
        log.warning("a new artefact repository: take its root keys away from %s", roots_folder())
    return here.publish(path, data, delta=delta)


def published(path: str) -> bytes | None:
    """What this node's repository has signed at `path`; None where nothing is."""
    here = repository()
    return here.read(path) if here.exists else None


def roots_folder() -> Path:
    """Where root keys are made when nobody says where: on this very machine, until somebody takes them away."""
    return Path(settings.EDGESHOP.state_dir) / "root-keys"


def first_roots() -> Mapping[str, Keystore]:
    """Three new root keystores. Where this node's own keys die with the process, so do these."""
    vault = settings.EDGESHOP.vault
    if vault.backend == "memory":
        return {holder: MemoryKeystore() for holder in HOLDERS}
    return root_keystores(roots_folder(), credential=vault.credential, is_new=True)
