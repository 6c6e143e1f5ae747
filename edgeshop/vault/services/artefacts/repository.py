"""The cloud's TUF repository: a folder of signed metadata and of files named by their content.

Whoever reads it while we write sees the old state or the new one: a file that the timestamp does not lead to does not
exist for a kiosk, and the timestamp is renamed into place last.
"""

import fcntl
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import Any

from tuf.api.metadata import (  # type: ignore[attr-defined]  # -- public, but without `__all__`
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)

from edgeshop.kernel import clock
from edgeshop.kernel.errors import EdgeShopError, NotFound
from edgeshop.vault.errors import KeyMissing
from edgeshop.vault.services.artefacts.receivers import delta_path
from edgeshop.vault.services.artefacts.signer import KeystoreSigner, public_key_of
from edgeshop.vault.services.durable_file import make_folder, write_durably
from edgeshop.vault.services.keystore import Keystore

LIVES = {
    "root": timedelta(days=365),
    "targets": timedelta(days=90),
    "snapshot": timedelta(days=14),
    "timestamp": timedelta(days=3),  # for how long a kiosk can be kept from hearing of something newer
}
ONLINE = ("targets", "snapshot", "timestamp")  # each is named by the next, so signing one anew goes on to the end
KEPT = 5  # old versions of a file, for kiosks in the middle of a download
DELTA_SHARE_MAX = 0.5  # of the whole file; a delta that saves less is not worth its line in the metadata

MakeDelta = Callable[[bytes, bytes], bytes]  # (base, new); raises an EdgeShopError where there is none
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RoleState:
    """Where one role stands. `targets` are paths and digests, of the targets role only."""

    role: str
    version: int
    expires_at: datetime
    targets: dict[str, str]


