"""The link between kiosks and cloud: real messages as bytes, and everything a network does to them.

A frame is a checksum over what a signature would cover, and the message. At the cloud's door stands what
`fleet.services.verify` does: a frame that is not whole is refused, a copy is refused, one from another time is told the
time. The answer's checksum covers the request's, so it answers no other.
"""

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from edgeshop.fleet.errors import ClockWrong, CloudRefused, CloudUnreachable, RequestReplayed, SignatureRefused
from edgeshop.fleet.models import Device, HotKey
from edgeshop.fleet.services import Reply, hot_key
from edgeshop.fleet.services.devices import distrust_of
from edgeshop.fleet.services.introductions import introduced
from edgeshop.fleet.services.verify import Heard
from edgeshop.kernel import clock
from edgeshop.kernel.errors import EdgeShopError
from edgeshop.qa.simulation.dice import Dice
from edgeshop.qa.simulation.disk import PowerCut
from edgeshop.qa.simulation.machines import Machine
from edgeshop.sync.services import answer
from edgeshop.sync.services.wire import from_address, is_facts_only
from edgeshop.vault.services import WINDOW_S, key_name, note_cloud_time

_SUM = 16
_TRIES = 3
_SLOW_S = 20.0  # as long as a kiosk waits for an answer
FAULTS = ("drop", "lose_answer", "double", "hold", "cut_request", "cut_answer", "delay")


@dataclass
class Door:
    """The cloud's side. `handled` lies in its database, so it is restored with it."""

    cloud: Machine
    handled: set[bytes] = field(default_factory=set)

    def take(self, frame: bytes) -> bytes:
        """The framed answer to a frame: status, ack, body."""
        with self.cloud():
            try:
                said = self._heard(frame)
                status, ack, body = 200, said.ack, said.body
            except EdgeShopError as error:
                status, ack, body = error.http_status, "", _refusal(error)
        told = json.dumps([status, ack, int(self.cloud.time.at_s)]).encode() + b"\n" + body
        return _sum(frame[:_SUM] + told) + told

    def _heard(self, frame: bytes) -> Reply:
        seal, message = frame[:_SUM], frame[_SUM:]
        if _sum(message) != seal:
            raise SignatureRefused("This request is not signed as it must be.")
        head, _, data = message.partition(b"\n")
        kiosk_id, signed_s, address, _, kid, certificate = json.loads(head)
        data = from_address(address.partition("?")[2], data)
        device = Device.objects.select_related("kiosk__shop").filter(kiosk=kiosk_id).order_by("-pk")[0]
        is_fresh = abs(clock.timestamp() - signed_s) <= WINDOW_S
        if is_fresh and seal in self.handled:
            raise RequestReplayed("This request has been handled before.", key=seal.hex())
        if not is_fresh and not is_facts_only(data):
            raise ClockWrong("This request is from another time.", now_s=int(clock.timestamp()))
        self.handled.add(seal)
        if not HotKey.objects.filter(kid=key_name(kid)).exists():
            with suppress(EdgeShopError):  # who may not speak is not what is looked at here
                introduced(certificate, signed_s=signed_s)
        return answer.reply(Heard(device, is_fresh=is_fresh, distrust=distrust_of(device)), data)


def _refusal(error: EdgeShopError) -> bytes:
    return json.dumps({"code": error.code, "fields": error.fields}, default=str).encode()


