"""Secrets on loan: kept sealed beside the keys, opened in memory, good until a time that nobody here can move.

*fresh* until its soft time; then *stale*: it serves, asks to be renewed at each contact and says so; *expired* from its
hard time on, when what needs it degrades and nothing else does; *revoked* as soon as the cloud says so. A renewal that
fails takes nothing away. Reading never touches a network, so a box that starts with the cable out has its secrets.
"""

import fcntl
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from edgeshop.kernel.errors import EdgeShopError
from edgeshop.vault.errors import LeaseExpired, LeaseMissing
from edgeshop.vault.services.durable_file import flush_folder, make_folder, write_durably
from edgeshop.vault.services.keystore import Keystore
from edgeshop.vault.services.lease_form import Lease, Terms, Word, open_word, read_word

log = logging.getLogger(__name__)
WRAP_KEY = "leases"
_NOW, _BEFORE = ".lease", ".before"  # the version in force, and the one that it replaced


class LeaseState(StrEnum):
    """How a lease stands."""

    FRESH = "fresh"
    STALE = "stale"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Trust:
    """For whom leases are made here, and by whom."""

    device: str
    cloud_jwks: list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a lease stands, without its value. `before_ver` is the version that it replaced, 0 when it is not kept."""

    name: str
    ver: int
    before_ver: int
    state: LeaseState
    soft_s: int
    hard_s: int


class LeaseFolder:
    """The leases of one node: one sealed file each. `now_s` is the trusted clock's; `trust` is asked for rarely."""

    def __init__(
        self, path: Path, *, keystore: Callable[[], Keystore], trust: Callable[[], Trust], now_s: Callable[[], float]
    ) -> None:
        self._path = path
        self._keystore = keystore
        self._trust = trust
        self._now_s = now_s
        self._words: dict[Path, tuple[tuple[int, int], Word | None]] = {}
        self._opened: dict[tuple[str, int], Lease] = {}

    def lease(self, name: str) -> Lease:
        """The secret in force. Raises: LeaseMissing; LeaseExpired, also for one that was revoked; SealBroken."""
        return self._open(name, self._word(self._path / (name + _NOW)))

    def lease_before(self, name: str) -> Lease:
        """The secret that it replaced, for what was made with that one. Raises: as `lease`."""
        return self._open(name, self._word(self._path / (name + _BEFORE)))

    def standings(self) -> list[Standing]:
        """All leases that this device was given, by name. Opens none."""
        files = sorted(self._path.glob(f"[!.]*{_NOW}"))
        found = [(word, self._word(file.with_suffix(_BEFORE))) for file in files if (word := self._word(file))]
        return [self._standing(word, before) for word, before in found]

    def install(self, jws: str) -> bool:
        """Keep what the cloud sent, in its place by version; answers whether it was news. Safe to repeat.

        Raises: BadSignature, WrongType; SealBroken for a lease that does not open. What was kept stays then.
        """
        trust = self._trust()
        word = read_word(jws, device=trust.device, cloud_jwks=trust.cloud_jwks)
        if not word.is_revoked:
            self._unsealed(word)
        make_folder(self._path)
        with self._alone():
            return self._forget(word, jws) if word.is_revoked else self._keep(word, jws)

    def _keep(self, word: Word, jws: str) -> bool:
        now, before = (self._path / (word.terms.name + ending) for ending in (_NOW, _BEFORE))
        kept = self._word(now)
        if kept is not None and word.terms.ver < kept.terms.ver:
            return not kept.is_revoked and self._replace(before, word, jws)
        if kept is not None and word.terms.ver > kept.terms.ver and not kept.is_revoked:
            write_durably(before, now.read_bytes())
        return self._replace(now, word, jws)

    def _replace(self, file: Path, word: Word, jws: str) -> bool:
        """A revoked version stays revoked; of one version the younger word counts."""
        kept = self._word(file)
        if kept is not None and (kept.terms.ver, kept.terms.issued_s) >= (word.terms.ver, word.terms.issued_s):
            return False
        if kept is not None and kept.is_revoked and kept.terms.ver == word.terms.ver:
            return False
        write_durably(file, jws.encode("ascii"))
        return True

    def _forget(self, word: Word, jws: str) -> bool:
        now, before = (self._path / (word.terms.name + ending) for ending in (_NOW, _BEFORE))
        is_news = False
        kept, replaced = self._word(now), self._word(before)
        if kept is None or (kept.terms.ver <= word.terms.ver and not kept.is_revoked):
            write_durably(now, jws.encode("ascii"))
            is_news = True
        if replaced is not None and replaced.terms.ver <= word.terms.ver:
            before.unlink()
            flush_folder(self._path)
            is_news = True
        return is_news

    def _open(self, name: str, word: Word | None) -> Lease:
        if word is None:
            raise LeaseMissing("This node was never given that secret.", lease=name)
        state = self._state(word)
        if state in {LeaseState.EXPIRED, LeaseState.REVOKED}:
            raise LeaseExpired(f"This lease is {state}.", lease=name, state=state, hard_s=word.terms.hard_s)
        return self._unsealed(word)

    def _unsealed(self, word: Word) -> Lease:
        """Opened once for each word: a chip takes tens of milliseconds. An older word of the version is forgotten."""
        which = word.terms.name, word.terms.ver
        known = self._opened.get(which)
        if known is None or known.terms != word.terms:
            keys = self._keystore()
            jwk = keys.create_wrap_key(WRAP_KEY)
            known = open_word(word, wrap_jwk=jwk, unwrap=lambda wrapped: keys.unwrap(WRAP_KEY, wrapped))
            self._opened[which] = known
        return known

    def _state(self, word: Word) -> LeaseState:
        if word.is_revoked:
            return LeaseState.REVOKED
        now_s = self._now_s()
        if now_s >= word.terms.hard_s:
            return LeaseState.EXPIRED
        return LeaseState.FRESH if now_s < word.terms.soft_s else LeaseState.STALE

    def _standing(self, word: Word, before: Word | None) -> Standing:
        terms: Terms = word.terms
        old = before.terms.ver if before else 0
        return Standing(terms.name, terms.ver, old, self._state(word), terms.soft_s, terms.hard_s)

    def _word(self, file: Path) -> Word | None:
        """What a file says to this device, checked once for each version of it; None when it says nothing to us."""
        try:
            found = file.stat()
        except FileNotFoundError:
            return None
        version = (found.st_mtime_ns, found.st_ino)
        if file not in self._words or self._words[file][0] != version:
            self._words[file] = version, self._checked(file)
        return self._words[file][1]

    def _checked(self, file: Path) -> Word | None:
        trust = self._trust()
        try:
            word = read_word(file.read_text("ascii"), device=trust.device, cloud_jwks=trust.cloud_jwks)
        except (EdgeShopError, OSError, ValueError) as odd:
            log.warning("lease %s does not count: %s", file.name, getattr(odd, "code", type(odd).__name__))
            return None
        return word if word.terms.name == file.name.partition(".")[0] else None

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with (self._path / ".lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
