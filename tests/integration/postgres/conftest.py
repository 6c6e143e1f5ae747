"""PostgreSQL for these tests, and a house whose cloud keeps its ledger in it."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from edgeshop.qa import failures
from edgeshop.qa.children import end_on_sigterm
from edgeshop.qa.stack import Stack
from tests.integration.catalog.conftest import on_postgresql, postgresql  # noqa: F401 -- fixtures


@pytest.fixture(scope="module")
def ledger_url(postgresql: Path) -> str:  # noqa: F811 -- the fixture above
    """An empty database of the cloud's own."""
    with psycopg.connect(f"host={postgresql} user=shop dbname=postgres", autocommit=True) as server:
        server.execute("CREATE DATABASE ledger")
    return f"postgres://shop@/ledger?host={postgresql}"


@pytest.fixture(scope="module")
def house(ledger_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A cloud on PostgreSQL and a kiosk on SQLite, running."""
    end_on_sigterm()
    with Stack(tmp_path_factory.mktemp("postgres"), database_url=ledger_url) as stack:
        with failures.logs_kept_on_error(stack.root / "logs"):
            stack.start()
        yield stack


@pytest.fixture
def stack(house: Stack, request: pytest.FixtureRequest) -> Iterator[Stack]:
    """The house, healed, in place of the one that other tests share."""
    house.heal()
    yield house
    if failures.has_failed(request.node):
        failures.keep_logs(request.node, house.root / "logs")


@pytest.fixture
def ledger(stack: Stack, ledger_url: str) -> Iterator[psycopg.Connection]:
    """A look into the cloud's database, past the cloud."""
    with psycopg.connect(ledger_url, autocommit=True) as connection:
        yield connection
