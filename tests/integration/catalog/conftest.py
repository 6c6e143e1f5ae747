"""A PostgreSQL of our own for as long as these tests run: on a Unix socket, in a folder that is removed."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper

_USER = "postgres" if os.geteuid() == 0 else None  # the server refuses to run as root


def _tool(name: str) -> str:
    newest = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return shutil.which(name) or (str(newest[-1]) if newest else "")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Path]:
    """The folder with the socket of a running server."""
    if not _tool("initdb"):
        pytest.skip(reason="PostgreSQL is not installed: apt-get install postgresql")
    home = Path(tempfile.mkdtemp(prefix="edgeshop-pg-"))
    if _USER:
        shutil.chown(home, _USER)
    data = str(home / "data")
    try:
        _run(_tool("initdb"), "-D", data, "-U", "shop", "--auth=trust", "--no-sync", "-E", "UTF8")
        options = f"-c listen_addresses='' -c unix_socket_directories={home} -c fsync=off"
        _run(_tool("pg_ctl"), "-D", data, "-w", "-l", str(home / "log"), "-o", options, "start")
        yield home
        _run(_tool("pg_ctl"), "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home)


def _run(*command: str) -> None:
    subprocess.run(command, check=True, user=_USER, cwd="/", stdout=subprocess.DEVNULL, timeout=60)


@pytest.fixture(scope="session")
def on_postgresql(postgresql: Path, django_db_setup: None, django_db_blocker: Any) -> Callable[[], Any]:
    """`with on_postgresql():` gives this thread a connection of its own to the migrated database."""
    settings = {**connections["default"].settings_dict, "ENGINE": "django.db.backends.postgresql", "OPTIONS": {}}
    settings |= {"NAME": "postgres", "USER": "shop", "PASSWORD": "", "HOST": str(postgresql), "PORT": ""}

    @contextmanager
    def connected() -> Iterator[None]:
        with django_db_blocker.unblock(), _swapped(DatabaseWrapper(settings, "default")):
            yield

    with connected():
        call_command("migrate", verbosity=0)
    return connected


@contextmanager
def _swapped(wrapper: Any) -> Iterator[None]:
    first = connections["default"]
    connections["default"] = wrapper
    try:
        yield
    finally:
        wrapper.close()
        connections["default"] = first
