"""A shop's machines and wires under faults: what can break, while somebody works on them, does by the dice."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import DatabaseError

from edgeshop.journal.models import Chain
from edgeshop.kernel.errors import EdgeShopError
from edgeshop.qa.simulation import faults
from edgeshop.qa.simulation.dice import Dice
from edgeshop.qa.simulation.disk import PowerCut
from edgeshop.qa.simulation.front import Broken, Silence
from edgeshop.qa.simulation.machines import KIOSKS, Image, Machine, machine
from edgeshop.qa.simulation.wire import Client, Door, Wire
from edgeshop.sync.services import synchronise

DISK_FAULTS = ("cut", "cut_after", "full")
FRONT_FAULTS = ("drop", "lose_answer", "double")


@dataclass
class Cluster(ABC):
    """The cloud, its boxes and the wires between them. Each thing that happens is a line of `trace`."""

    dice: Dice
    at: Path
    images: dict[int, Image]
    trace: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    forgiven: dict[tuple[int, int], int] = field(default_factory=dict)
    backups: dict[int, list[Image]] = field(default_factory=dict)
    front_down: set[int] = field(default_factory=set)
    found: list[tuple[str, str]] = field(default_factory=list)
    is_peace: bool = False

    @abstractmethod
    def meanwhile(self, box: Machine) -> None:
        """What a box does while its worker waits for the cloud's answer."""

    def open(self) -> None:
        """Switch everything on."""
        self.cloud = machine(self.at, 0, 0)
        self.boxes = {f"kiosk{k}": machine(self.at, k, n) for n, k in enumerate(KIOSKS, start=1)}
        for box in [self.cloud, *self.boxes.values()]:
            box.write(self.images[box.kiosk_id], files=True)
        self.time_s = self.cloud.time.at_s
        self.menu = {kind for kind in faults.KINDS if self.dice.happens(0.5)}
        self.share = self.dice.choice((0.02, 0.08, 0.25))
        self.note(f"menu {' '.join(sorted(self.menu))} share {self.share}")
        self.door = Door(self.cloud)
        self.wire = Wire(self.door, self.dice, self.note, self.pass_s)
        self.wire.share = self.share if "wire" in self.menu else 0.0
        self.wire.cloud_faults = DISK_FAULTS if "cloud_crash" in self.menu else ()
        self.clients: dict[str, Client] = {}
        for box in self.boxes.values():
            self.pass_s(120.0)
            self.start(box)
            self.contact(box)
            self.backups[box.kiosk_id] = [box.copy()]
        self.cloud_backup, self.door_backup = self.cloud.copy(), set(self.door.handled)

    @property
    def now_s(self) -> float:
        """The true time."""
        return self.cloud.time.at_s

    def note(self, line: str) -> None:
        """One line of the trace."""
        self.trace.append(f"{int(self.now_s - self.time_s) if hasattr(self, 'time_s') else 0:>8} {line}")
        kind = line.split(" ")[0]
        self.counts[kind] = self.counts.get(kind, 0) + 1

    def pass_s(self, seconds: float) -> None:
        """Time goes by everywhere."""
        for node in [self.cloud, *self.boxes.values()]:
            node.time.move(seconds)

    def start(self, box: Machine) -> None:
        """A box boots: what its processes remembered is gone."""
        self.clients[box.name] = Client(box, self.wire, lambda: self.meanwhile(box))
        if box.start():
            self.note(f"stale {box.name}")

    def serve(self, box: Machine, work: Callable[[], Any]) -> Any:
        """A call of a browser, over a wire of its own. Raises: Silence, Broken, and the kiosk's refusals."""
        fault = self.dice.choice(FRONT_FAULTS) if self.suffers("front") else ""
        if fault:
            self.note(f"front {box.name} {fault}")
        if box.kiosk_id in self.front_down or fault == "drop":
            raise Silence
        try:
            with self.power(box):
                answer = work()
                answer = work() if fault == "double" else answer
        except PowerCut:
            raise Silence from None
        except (DatabaseError, OSError):
            raise Broken from None
        if fault == "lose_answer":
            raise Silence
        return answer

    def suffers(self, kind: str) -> bool:
        """Whether a fault of this kind strikes now."""
        return not self.is_peace and kind in self.menu and self.dice.happens(self.share)

    @contextmanager
    def power(self, box: Machine) -> Iterator[None]:
        """Work on a box, whose plug may be pulled or whose disk may be full. Raises: PowerCut, when it is on again."""
        if self.suffers("crash"):
            box.disk.arm(self.dice.choice(DISK_FAULTS), self.dice.randrange(25))
        try:
            with box():
                yield
        except PowerCut:
            self.note(f"crash {box.name}")
            self.start(box)
            raise
        finally:
            if box.disk.disarm():
                self.note(f"disk {box.name} failed")

    def contact(self, box: Machine) -> str:
        """A run of contacts of one box; answers how it ended."""
        try:
            with self.power(box):
                report = synchronise(self.clients[box.name])  # type: ignore[arg-type]  # -- has what is called
            said = f"ok {report.acknowledged} {sorted(report.failed.items())}"
        except PowerCut:
            said = "crashed"
        except EdgeShopError as error:
            said = error.fields.get("cloud_code", error.code)
        except (DatabaseError, OSError):
            said = "disk"
        self.note(f"contact {box.name} {said}")
        self._check_marks(box)
        return said

    def _check_marks(self, box: Machine) -> None:
        """What a kiosk believes to be acknowledged, the cloud has, committed; unless we made it forget."""
        with box():
            marks = list(Chain.objects.values_list("device_id", "epoch", "acked_seq"))
        with self.cloud():
            kept = {(d, e): s for d, e, s in Chain.objects.values_list("device_id", "epoch", "seq")}
        for device, epoch, acked in marks:
            if acked > max(kept.get((device, epoch), 0), self.forgiven.get((device, epoch), 0)):
                self.blame("lost", f"{box.name} {epoch}: {acked} acknowledged, {kept.get((device, epoch), 0)} kept")
                self.forgiven[device, epoch] = acked

    def blame(self, kind: str, what: str) -> None:
        """Something is broken that no fault excuses."""
        self.found.append((kind, what))
        self.note(f"FOUND {kind} {what}")
