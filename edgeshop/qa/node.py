"""One node of EdgeShop as it runs in a shop or in the cloud: a folder of state and four real processes.

redis   a private server on a Unix socket
web     uvicorn with HTTP and websockets
worker  Celery, one process
beat    Celery's clock
"""

import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

import requests

from edgeshop.qa.children import Child, ChildFailed, stop_all
from edgeshop.qa.ports import HOST, Port
from edgeshop.qa.redis_child import RedisChild

Say = Callable[[str], None]
REPOSITORY = Path(__file__).resolve().parents[2]
_OURS = ("EDGESHOP_", "DJANGO_", "DATABASE_URL")
_HEALTH = {"cloud": "/sync/status", "kiosk": "/api/health"}
# One process per worker and no cluster talk: a kiosk is a small box, and a node is alone on its Redis.
_WORKER = "worker --pool=solo -Q default --without-gossip --without-mingle --without-heartbeat --loglevel INFO"


class Part(StrEnum):
    """The processes of a node."""

    REDIS = "redis"
    WEB = "web"
    WORKER = "worker"
    BEAT = "beat"


class Node:
    """A cloud or a kiosk. Start it, ask it, pull its plug, start it again."""

    def __init__(self, *, name: str, role: str, root: Path, port: int = 0, settings: Mapping[str, str]) -> None:
        """Lay out a node below `root`; nothing runs yet. Raises: PortTaken, RedisMissing."""
        self.name, self.role = name, role
        self.state = root / name
        self.logs = root / "logs"
        self.state.mkdir(parents=True, exist_ok=True)
        external = os.environ if role == "cloud" else {}  # a kiosk's Redis is always its own
        self.redis = RedisChild(
            name=f"{name}.redis", data_dir=self.state / "redis", log_path=self._log("redis"), environ=external
        )
        self._held = Port(port)
        self.settings = dict(settings)
        self._ready_from: dict[Part, int] = {}
        self._commands: set[Child] = set()
        self._is_closed = False
        self.children = {part: self._child(part) for part in (Part.WEB, Part.WORKER, Part.BEAT)}

    @property
    def port(self) -> int:
        """Where its web server listens."""
        return self._held.number

    @property
    def url(self) -> str:
        """Its address without a link in between."""
        return f"http://{HOST}:{self.port}"

    @property
    def env(self) -> dict[str, str]:
        """The environment of its processes: the machine's, without settings of ours, and the node's own."""
        machine = {k: v for k, v in os.environ.items() if not k.startswith(_OURS)}
        own = {
            "EDGESHOP_ROLE": self.role,
            "EDGESHOP_STATE": str(self.state),
            "EDGESHOP_PORT": str(self.port),
            "EDGESHOP_REDIS_URL": self.redis.url,
            "PYTHONPATH": str(REPOSITORY),
            "PYTHONUNBUFFERED": "1",
        }
        return machine | own | self.settings

    # Setting up

    def wipe(self) -> None:
        """Forget everything this node knew. It must not run."""
        shutil.rmtree(self.state, ignore_errors=True)
        self.state.mkdir(parents=True)

    def use_database(self, template: Path) -> None:
        """Start from a copy of a migrated database."""
        shutil.copyfile(template, self.state / f"{self.role}.sqlite3")

    def manage(self, *arguments: str, timeout_s: float = 300, say: Say | None = None) -> str:
        """Run a management command here and return what it printed. Raises: ChildFailed with its last lines.

        `say` is given each line as it comes, for commands that report progress.
        """
        argv = [sys.executable, str(REPOSITORY / "manage.py"), *arguments]
        log = self._log(arguments[0])
        log.unlink(missing_ok=True)
        command = Child(f"{self.name}: manage.py {arguments[0]}", argv, log, env=self.env, cwd=self.state)
        self._demand_open()
        self._commands.add(command)
        try:
            command.start()
            if say is not None:
                self._follow(command, say)
            command.wait(timeout_s)
        finally:
            command.kill()
            self._commands.discard(command)
        return log.read_text(encoding="utf-8")

    def _follow(self, command: Child, say: Say) -> None:
        with command.log_path.open(encoding="utf-8", errors="replace") as lines:
            while command.is_running:
                for line in lines:
                    say(line.rstrip())
                time.sleep(0.1)

    def _demand_open(self) -> None:
        if self._is_closed:
            raise ChildFailed(f"{self.name} is closed.")

    # Running

    def start(self, *parts: Part) -> None:
        """Start these parts, or all, and return when Redis answers; `wait_healthy` waits for the rest."""
        self._demand_open()
        wanted = parts or tuple(Part)
        if Part.REDIS in wanted:
            self.redis.start()
        for part, child in self.children.items():
            if part in wanted and not child.is_running:
                self._ready_from[part] = child.log_path.stat().st_size if child.log_path.exists() else 0
                child.start()

    def wait_healthy(self, timeout_s: float = 60) -> None:
        """Return when the web server and the worker are ready. Raises: ChildFailed when one ends or takes longer."""
        self.wait_until(self._is_web_ready, what="web server", timeout_s=timeout_s, needs=Part.WEB)
        if self.children[Part.WORKER].is_running:
            self.wait_until(self._is_worker_ready, what="worker", timeout_s=timeout_s, needs=Part.WORKER)

    def wait_until(
        self, holds: Callable[[], bool], *, what: str, timeout_s: float = 30, needs: Part = Part.WEB
    ) -> None:
        """Return when `holds()`. Raises: ChildFailed with the log's last lines when it takes too long."""
        give_up_at = time.monotonic() + timeout_s
        while not holds():
            child = self.children[needs]
            if not child.is_running:
                raise ChildFailed(f"{child.name} ended ({child.exit_status}).\n{child.last_lines()}")
            if time.monotonic() > give_up_at:
                raise ChildFailed(f"{self.name}: no {what} after {timeout_s:.0f} s.\n{child.last_lines()}")
            time.sleep(0.05)

    def kill(self, *parts: Part) -> None:
        """SIGKILL these parts, or all of them as when somebody pulls the plug."""
        for part in parts or tuple(Part):
            if part is Part.REDIS:
                self.redis.kill()
            else:
                self.children[part].kill()

    def restart(self, *parts: Part, timeout_s: float = 60) -> None:
        """Kill these parts, or all, start them again and wait until they are ready."""
        self.kill(*parts)
        self.start(*parts)
        self.wait_healthy(timeout_s)

    def stop(self) -> None:
        """End all processes politely; the node can be started again."""
        stop_all(list(self.children.values()))
        if self.redis.child is not None:
            self.redis.child.stop()

    def close(self) -> None:
        """End everything, also commands of other threads, and give back the port and the socket's folder."""
        self._is_closed = True
        for command in list(self._commands):
            command.kill()
        self.stop()
        self.redis.stop()
        self._held.close()

    @property
    def all_children(self) -> list[Child]:
        """Every process that is ours to end."""
        return [*self.children.values(), *filter(None, [self.redis.child])]

    def running(self) -> dict[Part, bool]:
        """Which parts run now."""
        redis = self.redis.child is None or self.redis.child.is_running
        return {Part.REDIS: redis} | {part: child.is_running for part, child in self.children.items()}

    # Asking

    def get(self, path: str, *, timeout_s: float = 3) -> dict[str, Any]:
        """The JSON object at `path`, asked without a link in between. Raises: requests.RequestException."""
        answer = requests.get(self.url + path, timeout=timeout_s)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    def health(self) -> dict[str, Any] | None:
        """What the node says about itself, or None when it does not answer."""
        try:
            return self.get(_HEALTH[self.role])
        except (requests.RequestException, json.JSONDecodeError):
            return None

    def _is_web_ready(self) -> bool:
        """Any answer will do: a kiosk that has no catalogue yet says so with an error."""
        try:
            requests.get(self.url + _HEALTH[self.role], timeout=3)
        except requests.RequestException:
            return False
        return True

    def _is_worker_ready(self) -> bool:
        log = self.children[Part.WORKER].log_path
        with log.open("rb") as lines:
            lines.seek(self._ready_from.get(Part.WORKER, 0))
            return b" ready." in lines.read()

    def _child(self, part: Part) -> Child:
        web = (
            f"uvicorn edgeshop.asgi:application --host {HOST} --port {self.port} --ws websockets-sansio --lifespan off"
        )
        lines = {
            Part.WEB: f"{web} --timeout-graceful-shutdown 2",
            Part.WORKER: f"celery -A edgeshop.celery {_WORKER}",
            # A pid file left by a killed beat would keep the next one from starting.
            Part.BEAT: f"celery -A edgeshop.celery beat --schedule {self.state}/beat --pidfile= --loglevel WARNING",
        }
        argv = [sys.executable, "-m", *lines[part].split()]
        return Child(f"{self.name}.{part}", argv, self._log(part), env=self.env, cwd=self.state)

    def _log(self, part: str) -> Path:
        return self.logs / f"{self.name}.{part}.log"
