"""Child processes that can be killed like a pulled plug and that never outlive us, whatever happens to us."""

import atexit
import contextlib
import os
import signal
import subprocess
import sys
import time
import weakref
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from edgeshop.kernel.errors import EdgeShopError

# The parent's process id and the program follow. Isolated and without site: the leash costs 15 ms, not 100.
LEASH = (sys.executable, "-ISB", str(Path(__file__).with_name("leash.py")))
# The leash is bound to the thread that forks, so all children are born of this one, which lives as long as we do.
_BIRTHPLACE = ThreadPoolExecutor(max_workers=1, thread_name_prefix="children")
_LIVING: "weakref.WeakSet[Child]" = weakref.WeakSet()


class ChildFailed(EdgeShopError):
    """A program ended with an error or before it was ready; the message ends with its last lines."""

    code = "qa.child_failed"


@dataclass(eq=False)
class Child:
    """One program with its own session and log file; it can be started again after it has ended."""

    name: str
    argv: Sequence[str]
    log_path: Path
    env: Mapping[str, str] = field(default_factory=lambda: dict(os.environ), repr=False)
    cwd: Path | None = None
    _popen: "subprocess.Popen[bytes] | None" = field(default=None, init=False, repr=False)

    @property
    def pid(self) -> int | None:
        """The process id, or None before the first start."""
        return self._popen.pid if self._popen else None

    @property
    def is_running(self) -> bool:
        """Whether the program has been started and has not ended."""
        return self._popen is not None and self._popen.poll() is None

    @property
    def exit_status(self) -> int | None:
        """How it ended: None while it runs, negative for a signal."""
        return self._popen.poll() if self._popen else None

    def start(self) -> None:
        """Start the program unless it runs. Its output goes to the end of the log file."""
        if self.is_running:
            return
        self.log_path.parent.mkdir(parents=True, exist_ok=True)
        self._popen = _BIRTHPLACE.submit(self._spawn).result()
        _LIVING.add(self)

    def _spawn(self) -> "subprocess.Popen[bytes]":
        with self.log_path.open("ab") as log:
            return subprocess.Popen(  # noqa: S603 -- our own argument lists, no shell
                [*LEASH, str(os.getpid()), *self.argv],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=dict(self.env),
                cwd=self.cwd,
                start_new_session=True,
            )

    def kill(self) -> None:
        """Pull the plug: SIGKILL for the whole process group, and wait until it is gone."""
        self._signal(signal.SIGKILL)
        self._wait(timeout_s=10)

    def stop(self, timeout_s: float = 5) -> None:
        """Ask to end, wait, then pull the plug."""
        self.ask_to_stop()
        if not self._wait(timeout_s):
            self.kill()

    def ask_to_stop(self) -> None:
        """Send SIGTERM and return at once."""
        self._signal(signal.SIGTERM)

    def wait(self, timeout_s: float) -> int:
        """The exit status. Raises: ChildFailed when it takes longer or the status is not 0."""
        ended = self._wait(timeout_s)
        status = self.exit_status
        if not ended or status is None:
            self.kill()
            raise ChildFailed(f"{self.name} did not end within {timeout_s:.0f} s.\n{self.last_lines()}")
        if status != 0:
            raise ChildFailed(f"{self.name} ended with status {status}.\n{self.last_lines()}", status=status)
        return status

    def last_lines(self, count: int = 12) -> str:
        """The end of the log, for messages."""
        if not self.log_path.exists():
            return ""
        return "\n".join(self.log_path.read_text(encoding="utf-8", errors="replace").splitlines()[-count:])

    def _wait(self, timeout_s: float) -> bool:
        if self._popen is None:
            return True
        try:
            self._popen.wait(timeout_s)
        except subprocess.TimeoutExpired:
            return False
        return True

    def _signal(self, number: signal.Signals) -> None:
        if self._popen is None or not self.is_running:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._popen.pid, number)


def stop_all(children: Sequence[Child], timeout_s: float = 5) -> None:
    """End all of them together, so that the slowest sets the time."""
    for child in children:
        child.ask_to_stop()
    give_up_at = time.monotonic() + timeout_s
    for child in children:
        child.stop(max(0, give_up_at - time.monotonic()))


@atexit.register
def _leave_nobody_behind() -> None:
    for child in list(_LIVING):
        child.kill()


def end_on_sigterm() -> None:
    """Make SIGTERM unwind the stack, so that `finally` and fixtures run. Effect: this process's handler."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
