"""A cloud and the boxes of its kiosks in one process: real services, a database in memory each, a clock that is moved.

What is done inside `with node():` happens there. A box can be copied and restored like a disk, with its keys or
without. Nothing here knows what is tried out on it: attacks and rotations are elsewhere.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connections

from edgeshop.catalog.enums import StockPolicy
from edgeshop.catalog.models import Category, Product
from edgeshop.catalog.services import draft_book, publish, set_prices
from edgeshop.fleet.errors import CloudRefused
from edgeshop.fleet.models import Device, Kiosk, Shop
from edgeshop.fleet.services import (
    Reply,
    adopt,
    enrol,
    hot_key,
    new_code,
    note_checked_chip,
    notice_restore,
    ready_keys,
)
from edgeshop.fleet.services.devices import distrust_of
from edgeshop.fleet.services.introductions import introduced
from edgeshop.fleet.services.levels import CHECKED_CHIP
from edgeshop.fleet.services.verify import Heard
from edgeshop.journal.services import head_file
from edgeshop.kernel import clock
from edgeshop.kernel.errors import EdgeShopError
from edgeshop.settings.knobs import REAL, Vault
from edgeshop.sync.services import reply, synchronise
from edgeshop.sync.services.contact import Report
from edgeshop.sync.services.wire import from_address
from edgeshop.vault.services import MemoryKeystore, keystore

SHOP, KIOSK, OTHER, THING = 3, 12, 13, 104
PRICE_MINOR = 10  # so small that any amount is a number of these
START_S = 1_793_613_600.0  # a Monday morning in November 2026
_MEMORY = Path("/dev/shm")  # noqa: S108 -- flushing to a disk is not what is measured here


@dataclass
class Time:
    """The true time, and how wrong the wall clock of a box is that somebody has tampered with."""

    at_s: float = START_S
    wrong_s: float = 0.0
    is_frozen: bool = False

    def move(self, seconds: float) -> None:
        """Let time pass; a frozen wall clock does not notice."""
        self.at_s += seconds
        if self.is_frozen:
            self.wrong_s -= seconds


@dataclass
class Node:
    """One box or the cloud: a database, a state folder, and a set of keys by the name of its place."""

    name: str
    time: Time
    is_ledger: bool
    keys: str
    state: Path
    database: Any = field(repr=False)

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """Services work here inside."""
        before, database = settings.EDGESHOP, connections["default"]
        vault = Vault(backend="memory", path=Path(self.keys), credential="")
        knobs = replace(before.checkout, policy="real", limits=REAL, fleet_window_max=25_000, admit="loopback")
        knobs = replace(knobs, invoice_alone_max=10**9)  # a thief asks no manager
        connections["default"] = self.database
        settings.EDGESHOP = replace(
            before, is_ledger=self.is_ledger, state_dir=self.state, vault=vault, checkout=knobs, has_broker=False
        )
        try:
            with _clock_at(self.time.at_s + (0.0 if self.is_ledger else self.time.wrong_s)):
                yield
        finally:
            connections["default"], settings.EDGESHOP = database, before

    def image(self) -> tuple[bytes, bytes | None]:
        """A copy of the database, and of the file beside it that says how far the journal had come."""
        self.database.ensure_connection()
        beside = self.state / "journal.head"
        return self.database.connection.serialize(), beside.read_bytes() if beside.exists() else None

    def put(self, image: tuple[bytes, bytes | None], *, with_head: bool) -> None:
        """Write a copy over this box: the database, and only if somebody took care, the file beside it."""
        self.database.ensure_connection()
        self.database.connection.deserialize(image[0])
        if with_head and image[1] is not None:
            (self.state / "journal.head").write_bytes(image[1])


@contextmanager
def _clock_at(at_s: float) -> Iterator[None]:
    before = clock.timestamp
    clock.timestamp = lambda: at_s
    try:
        yield
    finally:
        clock.timestamp = before


class Wire:
    """Brings a kiosk's contact to the cloud's real answer and back. Signed HTTP around it has tests of its own."""

    def __init__(self, cloud: Node) -> None:
        self._cloud = cloud
        self.said: dict[str, bytes] = {}
        self.unsure: frozenset[str] = frozenset()

    def ask(self, address: str, body: bytes) -> Reply:
        """One exchange. Raises: CloudRefused, as the client of a kiosk does."""
        certificate = hot_key().certificate
        with self._cloud():
            with suppress(EdgeShopError):  # a device that is only a row has no key that could be met
                introduced(certificate, signed_s=int(clock.timestamp()))
            device = Device.objects.select_related("kiosk__shop").filter(kiosk=KIOSK).order_by("-pk")[0]
            heard = Heard(device, is_fresh=True, distrust=distrust_of(device))
            try:
                return reply(heard, from_address(address.partition("?")[2], body))
            except EdgeShopError as error:
                raise CloudRefused("The cloud refused.", status=error.http_status, cloud_code=error.code) from error


_SETTLED_S = 120.0  # a grant that is younger than a minute is not looked at again, and a level has risen since


class World:
    """A cloud, a box enrolled as its kiosk 12, and room for copies of that box."""

    def __init__(self, *, level: int) -> None:
        """As on the first morning: enrolled at this trust level, no grant yet."""
        self.time = Time()
        self.time.move(_SETTLED_S)
        self.folder = Path(tempfile.mkdtemp(prefix="edgeshop-world-", dir=_MEMORY if _MEMORY.is_dir() else None))
        self._copies = 0
        cloud_image, box_image = _first_morning(level)
        self.cloud = self._node("cloud", is_ledger=True, keys="world-cloud", database=_database(0), image=cloud_image)
        self.box = self._node("box", is_ledger=False, keys="world-box", database=_database(1), image=box_image)
        with self.box():
            pretend(level)
        self.start(self.box)

    def _node(self, name: str, *, is_ledger: bool, keys: str, database: Any, image: tuple[bytes, bytes | None]) -> Node:
        state = self.folder / name
        state.mkdir(exist_ok=True)
        node = Node(name, self.time, is_ledger, keys, state, database)
        node.put(image, with_head=True)
        return node

    def copy(self, *, with_keys: bool) -> Node:
        """A second box with this one's disk: its state folder and, if whoever copied it had them, its keys."""
        self._copies += 1
        keys = self.box.keys if with_keys else "world-nowhere"
        database = _database(1 + self._copies)
        return self._node(f"copy{self._copies}", is_ledger=False, keys=keys, database=database, image=self.box.image())

    def start(self, box: Node) -> bool:
        """What a box does when it boots; answers whether it sees that its disk is older than its journal."""
        with box():
            return notice_restore()

    def contact(self, box: Node) -> Report:
        """A run of contacts, all sections, until neither side has more to say."""
        with box():
            return synchronise(Wire(self.cloud))  # type: ignore[arg-type]  # -- has the one method that is called

    def close(self) -> None:
        """Forget all of it."""
        shutil.rmtree(self.folder, ignore_errors=True)


