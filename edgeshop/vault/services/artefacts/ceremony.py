"""What takes people: the root, signed by two of three keys that lie in three places, none of them online.

Signing goes in steps. Each holder brings their key when they can; the draft waits on the cloud, and becomes the root
when enough have signed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tuf.api.metadata import Metadata, Root  # type: ignore[attr-defined]  # -- public, but without `__all__`

from edgeshop.kernel.errors import InvalidInput
from edgeshop.vault.errors import KeyMissing
from edgeshop.vault.services.artefacts.repository import ONLINE, Repository, later, online_keys
from edgeshop.vault.services.artefacts.signer import KeystoreSigner
from edgeshop.vault.services.durable_file import write_durably
from edgeshop.vault.services.file_keystore import FileKeystore
from edgeshop.vault.services.keystore import Keystore

HOLDERS = ("root-1", "root-2", "root-3")
THRESHOLD = 2
DRAFT = "root-draft.json"


@dataclass(frozen=True, slots=True)
class RootSigned:
    """How far a new root has come: by whom it is signed now, and whether that made it the root."""

    version: int
    signed_by: int
    needed: int
    is_published: bool


def root_keystores(folder: Path, *, credential: str, is_new: bool = False) -> dict[str, Keystore]:
    """The root keystores below a folder, by holder: all three when they are new, else those that are there."""
    return {
        holder: FileKeystore(path=folder / holder, credential=credential)
        for holder in HOLDERS
        if is_new or (folder / holder).is_dir()
    }


def begin(repository: Repository, roots: Mapping[str, Keystore]) -> None:
    """Make the keys, the first root and an empty set of targets.

    Raises: InvalidInput when there is a repository already. Effect: the root keys are made where they are missing.
    """
    if len(roots) != len(HOLDERS):
        raise InvalidInput("A new repository takes all root keys at one table.", keys=len(HOLDERS))
    with repository.alone():
        if repository.exists:
            raise InvalidInput("There is an artefact repository already; it is never begun twice.")
        root = Root(expires=later("root"), consistent_snapshot=True)
        for holder, keystore in roots.items():
            keystore.create(holder)
            root.add_key(KeystoreSigner(keystore, holder).public_key, "root")
        root.roles["root"].threshold = THRESHOLD
        for role, key in online_keys(repository).items():
            root.add_key(key, role)
        signed = Metadata(root)
        for signer in _signers(signed, roots):
            signed.sign(signer, append=True)
        repository.write("root", signed)
        repository.sign_first()


def sign_root(repository: Repository, roots: Mapping[str, Keystore]) -> RootSigned:
    """Sign the next root with those keys that are here: a new year, and the keys that the cloud signs with now.

    Raises: NotFound without a repository, KeyMissing when none of the root's keys is here.
    Effect: with enough signatures the draft becomes the root and every role is signed anew by its keys.
    """
    with repository.alone():
        draft = _draft(repository)
        signers = list(_signers(draft, roots))
        if not signers:
            raise KeyMissing("None of the root's keys is here.", holders=sorted(roots))
        for signer in signers:
            draft.sign(signer, append=True)
        seen = draft.signed.get_root_verification_result(
            _current(repository).signed, draft.signed_bytes, draft.signatures
        )
        done = RootSigned(draft.signed.version, len(seen.signed), THRESHOLD, is_published=bool(seen.verified))
        if not seen.verified:
            write_durably(repository.home / DRAFT, draft.to_bytes())
            return done
        repository.write("root", draft)
        (repository.home / DRAFT).unlink(missing_ok=True)
        repository.sign_all()
        return done


def _current(repository: Repository) -> "Metadata[Root]":
    return Metadata[Root].from_bytes(repository.root())


def _draft(repository: Repository) -> "Metadata[Root]":
    """The draft that waits, if it still follows from the root and names our keys; else a new one."""
    current, keys = _current(repository).signed, online_keys(repository)
    try:
        waiting = Metadata[Root].from_bytes((repository.home / DRAFT).read_bytes())
    except FileNotFoundError:
        return _next(current, keys)
    follows = waiting.signed.version == current.version + 1
    return (
        waiting
        if follows and all(_is_only(waiting.signed, role, keys[role]) for role in ONLINE)
        else _next(current, keys)
    )


def _next(root: Root, keys: Mapping[str, Any]) -> "Metadata[Root]":
    for role, key in keys.items():
        if not _is_only(root, role, key):
            for old in list(root.roles[role].keyids):
                root.revoke_key(old, role)
            root.add_key(key, role)
    root.version += 1
    root.expires = later("root")
    return Metadata(root)


def _is_only(root: Root, role: str, key: Any) -> bool:
    return list(root.roles[role].keyids) == [key.keyid]


def _signers(root: "Metadata[Root]", roots: Mapping[str, Keystore]) -> Iterable[KeystoreSigner]:
    for holder, keystore in roots.items():
        signer = KeystoreSigner(keystore, holder)
        if signer.public_key.keyid in root.signed.roles["root"].keyids:
            yield signer
