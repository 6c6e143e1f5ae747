"""The machines of a run: a cloud and two boxes of one shop, enrolled, stocked and known to each other.

They are made once per process; each run starts from copies of those disks.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections

from edgeshop.catalog.enums import StockPolicy
from edgeshop.catalog.services import (
    CategoryData,
    ProductData,
    allot,
    draft_book,
    publish,
    receive_stock,
    save_categories,
    save_products,
    set_prices,
)
from edgeshop.fleet.models import Kiosk, Shop
from edgeshop.fleet.services import adopt, enrol, new_code, notice_restore, ready_keys
from edgeshop.journal.services import changes, head_file
from edgeshop.kernel import clock
from edgeshop.qa.simulation.disk import Disk
from edgeshop.qa.two_nodes import START_S, Node, Time, migrated, new_database, pretend
from edgeshop.settings.knobs import TEST, EdgeShop, Vault

SHOP, KIOSKS = 3, (12, 13)
LEVEL = 2
STRICT_UNITS, ALLOTTED = 12, 4
PRICES = {1: 250, 2: 1290, 3: 399, 4: 90, 5: 1750}
POLICIES = {1: StockPolicy.UNTRACKED, 2: StockPolicy.STRICT, 3: StockPolicy.SHELF, 4: StockPolicy.UNTRACKED,
            5: StockPolicy.STRICT}  # fmt: skip
STRICT = tuple(product for product, policy in POLICIES.items() if policy == StockPolicy.STRICT)
Image = tuple[bytes, dict[str, bytes]]
_RAM = Path("/dev/shm")  # noqa: S108 -- flushing to a disk is not what is tried here
_FILES = ("journal.head", "clock.floor")


@dataclass
class Machine(Node):
    """A node with a disk that fails and a clock of its own. `kiosk_id` 0 is the cloud."""

    kiosk_id: int = 0
    boots: int = 1
    booted_s: float = START_S
    is_on: bool = True
    disk: Disk = field(init=False, repr=False)
    _settings: EdgeShop = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.state.mkdir(parents=True, exist_ok=True)
        self.disk = disk_of(self.database)
        knobs = replace(settings.EDGESHOP.checkout, policy="test", limits=TEST, fleet_window_max=10**12)
        self._settings = replace(
            settings.EDGESHOP,
            is_ledger=self.is_ledger,
            state_dir=self.state,
            vault=Vault(backend="memory", path=Path(self.keys), credential=""),
            checkout=replace(knobs, admit="loopback", invoice_alone_max=10**9),
            has_broker=False,
        )

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """Services work here inside, by this machine's clocks."""
        before = settings.EDGESHOP, connections["default"], clock.timestamp, clock.boot_s, clock.boot_id
        connections["default"], settings.EDGESHOP = self.database, self._settings
        clock.timestamp = lambda: self.time.at_s + self.time.wrong_s
        clock.boot_s = lambda: self.time.at_s - self.booted_s
        clock.boot_id = lambda: f"{self.name}/{self.boots}"
        try:
            yield
        finally:
            settings.EDGESHOP, connections["default"], clock.timestamp, clock.boot_s, clock.boot_id = before

    def copy(self) -> Image:
        """The whole disk: the database and the files beside it."""
        self.database.ensure_connection()
        files = {name: (self.state / name).read_bytes() for name in _FILES if (self.state / name).exists()}
        return self.database.connection.serialize(), files

    def write(self, image: Image, *, files: bool) -> None:
        """Put a copy back over this disk: the database, and with `files` what lay beside it."""
        self.disk.recover()
        self.put((image[0], None), with_head=False)
        for name in _FILES if files else ():
            (self.state / name).unlink(missing_ok=True)
            if name in image[1]:
                (self.state / name).write_bytes(image[1][name])

    def start(self) -> bool:
        """Switch it on; whether it sees that its disk is older than its journal."""
        self.disk.recover()
        self.boots, self.booted_s, self.is_on = self.boots + 1, self.time.at_s, True
        if self.is_ledger:
            return False
        with self():
            return notice_restore()


@lru_cache(maxsize=8)
def database(slot: int) -> Any:
    """A database in memory, opened once per process."""
    return new_database()


def disk_of(wrapper: Any) -> Disk:
    """The one disk under a database."""
    if not hasattr(wrapper, "disk"):
        wrapper.disk = Disk(wrapper)
    disk: Disk = wrapper.disk
    return disk


def folder() -> Path:
    """A place for the machines' files."""
    return Path(tempfile.mkdtemp(prefix="edgeshop-faults-", dir=_RAM if _RAM.is_dir() else None))


def machine(at: Path, kiosk_id: int, slot: int, *, name: str = "") -> Machine:
    """The cloud (0) or a box on one of the databases; what is on it is left as it is."""
    name = name or (f"kiosk{kiosk_id}" if kiosk_id else "cloud")
    keys = f"faults-{kiosk_id}"  # a copied disk has the same keys
    return Machine(name, Time(), not kiosk_id, keys, at / name, database(slot), kiosk_id=kiosk_id)


@lru_cache(maxsize=1)
def first_morning() -> dict[int, Image]:
    """The disks of the cloud (0) and of each kiosk just after the enrolment. Made once per process."""
    at = folder()
    try:
        machines = {kiosk_id: machine(at, kiosk_id, slot) for slot, kiosk_id in enumerate((0, *KIOSKS))}
        for node in machines.values():
            node.put(migrated(), with_head=False)
        _open(machines[0])
        for kiosk_id in KIOSKS:
            _enrol(machines[0], machines[kiosk_id])
        with machines[0]():
            for product_id in STRICT:
                receive_stock(shop_id=SHOP, product_id=product_id, qty=STRICT_UNITS)
                for kiosk_id in KIOSKS:
                    allot(kiosk_id, product_id, ALLOTTED)
            receive_stock(shop_id=SHOP, product_id=3, qty=1_000)
        return {kiosk_id: node.copy() for kiosk_id, node in machines.items()}
    finally:
        shutil.rmtree(at, ignore_errors=True)


def _open(cloud: Machine) -> None:
    with cloud():
        shop = Shop.objects.create(pk=SHOP, name="Corner", currency="EUR", languages=["en"], default_language="en")
        for pk in KIOSKS:
            Kiosk.objects.create(pk=pk, shop=shop, name=f"Till {pk}")
        shelf = save_categories([CategoryData("things", 1, {"en": "Things"})])["things"]
        save_products(
            ProductData(f"sku{p}", shelf, {"en": {"name": f"Thing {p}"}}, stock_policy=POLICIES[p]) for p in PRICES
        )
        publish_prices(PRICES, rates={"standard": 1900})
        changes("config", f"shop{SHOP}")


def publish_prices(prices: dict[int, int], *, rates: dict[str, int] | None = None) -> int:
    """A new price book on the present machine; answers its version."""
    draft = draft_book(shop_id=SHOP, rates=rates)
    set_prices(draft_id=draft, prices=dict(prices))
    return publish(draft)


def _enrol(cloud: Machine, box: Machine) -> None:
    with box():
        device = ready_keys(is_ledger=False)
        pretend(LEVEL)
    with cloud():
        told = enrol(code=new_code(Kiosk.objects.get(pk=box.kiosk_id)), device_jwk=device, trust_level=LEVEL)
    with box():
        adopt(told)
        head_file.read()