@lru_cache(maxsize=4)
def _database(slot: int) -> Any:
    """A database in memory, opened once; slot 0 is the cloud's."""
    return new_database()


def new_database() -> Any:
    """A database in memory, empty."""
    wrapper = connections.create_connection("default")
    wrapper.settings_dict = {**wrapper.settings_dict, "NAME": ":memory:"}
    return wrapper


@lru_cache(maxsize=4)
def _first_morning(level: int) -> tuple[tuple[bytes, bytes | None], tuple[bytes, bytes | None]]:
    """The cloud's and the box's disks just after the enrolment."""
    time = Time()
    folder = Path(tempfile.mkdtemp(prefix="edgeshop-world-"))
    empty = migrated()
    try:
        cloud = Node("cloud", time, True, "world-cloud", folder / "cloud", _database(0))
        box = Node("box", time, False, "world-box", folder / "box", _database(1))
        for node in (cloud, box):
            node.state.mkdir()
            node.put(empty, with_head=False)
        _enrol(cloud, box, level)
        return cloud.image(), box.image()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@lru_cache(maxsize=1)
def migrated() -> tuple[bytes, None]:
    """The disk of a node without anything in it. Made once per process."""
    wrapper = _database(0)
    before, connections["default"] = connections["default"], wrapper
    try:
        call_command("migrate", verbosity=0)
    finally:
        connections["default"] = before
    return wrapper.connection.serialize(), None


def _enrol(cloud: Node, box: Node, level: int) -> None:
    with box():
        device = ready_keys(is_ledger=False)
    with cloud():
        _stock()
        told = enrol(code=new_code(Kiosk.objects.get(pk=KIOSK)), device_jwk=device, trust_level=level)
        other = keystore().create("other-device")
        enrol(code=new_code(Kiosk.objects.get(pk=OTHER)), device_jwk=other, trust_level=level)
        if level == CHECKED_CHIP:
            note_checked_chip(KIOSK)
            note_checked_chip(OTHER)
    with box():
        adopt(told)
        _goods()
        head_file.read()


def pretend(level: int) -> None:
    """Let this node's keys, which are in memory, pass for what a level asks for."""
    store = keystore()
    if isinstance(store, MemoryKeystore):
        store.trust_level = level


def _stock() -> None:
    shop = Shop.objects.create(pk=SHOP, name="Corner", currency="EUR", languages=["en"], default_language="en")
    for pk in (KIOSK, OTHER):
        Kiosk.objects.create(pk=pk, shop=shop, name=f"Till {pk}")
    _goods()


def _goods() -> None:
    """One thing that never runs out, at ten cents."""
    shelf = Category.objects.create(slug="things", names={"en": "Things"})
    Product.objects.create(
        pk=THING, category=shelf, sku="thing", tax_class="standard", stock_policy=StockPolicy.UNTRACKED,
        texts={"en": {"name": "Thing"}},
    )  # fmt: skip
    draft = draft_book(shop_id=SHOP, rates={"standard": 1900})
    set_prices(draft_id=draft, prices={THING: PRICE_MINOR})
    publish(draft)
