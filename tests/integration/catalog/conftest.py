"""A PostgreSQL of our own for as long as these tests run, and a thread's connection to a migrated database in it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper

from edgeshop.qa.postgres import PostgresMissing, running_postgres


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Path]:
    """The folder with the socket of a running server."""
    try:
        with running_postgres(is_durable=False) as server:
            yield server.home
    except PostgresMissing as missing:
        pytest.skip(reason=missing.message)


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
