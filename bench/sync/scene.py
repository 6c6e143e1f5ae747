"""A real cloud with the workload in it, a kiosk in a process of its own, and a counting proxy between them."""

import json
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any

from bench.sync.counting import Count, CountingProxy
from edgeshop.qa.node import REPOSITORY, Part
from edgeshop.qa.stack import Stack

_IMPORTS = "import json; from bench.sync.generator import *; from bench.sync.load import *; "
_LOAD = _IMPORTS + "w = workload({file!r}, {seed!r}); rows = w.catalogue(); "
_OPEN = _LOAD + "print(json.dumps(open_shop(rows)))"
_CHANGE = (
    _LOAD + "[rows := day(w, rows, n) for n in range(1, {first})]; [rows := change_to(w, rows, n) for n in {rounds}]"
)


class Scene:
    """Use it in a `with` block; nothing outlives that."""

    def __init__(self, root: Path, workload: Path, seed: int | None) -> None:
        self._stack = Stack(root, kiosks=1)
        self._workload, self._seed = workload, seed
        self._kiosk: subprocess.Popen[str] | None = None

    def __enter__(self) -> "Scene":
        cloud, kiosk = self._stack.cloud, self._stack.kiosks[0]
        self._stack.prepare()
        [code] = json.loads(self._load(_OPEN).strip().splitlines()[-1])
        cloud.start(Part.REDIS, Part.WEB)
        cloud.wait_healthy()
        kiosk.redis.start()
        kiosk.manage("enrol", cloud.url, code)
        self.proxy = CountingProxy(cloud.port)
        self._kiosk = self._start()
        self.proxy.reset()
        return self

    def _load(self, script: str, **words: Any) -> str:
        said = script.format(file=str(self._workload), seed=self._seed, **words)
        return self._stack.cloud.manage("shell", "--no-imports", "-c", said, timeout_s=600)

    def _start(self) -> subprocess.Popen[str]:
        ours = {
            "EDGESHOP_CLOUD_URL": f"http://127.0.0.1:{self.proxy.port}",
            "DJANGO_SETTINGS_MODULE": "edgeshop.settings.kiosk",
        }
        return subprocess.Popen(
            [sys.executable, "-m", "bench.sync.kiosk"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=self._stack.kiosks[0].env | ours,
            cwd=REPOSITORY,
        )

    def change(self, first: int, last: int) -> None:
        """Let the products change for these days, one after the other."""
        self._load(_CHANGE, first=first, rounds=list(range(first, last + 1)))

    def do(self, what: str, **words: Any) -> dict[str, Any]:
        """Have the kiosk do something; answers what it said. Raises: RuntimeError with what went wrong there."""
        kiosk = self._kiosk
        assert kiosk is not None  # noqa: S101 -- within the `with` block
        assert kiosk.stdin is not None  # noqa: S101 -- they are pipes
        assert kiosk.stdout is not None  # noqa: S101 -- they are pipes
        kiosk.stdin.write(json.dumps({"do": what} | words) + "\n")
        kiosk.stdin.flush()
        told: dict[str, Any] = json.loads(kiosk.stdout.readline())
        if "error" in told or told.get("failed"):
            raise RuntimeError(f"{what}: {told.get('error') or told['failed']}")
        return told

    def counted(self, what: str, **words: Any) -> Count:
        """The same, and the bytes that it took."""
        self.proxy.reset()
        self.do(what, **words)
        return self.proxy.reset()

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        if self._kiosk is not None:
            self._kiosk.kill()
            self._kiosk.wait()
        self._stack.close()