def _sum(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()[:_SUM]


@dataclass
class Wire:
    """What lies between. `share` of all exchanges suffer; `note` hears of each fault, `pass_s` lets time go by."""

    door: Door
    dice: Dice
    note: Callable[[str], None]
    pass_s: Callable[[float], None]
    share: float = 0.0
    cloud_faults: tuple[str, ...] = ()
    is_down: set[str] = field(default_factory=set)
    held: list[bytes] = field(default_factory=list)
    sent: int = 0

    def carry(self, frame: bytes, name: str) -> bytes:
        """Bring a frame to the cloud and its answer back, or not. Raises: CloudUnreachable."""
        if name in self.is_down or not self.door.cloud.is_on:
            raise CloudUnreachable("The cloud could not be reached.", how="refused")
        fault = self.dice.choice(FAULTS) if self.dice.happens(self.share) else ""
        if fault:
            self.note(f"wire {name} {fault}")
        self._deliver_held()
        if fault == "drop":
            raise _lost()
        if fault == "hold":
            self.held.append(frame)
            raise _lost()
        if fault == "cut_request":
            frame = frame[: self.dice.randrange(len(frame))]
        told = self._take(frame)
        if fault == "double":
            told = self.dice.choice([told, self._take(frame)])
        if fault == "delay":
            waited = self.dice.uniform(0.0, 2 * _SLOW_S)
            self.pass_s(waited)
            if waited > _SLOW_S:
                raise _lost()
        if fault == "lose_answer":
            raise _lost()
        return told[: self.dice.randrange(len(told))] if fault == "cut_answer" else told

    def _take(self, frame: bytes) -> bytes:
        """The cloud's answer; its plug may be pulled over it. Raises: CloudUnreachable."""
        cloud = self.door.cloud
        if self.cloud_faults and self.dice.happens(self.share):
            cloud.disk.arm(self.dice.choice(self.cloud_faults), self.dice.randrange(40))
        try:
            return self.door.take(frame)
        except PowerCut:
            self.note("cloud crashes")
            cloud.start()
            raise _lost() from None
        finally:
            if cloud.disk.disarm():
                self.note("cloud's disk fails")

    def _deliver_held(self) -> None:
        """What was held up arrives now, sometimes; nobody waits for its answer any more."""
        while self.held and self.dice.happens(0.5):
            late = self.held.pop(self.dice.randrange(len(self.held)))
            try:
                self._take(late)
            except CloudUnreachable:
                continue


def _lost() -> CloudUnreachable:
    return CloudUnreachable("The cloud did not answer in time.", how="timed_out")


class Client:
    """A kiosk's end of the wire, as `fleet.services.CloudClient` is; one for each life of its process."""

    def __init__(self, machine: Machine, wire: Wire, meanwhile: Callable[[], None]) -> None:
        """`meanwhile` runs while an answer is on its way: the box serves on while its worker waits."""
        self.said: dict[str, bytes] = {}
        self.unsure: frozenset[str] = frozenset()
        self._machine, self._wire, self._meanwhile, self._behind_s = machine, wire, meanwhile, 0.0

    def ask(self, address: str, body: bytes) -> Reply:
        """One exchange, by the cloud's clock where ours is wrong. Raises: CloudUnreachable, CloudRefused."""
        for _ in range(_TRIES):
            left_s, frame = clock.boot_s(), self._frame(address, body)
            status, ack, at_s, said = self._opened(frame, self._wire.carry(frame, self._machine.name))
            if status < 400:
                note_cloud_time(float(at_s), boot_s=left_s)
                self._meanwhile()
                return Reply(said, ack)
            code = json.loads(said)["code"]
            if code != ClockWrong.code:
                break
            note_cloud_time(float(at_s), boot_s=left_s)
            self._behind_s = at_s - clock.timestamp()
        raise CloudRefused("The cloud refused.", status=status, cloud_code=code)

    def _frame(self, address: str, body: bytes) -> bytes:
        self._wire.sent += 1
        signed_s = int(clock.timestamp() + self._behind_s)
        hot = hot_key(now_s=float(signed_s))
        once = self._wire.sent  # no two are alike
        head = json.dumps([self._machine.kiosk_id, signed_s, address, once, hot.kid, hot.certificate]).encode()
        message = head + b"\n" + body
        return _sum(message) + message

    def _opened(self, frame: bytes, told: bytes) -> tuple[int, str, int, bytes]:
        seal, said = told[:_SUM], told[_SUM:]
        if _sum(frame[:_SUM] + said) != seal:
            raise CloudUnreachable("Something answered, but not our cloud.", how="not_ours")
        head, _, body = said.partition(b"\n")
        status, ack, at_s = json.loads(head)
        return status, ack, at_s, body
