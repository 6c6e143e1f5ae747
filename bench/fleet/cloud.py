"""The cloud of the bench, as deploy/cloud runs it: PostgreSQL, Redis, two web processes, a Celery worker and beat."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from bench.fleet.cpu import used_s
from edgeshop.qa.node import Node, Part, Say
from edgeshop.qa.postgres import Postgres, running_postgres

_WEB_PROCESSES = 2  # as in deploy/cloud/Containerfile
_ADMIT = "from pathlib import Path; from bench.fleet.admission import admit; admit(Path({file!r}), shops={shops})"
_STEER = "from bench.fleet.admission import steer; steer({ids})"
_ADMIT_TIMEOUT_S = 900  # two thousand real enrolments on a small machine
_SETTINGS = {
    "EDGESHOP_POLICY": "test",  # windows as wide as the bench sells; how a sale is judged is the same
    "EDGESHOP_SECOND_FACTOR": "off",
    "EDGESHOP_SECRET_KEY": "bench-only",
    "EDGESHOP_VAULT_CREDENTIAL": "bench-only",
    "EDGESHOP_LOG_LEVEL": "WARNING",
}


class Cloud:
    """A running cloud, and a look past it into its database."""

    def __init__(self, node: Node, server: Postgres, folder: Path) -> None:
        self._node, self._server, self._folder = node, server, folder

    @property
    def port(self) -> int:
        """Where its web processes listen."""
        return self._node.port

    def admit(self, jwks: dict[int, dict[str, str]], *, shops: int) -> dict[int, dict[str, Any]]:
        """Enrol kiosks by their public keys; answers what each is told. Raises: ChildFailed."""
        file = self._folder / "admission.json"
        file.write_text(json.dumps(jwks), encoding="utf-8")
        said = _ADMIT.format(file=str(file), shops=shops)
        self._node.manage("shell", "--no-imports", "-c", said, timeout_s=_ADMIT_TIMEOUT_S)
        return {int(kiosk_id): told for kiosk_id, told in json.loads(file.read_text(encoding="utf-8")).items()}

    def steer(self, ids: Sequence[int]) -> None:
        """Let these kiosks go by a decision table from now on. Raises: ChildFailed."""
        self._node.manage("shell", "--no-imports", "-c", _STEER.format(ids=list(ids)), timeout_s=_ADMIT_TIMEOUT_S)

    def start(self) -> None:
        """Start every process; returns when they are ready. Raises: ChildFailed."""
        self._node.start()
        self._node.wait_healthy()

    def cpu_s(self) -> float:
        """Processor seconds of all of its processes so far, the database's and Redis's among them."""
        return used_s([self._server.pid, *(child.pid for child in self._node.all_children if child.pid is not None)])

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What a query finds in its database."""
        with psycopg.connect(self._server.url("ledger"), autocommit=True) as ledger:
            return ledger.execute(query).fetchall()

    def row_counts(self) -> dict[str, int]:
        """How many rows each table has."""
        tables = [name for (name,) in self.rows("SELECT relname FROM pg_stat_user_tables ORDER BY relname")]
        counts = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM {name}" for name in tables)  # noqa: S608 -- ours
        return {name: int(count) for name, count in self.rows(counts)}


@contextmanager
def running_cloud(folder: Path, *, is_durable: bool = True, say: Say) -> Iterator[Cloud]:
    """A cloud without shops and kiosks, not yet started. Raises: PostgresMissing, RedisMissing, ChildFailed."""
    with running_postgres(is_durable=is_durable) as server:
        with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
            connection.execute("CREATE DATABASE ledger")
        node = Node(
            name="cloud", role="cloud", root=folder, settings=_SETTINGS | {"DATABASE_URL": server.url("ledger")}
        )
        try:
            web = node.children[Part.WEB]
            web.argv = [*web.argv, "--workers", str(_WEB_PROCESSES), "--no-access-log", "--log-level", "warning"]
            say("preparing the cloud's database and keys")
            node.manage("migrate", "--verbosity", "0")
            node.manage("keystore", "init")
            yield Cloud(node, server, folder)
        finally:
            node.close()
