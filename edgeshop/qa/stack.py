"""A cloud, its kiosks and the links between them and the browser: the whole of EdgeShop on one machine.

    with Stack(root, kiosks=2) as stack:
        stack.start()
        stack.kiosks[0].back.down()        # kiosk 1 loses the cloud
        stack.kiosks[0].front.url          # where a browser finds kiosk 1

Nothing that runs here outlives the `with` block, or this process.
"""

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict, TypeVar

from edgeshop.qa.children import stop_all
from edgeshop.qa.links import Link, LinkBoard
from edgeshop.qa.movable_clock import MovableClock
from edgeshop.qa.node import Node, Part, Say
from edgeshop.qa.template import copy_state, migrated_database

N = TypeVar("N", bound=Node)
T = TypeVar("T")
_MARK = "set-up.json"
_NOT_PROGRESS = ("{", "Traceback", " ")  # the answer, and errors, which are told once and at the end
_SEED_TIMEOUT_S = 1800  # half a million real transactions on a small machine


@dataclass(frozen=True, slots=True)
class Ports:
    """Ports by number for the cloud and the first kiosk; 0 takes a free one."""

    cloud: int = 0
    kiosk: int = 0
    shop: int = 0  # the browser's way to the kiosk
    link: int = 0  # the kiosk's way to the cloud


class Layout(TypedDict):
    """What every node is laid out with."""

    name: str
    root: Path
    port: int
    settings: Mapping[str, str]


class Kiosk(Node):
    """A kiosk with its two links: `front` towards the browser, `back` towards the cloud."""

    front: Link
    back: Link

    def is_stocked(self) -> bool:
        """Whether it has met the cloud and holds a price book to sell by."""
        health = self.health()
        return health is not None and health["cloud"]["state"] == "connected" and bool(health["book"])

    def is_quiet(self) -> bool:
        """Whether it answers and has nothing unsent."""
        health = self.health()
        return health is not None and health["unsent"]["count"] == 0

    def unsent(self) -> int:
        """How many facts the cloud has not acknowledged. Raises: requests.RequestException."""
        return int(self.get("/api/health")["unsent"]["count"])