@dataclass(frozen=True, slots=True)
class Repository:
    """The repository below `home`, its online roles signed by keys of `keys`."""

    home: Path
    keys: Keystore

    @property
    def exists(self) -> bool:
        """Whether it has been begun."""
        return (self.home / "metadata" / "timestamp.json").exists()

    def root(self) -> bytes:
        """The newest root, as a kiosk is told it once. Raises: NotFound."""
        return self._path("root", self.root_version()).read_bytes()

    def root_version(self) -> int:
        """Raises: NotFound before the repository has been begun."""
        versions = [int(file.name.split(".")[0]) for file in (self.home / "metadata").glob("*.root.json")]
        if not versions:
            raise NotFound("There is no artefact repository yet: manage.py artefacts init.")
        return max(versions)

    def publish(self, path: str, data: bytes, *, delta: MakeDelta | None = None) -> int:
        """Make `data` the target at `path`; answers the targets' version. The same bytes again change nothing.

        With `delta` the ways there from the last few versions become targets beside it, those that are worth it.
        Raises: NotFound, KeyMissing when the root does not know the keys that this node signs with.
        """
        with self.alone():
            held = self._held()
            fresh = TargetFile.from_data(path, data, ["sha256"])
            if held["targets"].signed.targets.get(path) != fresh:
                goods = {path: data} | (self._deltas(path, data, delta) if delta else {})
                targets = held["targets"].signed.targets
                for old in [name for name in targets if name.startswith(delta_path(path, ""))]:
                    del targets[old]
                for name, content in goods.items():
                    targets[name] = TargetFile.from_data(name, content, ["sha256"])
                    self._keep_target(targets[name], content)
                self.sign_from("targets", held)
                self._tidy(path)
            return int(held["targets"].signed.version)

    def read(self, path: str) -> bytes | None:
        """What is signed at `path` now; None where nothing is. Raises: NotFound before the beginning."""
        found = self._held()["targets"].signed.targets.get(path)
        return None if found is None else self._target(found).read_bytes()

    def refresh(self) -> list[str]:
        """Sign anew what has less than half of its life before it; answers the roles. Raises: NotFound, KeyMissing."""
        with self.alone():
            held = self._held()
            old = [role for role in ONLINE if held[role].signed.expires - clock.now() < LIVES[role] / 2]
            if not old:
                return []
            self.sign_from(old[0], held)
            return list(ONLINE[ONLINE.index(old[0]) :])

    def state(self) -> list[RoleState]:
        """Every role, the root first. Raises: NotFound."""
        held = self._held()
        found = {path: file.hashes["sha256"] for path, file in held["targets"].signed.targets.items()}
        return [
            RoleState(role, signed.version, signed.expires, found if role == "targets" else {})
            for role, signed in ((role, held[role].signed) for role in LIVES)
        ]

    # For the ceremony

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else writes here meanwhile: web server, worker and commands share the folder."""
        make_folder(self.home / "metadata")
        folder = os.open(self.home, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)

    def write(self, role: str, metadata: "Metadata[Any]") -> None:
        """Put signed metadata in their place."""
        write_durably(self._path(role, metadata.signed.version), metadata.to_bytes())

    def sign_first(self) -> None:
        """The online roles of a repository that has only a root."""
        held: dict[str, Metadata[Any]] = {
            "root": Metadata.from_bytes(self.root()),
            "targets": Metadata(Targets()),
            "snapshot": Metadata(Snapshot()),
            "timestamp": Metadata(Timestamp()),
        }
        for role in ONLINE:
            self._sign(role, held)

    def sign_all(self) -> None:
        """Every online role anew, by the keys that the newest root names."""
        self.sign_from("targets", self._held())

    def sign_from(self, first: str, held: "dict[str, Metadata[Any]]") -> None:
        """A next version of a role and of all that lead to it."""
        roles = ONLINE[ONLINE.index(first) :]
        for role in roles:
            held[role].signed.version += 1
        if "targets" in roles:
            held["snapshot"].signed.meta["targets.json"] = MetaFile(held["targets"].signed.version)
        if "snapshot" in roles:
            held["timestamp"].signed.snapshot_meta = MetaFile(held["snapshot"].signed.version)
        for role in roles:
            self._sign(role, held)

    def key_name(self, role: str) -> str:
        """What a role's key is called in the keystore."""
        return f"artefacts-{role}"

    def _sign(self, role: str, held: "dict[str, Metadata[Any]]") -> None:
        signer = KeystoreSigner(self.keys, self.key_name(role))
        if signer.public_key.keyid not in held["root"].signed.roles[role].keyids:
            raise KeyMissing("The root does not know this key yet: manage.py artefacts sign-root.", role=role)
        held[role].signed.expires = later(role)
        held[role].sign(signer)
        self.write(role, held[role])

    def _held(self) -> "dict[str, Metadata[Any]]":
        """The metadata that the timestamp leads to, whatever else lies about after a crash."""
        root: Metadata[Root] = Metadata.from_bytes(self.root())
        timestamp: Metadata[Timestamp] = Metadata.from_bytes(self._path("timestamp", 0).read_bytes())
        at = timestamp.signed.snapshot_meta.version
        snapshot: Metadata[Snapshot] = Metadata.from_bytes(self._path("snapshot", at).read_bytes())
        at = snapshot.signed.meta["targets.json"].version
        targets: Metadata[Targets] = Metadata.from_bytes(self._path("targets", at).read_bytes())
        return {"root": root, "targets": targets, "snapshot": snapshot, "timestamp": timestamp}

    def _path(self, role: str, version: int) -> Path:
        return self.home / "metadata" / (f"{role}.json" if role == "timestamp" else f"{version}.{role}.json")

    def _deltas(self, path: str, data: bytes, delta: MakeDelta) -> dict[str, bytes]:
        """By their paths, the deltas from the versions that are still here and that save at least half."""
        place = PurePosixPath(path)
        made: dict[str, bytes] = {}
        for file in (self.home / "targets" / place.parent).glob(f"*.{place.name}"):
            base = file.read_bytes()
            if base == data:
                continue
            try:
                way = delta(base, data)
            except EdgeShopError as error:
                log.warning("no delta of %s from %s: %s", path, file.name[:12], error.code)
                continue
            if len(way) <= len(data) * DELTA_SHARE_MAX:
                made[delta_path(path, file.name.split(".")[0])] = way
        return made

    def _keep_target(self, file: TargetFile, data: bytes) -> None:
        target = self._target(file)
        make_folder(target.parent)
        write_durably(target, data)

    def _target(self, file: TargetFile) -> Path:
        place = PurePosixPath(file.path)
        return self.home / "targets" / place.parent / f"{file.hashes['sha256']}.{place.name}"

    def _tidy(self, path: str) -> None:
        """Drop old versions of a target and of the metadata; roots are kept, kiosks climb from one to the next."""
        place = PurePosixPath(path)
        metadata, targets = self.home / "metadata", self.home / "targets" / place.parent
        for folder, names in (
            (metadata, "*.targets.json"),
            (metadata, "*.snapshot.json"),
            (targets, f"*.{place.name}"),
            (targets, f"*.{place.name}.from-*"),
        ):
            by_age = sorted(folder.glob(names), key=lambda file: file.stat().st_mtime_ns, reverse=True)
            for file in by_age[KEPT:]:
                file.unlink(missing_ok=True)


def later(role: str) -> datetime:
    """When something of a role that is signed now expires; the format knows whole seconds."""
    return clock.now().replace(microsecond=0) + LIVES[role]


def online_keys(repository: Repository) -> dict[str, Any]:
    """The public keys of the online roles, made now where one is missing."""
    return {role: public_key_of(repository.keys.create(repository.key_name(role))) for role in ONLINE}
