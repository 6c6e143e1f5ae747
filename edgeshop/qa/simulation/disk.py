"""What a disk and a plug can do: the power goes at any write, before it or after it, or the disk takes no more.

A machine without power keeps what was committed and forgets everything else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import OperationalError

_WRITES = ("INSERT", "UPDATE", "DELETE", "RELEASE")
FULL = "database or disk is full"  # SQLite's own words


class PowerCut(BaseException):
    """The machine is off: whatever ran in it is gone."""


@dataclass(slots=True)
class Disk:
    """The writes of one machine's database. `arm` says what happens at one of the next."""

    database: Any
    left: int = -1
    fault: str = ""

    def __post_init__(self) -> None:
        self.database.execute_wrappers.append(self._execute)
        commit = self.database._commit
        self.database._commit = lambda: self._committed(commit)

    def arm(self, fault: str, writes: int) -> None:
        """At the write after `writes` more: `cut` before it, `cut_after` it, or `full`."""
        self.fault, self.left = fault, writes

    def disarm(self) -> bool:
        """Nothing happens any more; whether something had."""
        happened, self.left, self.fault = self.left < 0 and bool(self.fault), -1, ""
        return happened

    def recover(self) -> None:
        """Power is back: an open transaction was never committed."""
        self.disarm()
        database = self.database
        if database.connection is not None and database.connection.in_transaction:
            database.connection.rollback()
        database.in_atomic_block = database.needs_rollback = database.closed_in_transaction = False
        database.savepoint_ids, database.atomic_blocks, database.run_on_commit = [], [], []
        database.run_commit_hooks_on_set_autocommit_on = False
        database.autocommit, database.commit_on_exit = True, True

    def write_file(self, write: Callable[[], None]) -> None:
        """A file beside the database is written under the same fate. Raises: OSError when the disk is full."""
        self._meet(write, lambda: OSError(28, FULL))

    def _execute(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if self.left < 0 or not sql.startswith(_WRITES):
            return execute(sql, params, many, context)
        return self._meet(lambda: execute(sql, params, many, context), lambda: OperationalError(FULL))

    def _committed(self, commit: Callable[[], None]) -> None:
        self._meet(commit, lambda: OperationalError(FULL))

    def _meet(self, write: Callable[[], Any], error: Callable[[], Exception]) -> Any:
        is_now = self.left == 0
        self.left -= self.left >= 0
        if not is_now:
            return write()
        if self.fault == "full":
            raise error()
        if self.fault == "cut_after":
            write()
        raise PowerCut
