"""A PostgreSQL of our own for as long as it is needed: on a Unix socket, in a folder that is removed."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from edgeshop.kernel.errors import EdgeShopError

_USER = "postgres" if os.geteuid() == 0 else None  # the server refuses to run as root
_ANSWERS_WITHIN_S = 60


class PostgresMissing(EdgeShopError):
    """There is no PostgreSQL server on this machine."""

    code = "qa.postgres_missing"


@dataclass(frozen=True, slots=True)
class Postgres:
    """A running server: the folder with its socket, and the process that all of its others descend from."""

    home: Path
    pid: int

    def url(self, database: str) -> str:
        """The DATABASE_URL of one of its databases."""
        return f"postgres://shop@/{database}?host={self.home}"


def _tool(name: str) -> str:
    newest = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return shutil.which(name) or (str(newest[-1]) if newest else "")


def has_postgres() -> bool:
    """Whether this machine can run a server."""
    return bool(_tool("initdb"))


@contextmanager
def running_postgres(*, is_durable: bool) -> Iterator[Postgres]:
    """A fresh server with the user `shop`, ended and removed at the end. Raises: PostgresMissing.

    `is_durable`: each commit is flushed to the disk as in a shop's cloud; tests do without.
    """
    if not has_postgres():
        raise PostgresMissing("PostgreSQL is not installed: apt-get install postgresql")
    home = Path(tempfile.mkdtemp(prefix="edgeshop-pg-"))
    if _USER:
        shutil.chown(home, _USER)
    data = home / "data"
    try:
        _run(_tool("initdb"), "-D", str(data), "-U", "shop", "--auth=trust", "--no-sync", "-E", "UTF8")
        flushes = "on" if is_durable else "off"
        options = f"-c listen_addresses='' -c unix_socket_directories={home} -c fsync={flushes}"
        _run(_tool("pg_ctl"), "-D", str(data), "-w", "-l", str(home / "log"), "-o", options, "start")
        try:
            yield Postgres(home, int((data / "postmaster.pid").read_text(encoding="utf-8").split()[0]))
        finally:
            _run(_tool("pg_ctl"), "-D", str(data), "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home)


def _run(*command: str) -> None:
    subprocess.run(  # noqa: S603 -- our own argument lists, no shell
        command, check=True, user=_USER, cwd="/", stdout=subprocess.DEVNULL, timeout=_ANSWERS_WITHIN_S
    )
