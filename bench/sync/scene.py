"""A real cloud with the workload in it, kiosks in processes of their own, and a counting proxy before each of them."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any

from bench.sync.counting import Count, CountingProxy
from edgeshop.qa.node import REPOSITORY, Part
from edgeshop.qa.stack import Kiosk, Stack

_IMPORTS = "import json; from bench.sync.generator import *; from bench.sync.load import *; "
_LOAD = _IMPORTS + "w = read({file!r}, {seed!r}); rows = w.catalogue(); "
_OPEN = _LOAD + "print(json.dumps(open_shop(rows, {kiosks})))"
_CHANGE = (
    _LOAD + "[rows := day(w, rows, n) for n in range(1, {first})]; [rows := change_to(w, rows, n) for n in {rounds}]"
)


class Scene:
    """Use it in a `with` block; nothing outlives that."""

    def __init__(self, root: Path, workload: Path, seed: int | None, kiosks: int = 1) -> None:
        """Starts in the `with` block."""
        self._stack = Stack(root, kiosks=kiosks)
        self._workload, self._seed = workload, seed
        self._tills: list[subprocess.Popen[str]] = []
        self.proxies: list[CountingProxy] = []

    def __enter__(self) -> "Scene":
        cloud, kiosks = self._stack.cloud, self._stack.kiosks
        self._stack.prepare()
        codes = json.loads(self._load(_OPEN, kiosks=len(kiosks)).strip().splitlines()[-1])
        cloud.start(Part.REDIS, Part.WEB)
        cloud.wait_healthy()
        for kiosk, code in zip(kiosks, codes, strict=True):
            kiosk.redis.start()
            kiosk.manage("enrol", cloud.url, code)
            self.proxies.append(CountingProxy(cloud.port))
            self._tills.append(self._start(kiosk, self.proxies[-1]))
        return self

    @property
    def cloud_file(self) -> Path:
        """The cloud's database."""
        return self._stack.cloud.state / "cloud.sqlite3"

    def kiosk_file(self, kiosk: int = 0) -> Path:
        """A kiosk's database."""
        return self._stack.kiosks[kiosk].state / "kiosk.sqlite3"

    def _load(self, script: str, **words: Any) -> str:
        said = script.format(file=str(self._workload), seed=self._seed, **words)
        return self._stack.cloud.manage("shell", "--no-imports", "-c", said, timeout_s=600)

    @staticmethod
    def _start(kiosk: Kiosk, proxy: CountingProxy) -> subprocess.Popen[str]:
        ours = {
            "EDGESHOP_CLOUD_URL": f"http://127.0.0.1:{proxy.port}",
            "DJANGO_SETTINGS_MODULE": "edgeshop.settings.kiosk",
        }
        return subprocess.Popen(
            [sys.executable, "-m", "bench.sync.kiosk"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=kiosk.env | ours,
            cwd=REPOSITORY,
        )

    def change(self, first: int, last: int) -> None:
        """Let the products change for these days, one after the other."""
        self._load(_CHANGE, first=first, rounds=list(range(first, last + 1)))

    def do(self, what: str, *, kiosk: int = 0, **words: Any) -> dict[str, Any]:
        """Have a kiosk do something; answers what it said. Raises: RuntimeError with what went wrong there."""
        till = self._tills[kiosk]
        assert till.stdin is not None  # noqa: S101 -- they are pipes
        assert till.stdout is not None  # noqa: S101 -- they are pipes
        till.stdin.write(json.dumps({"do": what} | words) + "\n")
        till.stdin.flush()
        told: dict[str, Any] = json.loads(till.stdout.readline())
        if "error" in told or told.get("failed"):
            raise RuntimeError(f"{what}: {told.get('error') or told['failed']}")
        return told

    def counted(self, what: str, *, kiosk: int = 0, **words: Any) -> Count:
        """The same, and the bytes that it took."""
        self.proxies[kiosk].reset()
        told = self.do(what, kiosk=kiosk, **words)
        return replace(self.proxies[kiosk].reset(), told=told)

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        for till in self._tills:
            till.kill()
            till.wait()
        self._stack.close()
