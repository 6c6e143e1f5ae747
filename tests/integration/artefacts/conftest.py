"""A repository that a real web server serves, and a kiosk that fetches from it; both in folders to be spoilt."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application

from edgeshop.kernel import clock
from edgeshop.vault.services import Keystore, MemoryKeystore
from edgeshop.vault.services.artefacts import delivery, trust
from edgeshop.vault.services.artefacts.ceremony import HOLDERS, begin
from edgeshop.vault.services.artefacts.client import Client
from edgeshop.vault.services.artefacts.repository import Repository

PATH = "models/table.esfn"
DAY_S = 24 * 3600.0


@dataclass
class Times:
    """The wall clock of everybody, and the time that a kiosk may trust. Units: seconds ahead of the real time."""

    real: Any
    wall_ahead_s: float = 0.0
    trusted_ahead_s: float = 0.0

    def wall(self) -> float:
        return float(self.real() + self.wall_ahead_s)

    def trusted(self) -> float:
        return float(self.real() + self.trusted_ahead_s)

    def pass_by(self, seconds: float) -> None:
        self.wall_ahead_s += seconds
        self.trusted_ahead_s += seconds


@dataclass
class Market:
    """The repository, the keys of its root, the way to it, and a kiosk."""

    repository: Repository
    roots: dict[str, Keystore]
    url: str
    home: Path
    times: Times
    spare: Path = field(default=Path())

    def client(self, *, floor: bool = True) -> Client:
        """A kiosk that was just started; `floor` gives it the trusted time."""
        return Client(url=self.url, home=self.home, authority_s=self.times.trusted if floor else None)

    def update(self, *, floor: bool = True) -> bytes:
        """What a kiosk would run after an update."""
        with closing(self.client(floor=floor)) as client:
            client.refresh()
            found = client.find(PATH)
            assert found is not None
            return client.download(found).read_bytes()

    def bring(self) -> dict[str, int]:
        """Let the kiosk take what is new; answers the paths that were downloaded for it, in order, and their bytes."""
        with closing(self.client()) as client:
            whole, fetched = client.download, {}

            def noting(found: Any) -> Path:
                fetched[found.path] = found.size_bytes
                return whole(found)

            client.download = noting
            delivery.bring(client, self.home, force=True)
        return fetched

    @contextmanager
    def spoilt(self) -> Iterator[Path]:
        """The repository's folder, to do evil to; afterwards it is as it was."""
        home = self.repository.home
        shutil.copytree(home, self.spare)
        try:
            yield home
        finally:
            shutil.rmtree(home)
            self.spare.rename(home)


@pytest.fixture
def times(monkeypatch: pytest.MonkeyPatch) -> Times:
    held = Times(clock.timestamp)
    monkeypatch.setattr(clock, "timestamp", held.wall)
    return held


class Quiet(WSGIRequestHandler):
    """Keeps connections, and keeps its requests to itself."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_args: Any) -> None:
        """Nothing."""


@pytest.fixture(scope="session")
def cloud_url() -> Iterator[str]:
    """A web server with our views. None of them here needs a database."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
    server.daemon_threads = True
    server.set_app(get_wsgi_application())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.fixture
def market(cloud_url: str, settings: Any, tmp_path: Path, times: Times) -> Market:
    """An open repository with one published table, and a kiosk that knows its root."""
    settings.EDGESHOP = replace(settings.EDGESHOP, state_dir=tmp_path / "cloud")
    repository = Repository(tmp_path / "cloud" / "artefacts", MemoryKeystore())
    roots: dict[str, Keystore] = {holder: MemoryKeystore() for holder in HOLDERS}
    begin(repository, roots)
    repository.publish(PATH, b"first table")
    trust(tmp_path / "kiosk", repository.root())
    return Market(repository, roots, f"{cloud_url}/artefacts", tmp_path / "kiosk", times, tmp_path / "spare")