class Stack:
    """One cloud, `kiosks` kiosks, two links for each kiosk, one clock."""

    def __init__(
        self,
        root: Path,
        *,
        kiosks: int = 1,
        seed: int = 1,
        data: Path | None = None,
        policy: Path | None = None,
        database_url: str = "",
        ports: Ports | None = None,
        settings: Mapping[str, str] | None = None,
        eavesdrop: bool = False,
        say: Say = lambda _text: None,
    ) -> None:
        """Lay everything out below `root`; state found there is used again. Raises: PortTaken, RedisMissing.

        `data` names transactions to sell instead of the demo shop; `policy` the file of rules under which kiosks are
        enrolled, without one there are none; `settings` go into every node's environment.
        """
        self.root, self._data, self._policy, self._say = root, data, policy, say
        root.mkdir(parents=True, exist_ok=True)
        self.clock = MovableClock(root / "clock")
        easy = {"EDGESHOP_POLICY": "test", "EDGESHOP_ADMIT": "loopback", "EDGESHOP_SECOND_FACTOR": "off"}
        self._settings = {**easy, **(settings or {})}
        self._eavesdrop = eavesdrop
        self._has_own_database = not database_url
        ports = ports or Ports()
        self.links = LinkBoard(seed=seed)
        self._closing: list[Callable[[], None]] = [self.links.close]
        try:
            extra = {"DATABASE_URL": database_url} if database_url else {}
            self.cloud = self._keep(Node(**self._layout("cloud", ports.cloud, extra), role="cloud"))
            self.kiosks = [self._kiosk(n, ports if n == 1 else Ports()) for n in range(1, kiosks + 1)]
        except BaseException:
            self.close()
            raise

    @property
    def nodes(self) -> list[Node]:
        """The cloud, then the kiosks."""
        return [self.cloud, *self.kiosks]

    def start(self, timeout_s: float = 120) -> None:
        """Set up what is not yet, start everything, return when every kiosk can sell. Raises: ChildFailed."""
        self.set_up()
        self._say("Starting the cloud and the kiosk")
        self._each(self.nodes, lambda node: node.start())
        self.wait_ready(timeout_s)

    def set_up(self) -> None:
        """Make databases, keys, a seeded shop and enrolled kiosks, unless that has been done. Raises: ChildFailed."""
        if self.made_from is None:
            self._set_up()

    def wait_ready(self, timeout_s: float = 120) -> None:
        """Return when all web servers and workers are up and every kiosk has its catalogue. Raises: ChildFailed."""
        self._each(self.nodes, lambda node: node.wait_healthy(timeout_s))
        self._say("Waiting for the catalogue to reach the kiosk")
        for kiosk in self.kiosks:
            kiosk.wait_until(kiosk.is_stocked, what="catalogue from the cloud", timeout_s=timeout_s)

    def stop(self) -> None:
        """End every process; `start` brings them back with their state."""
        stop_all([child for node in self.nodes for child in node.children.values()])
        for node in self.nodes:
            node.stop()

    def close(self) -> None:
        """End everything, whatever state it is in."""
        while self._closing:
            self._closing.pop()()

    def heal(self) -> None:
        """Links up, real time, and every process that is down started again."""
        self.links.heal()
        self.clock.reset()
        if not all(all(node.running().values()) for node in self.nodes):
            self._each(self.nodes, lambda node: node.start())
            self.wait_ready()

    def wait_quiet(self, timeout_s: float = 60) -> None:
        """Return when no kiosk has anything unsent. Raises: ChildFailed."""
        for kiosk in self.kiosks:
            kiosk.wait_until(kiosk.is_quiet, what="empty outbox", timeout_s=timeout_s)

    def add_kiosk(self) -> Kiosk:
        """One more kiosk of the same shop, enrolled and able to sell. The cloud must run. Raises: ChildFailed."""
        kiosk = self._kiosk(len(self.kiosks) + 1, Ports())
        self.kiosks.append(kiosk)
        kiosk.wipe()
        self._prepare(kiosk, self._template())
        self._enrol((kiosk, self._seed()[-1]))
        kiosk.start()
        kiosk.wait_until(kiosk.is_stocked, what="catalogue from the cloud", timeout_s=120)
        return kiosk

    def snapshot(self, to: Path) -> None:
        """Copy the state of all nodes. They must be stopped, or idle: only their databases are copied atomically."""
        for node in self.nodes:
            copy_state(node.state, to / node.name)

    def restore(self, source: Path) -> None:
        """Put a copied state back and start again; kiosks added since the copy are gone. Raises: ChildFailed."""
        self.stop()
        self.links.heal()
        self.clock.reset()
        for kiosk in [k for k in self.kiosks if not (source / k.name).exists()]:
            kiosk.close()
            self.kiosks.remove(kiosk)
            self.links.remove(kiosk.front, kiosk.back)
        for node in self.nodes:
            node.wipe()
            copy_state(source / node.name, node.state)
        self.start()

    def __enter__(self) -> "Stack":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Setting up

    @property
    def made_from(self) -> str | None:
        """What the state below `root` was seeded with, or None when there is none."""
        mark = self.root / _MARK
        return str(json.loads(mark.read_text(encoding="utf-8"))["data"]) if mark.exists() else None

    def prepare(self) -> None:
        """Databases and keys for every node; there is no shop yet, and what was there is gone. Raises: ChildFailed."""
        self._say("Preparing the databases")
        for node in self.nodes:
            node.wipe()
        template = self._template()
        self._each(self.nodes, lambda node: self._prepare(node, template))

    def _set_up(self) -> None:
        self.prepare()
        codes = self._seed()
        if self._policy is not None:
            self.cloud.manage("policy", "load", str(self._policy))
        self._say("Enrolling the kiosk")
        self.cloud.start(Part.REDIS, Part.WEB)
        self.cloud.wait_healthy()
        self._each(list(zip(self.kiosks, codes, strict=True)), self._enrol)
        (self.root / _MARK).write_text(
            json.dumps({"data": str(self._data.resolve() if self._data else "")}), encoding="utf-8"
        )

    def _template(self) -> Path:
        return migrated_database(lambda root: Node(**self._layout("template", 0, {}, root), role="cloud"))

    def _prepare(self, node: Node, template: Path) -> None:
        if node is self.cloud and not self._has_own_database:
            node.manage("migrate", "--verbosity", "0")
        else:
            node.use_database(template)
        node.manage("keystore", "init")

    def _seed(self) -> list[str]:
        self._say("Seeding the shop" if self._data is None else f"Loading {self._data.name}")
        data = ["--data", str(self._data.resolve())] if self._data else []
        printed = self.cloud.manage(
            "seed", "--kiosks", str(len(self.kiosks)), *data, timeout_s=_SEED_TIMEOUT_S, say=self._say_progress
        )
        last = next(line for line in reversed(printed.splitlines()) if line.startswith("{"))
        codes: dict[str, str] = json.loads(last)["codes"]
        return [codes[kiosk_id] for kiosk_id in sorted(codes, key=int)]

    def _say_progress(self, line: str) -> None:
        if line and not line.startswith(_NOT_PROGRESS):
            self._say(line)

    def _enrol(self, pair: tuple["Kiosk", str]) -> None:
        kiosk, code = pair
        kiosk.manage("enrol", self.cloud.url, code)

    # Laying out

    def _kiosk(self, number: int, ports: Ports) -> Kiosk:
        name = f"kiosk-{number}"
        back = self.links.add(f"{name}-cloud", upstream=self.cloud.port, port=ports.link)
        layout = self._layout(name, ports.kiosk, {"EDGESHOP_CLOUD_URL": back.url})
        kiosk = self._keep(Kiosk(**layout, role="kiosk"))
        kiosk.back = back
        kiosk.front = self.links.add(f"browser-{name}", upstream=kiosk.port, port=ports.shop, eavesdrop=self._eavesdrop)
        return kiosk

    def _layout(self, name: str, port: int, extra: Mapping[str, str], root: Path | None = None) -> Layout:
        root = root or self.root
        secret = _secrets(root / "secrets" / f"{name}.json")
        settings = {"EDGESHOP_CLOCK_FILE": str(self.clock.path), **self._settings, **secret, **extra}
        return {"name": name, "root": root, "port": port, "settings": settings}

    def _keep(self, node: N) -> N:
        self._closing.append(node.close)
        return node

    @staticmethod
    def _each(items: Sequence[T], work: Callable[[T], object]) -> None:
        """Do it to all at the same time; the first error is raised when all are done."""
        pool = ThreadPoolExecutor(max_workers=max(1, len(items)))
        try:
            for done in [pool.submit(work, item) for item in items]:
                done.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)  # on Ctrl-C the nodes end first, and with them these threads


def _secrets(path: Path) -> dict[str, str]:
    """The secrets of one node, made at its first start and kept outside its state folder."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        names = ("EDGESHOP_SECRET_KEY", "EDGESHOP_VAULT_CREDENTIAL")
        path.touch(mode=0o600)
        path.write_text(json.dumps({name: secrets.token_urlsafe(32) for name in names}), encoding="utf-8")
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return found
