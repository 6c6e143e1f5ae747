"""PKCS#11 libraries as this process may use them: one caller at a time, one session with one key, reopened when lost.

A TPM without a resource manager has room for three objects, so no session holds more than one key, and whoever shares
the chip with other processes gives its session back after each use. A token that went away and came back, a restarted
service or a process that was forked all look alike: handles are no good any more. Then the library is started again,
once, and the question asked again; what is asked must therefore bear being asked twice.

Source: OASIS PKCS#11 3.0, sections 5.4 (C_Initialize, also after fork) and 5.6 (sessions).
"""

import contextlib
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeVar

import pkcs11
from pkcs11 import exceptions as refusals

from edgeshop.vault.errors import HardwareUnusable

T = TypeVar("T")
WRONG_PIN = (refusals.PinIncorrect, refusals.PinExpired)  # each try counts towards the chip's lock-out
NO_PIN = (*WRONG_PIN, refusals.PinLocked)  # a lock-out ends by itself, with time
NO_TOKEN = (refusals.NoSuchToken, refusals.MultipleTokensReturned)


@dataclass(frozen=True)
class Place:
    """A token of a module and the PIN that opens it."""

    module: str
    token: str
    pin: str = field(repr=False)


@dataclass
class Held:
    """An open session, for one item of one place; `key` is kept for whoever uses the session again."""

    place: Place
    item: str
    session: Any
    key: Any = None


class Module:
    """One library in this process."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._held: Held | None = None
        self._is_forked = False
        self._refused: dict[Place, str] = {}
        self._lock = threading.RLock()

    def ask(self, place: Place, item: str, use: Callable[[Held], T], *, keeps: bool, fresh: bool = False) -> T:
        """What `use` answers with a session of its own for `item`. `keeps` leaves it open for the next question.

        `fresh` starts the library first: tpm2-pkcs11 does not see what other processes have made since it started.

        Raises: HardwareUnusable, and whatever `use` raises that is no refusal of the token; NoSuchKey passes.
        """
        with self._lock:
            if fresh:
                self._start_again()
            try:
                return self._asked_twice(place, item, use)
            except refusals.NoSuchKey:
                raise
            except refusals.PKCS11Error as refusal:
                self._start_again()
                raise self._unusable(place, refusal) from refusal
            finally:
                if not keeps:
                    self.close()

    def _asked_twice(self, place: Place, item: str, use: Callable[[Held], T]) -> T:
        if place in self._refused:
            raise HardwareUnusable("The PIN does not open the token.", why=self._refused[place])
        try:
            return use(self._open(place, item))
        except (refusals.NoSuchKey, *NO_PIN):
            raise
        except refusals.PKCS11Error:
            self._start_again()
            return use(self._open(place, item))

    def _open(self, place: Place, item: str) -> Held:
        if self._is_forked:
            self._start_again()
        if self._held is not None and (self._held.place, self._held.item) == (place, item):
            return self._held
        self.close()
        token = pkcs11.lib(self._path).get_token(token_label=place.token)
        self._held = Held(place, item, token.open(rw=True, user_pin=place.pin))
        return self._held

    def _unusable(self, place: Place, refusal: Exception) -> HardwareUnusable:
        why = type(refusal).__name__
        if isinstance(refusal, WRONG_PIN):
            self._refused[place] = why  # never again in this process
        if isinstance(refusal, NO_PIN):
            return HardwareUnusable("The PIN does not open the token.", why=why)
        if isinstance(refusal, NO_TOKEN):
            return HardwareUnusable("There is no such token.", token=place.token, why=why)
        return HardwareUnusable("The token does not answer as it should.", token=place.token, why=str(refusal) or why)

    def close(self) -> None:
        """Give the session back; one that is lost already takes the whole library with it."""
        with self._lock:
            held, self._held = self._held, None
            try:
                if held is not None:
                    held.session.close()
            except refusals.PKCS11Error:
                self._start_again()

    def restart(self) -> None:
        """Forget everything, also what was refused: for whoever has changed the world the library sees."""
        with self._lock:
            self._refused.clear()
            self._start_again()

    def _start_again(self) -> None:
        held, self._held, self._is_forked = self._held, None, False
        with contextlib.suppress(refusals.PKCS11Error):
            if held is not None:
                held.session.close()  # a chip without a resource manager keeps what nobody gives back
        with contextlib.suppress(refusals.PKCS11Error):
            pkcs11.lib(self._path).finalize()  # `lib` starts it again at the next use

    def note_fork(self) -> None:
        """In a new child: the parent's sessions are not ours, nor is a lock that another thread of it held."""
        self._held, self._is_forked, self._lock = None, True, threading.RLock()


@lru_cache(maxsize=8)
def module(path: str) -> Module:
    """The one object for a library in this process. Loads nothing."""
    made = Module(path)
    os.register_at_fork(after_in_child=made.note_fork)
    return made
