"""A shop with its till, its cloud, and browsers that sign as real ones do."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connections, transaction

from edgeshop.catalog.enums import StockPolicy
from edgeshop.catalog.models import Allotment, Category, Product
from edgeshop.catalog.services import allot, draft_book, publish, receive_stock, set_prices
from edgeshop.checkout import services
from edgeshop.checkout.enums import Purpose
from edgeshop.fleet.models import Kiosk, Shop
from edgeshop.fleet.services import ready_keys
from edgeshop.journal import services as journal
from edgeshop.journal.registry import Writer
from edgeshop.kernel import clock
from edgeshop.sync.services import names
from edgeshop.vault.services import MemoryKeystore, peek_jws, sign_jws, thumbprint

SHOP, KIOSK = 3, 12
APPLE, BREAD, CLOCK, DOLL = 101, 102, 103, 104  # shelf, shelf at the reduced rate, strict, untracked
PRICES = {APPLE: 250, BREAD: 399, CLOCK: 2_000, DOLL: 1_050}
RATES = {"standard": 1900, "reduced": 700}
LOOPBACK = "127.0.0.1"


def open_shop(*, is_self: bool, prices: dict[int, int] | None = None) -> Kiosk:
    """The same shop, kiosk, goods and first price book on whichever node this runs; nothing is in stock yet."""
    device, cloud = ready_keys(is_ledger=False), ready_keys(is_ledger=True)
    shop = Shop.objects.create(
        pk=SHOP, name="Corner", currency="EUR", timezone="Europe/Berlin", languages=["en", "de"], default_language="en"
    )
    kiosk = Kiosk.objects.create(
        pk=KIOSK, shop=shop, name="Till", epoch=1, is_self=is_self, trust_level=1, device_jwk=device, cloud_jwks=[cloud]
    )
    shelf = Category.objects.create(slug="things", names={"en": "Things"})
    policies = {CLOCK: StockPolicy.STRICT, DOLL: StockPolicy.UNTRACKED}
    for product_id, name in ((APPLE, "Apple"), (BREAD, "Bread"), (CLOCK, "Clock"), (DOLL, "Doll")):
        Product.objects.create(
            pk=product_id,
            category=shelf,
            sku=name,
            tax_class="reduced" if product_id == BREAD else "standard",
            stock_policy=policies.get(product_id, StockPolicy.SHELF),
            texts={"en": {"name": name}, "de": {"name": f"{name} (de)"}},
        )
    new_book(prices or PRICES)
    return kiosk


def new_book(prices: dict[int, int], *, rates: dict[str, int] | None = None) -> int:
    """Publish a price book of the shop with these prices on this node."""
    draft = draft_book(shop_id=SHOP, rates=rates or RATES)
    set_prices(draft_id=draft, prices=prices)
    return publish(draft)


def stock_kiosk(units: dict[int, int], *, epoch: int = 1) -> None:
    """What the kiosk may sell without asking, as its stock stream would have brought it."""
    for product_id, qty in units.items():
        Allotment.objects.create(kiosk_id=KIOSK, epoch=epoch, product_id=product_id, granted=qty)


def stock_cloud(units: dict[int, int]) -> None:
    """What the shop has, all of it allotted to the kiosk."""
    for product_id, qty in units.items():
        receive_stock(shop_id=SHOP, product_id=product_id, qty=qty)
        allot(KIOSK, product_id, qty)


@contextmanager
def on_database(wrapper: Any) -> Iterator[None]:
    """Services work on another database inside: a second node in the same process."""
    first = connections["default"]
    connections["default"] = wrapper
    try:
        yield
    finally:
        connections["default"] = first


@contextmanager
def as_ledger(*, is_ledger: bool) -> Iterator[None]:
    """This node owns the truth inside, or does not."""
    before = settings.EDGESHOP
    settings.EDGESHOP = replace(before, is_ledger=is_ledger)
    try:
        yield
    finally:
        settings.EDGESHOP = before


@dataclass
class Cloud:
    """The other node: `with cloud():` what happens inside happens there."""

    wrapper: Any

    @contextmanager
    def __call__(self) -> Iterator[None]:
        with on_database(self.wrapper), as_ledger(is_ledger=True):
            yield

    def contact(self) -> list[Any]:
        """One exchange between the real journals: facts up, outcomes, acknowledgement and the orders stream down."""
        batch = journal.unsent_batch(1000)
        outcomes: list[Any] = []
        if batch is not None:
            chain, records = batch
            facts = [(r.kind, bytes(r.body)) for r in records]
            writer = Writer(chain.device_id, chain.epoch)
            packed = journal.pack_facts(facts, writer=writer, names=names.FACTS)
            with self():
                unpacked = journal.unpack_facts(packed, writer=writer, names=names.FACTS)
                received = journal.receive(
                    device_id=chain.device_id,
                    epoch=chain.epoch,
                    first_seq=records[0].seq,
                    kinds=[kind for kind, _ in unpacked],
                    bodies=[body for _, body in unpacked],
                    head=bytes(records[-1].chain),
                )
            outcomes = [outcome for _, outcome in received.outcomes]
            journal.acknowledge(
                device_id=chain.device_id,
                epoch=chain.epoch,
                seq=received.acked_seq,
                unsettled=[seq for seq, _ in received.unsettled],
            )
        self.pull()
        return outcomes

    def pull(self) -> None:
        """The orders stream, as far as it has come."""
        stream = f"orders/{KIOSK}"
        epoch, seq = journal.cursors().get(stream, (1, 0))
        with self():
            journal.sequence()
            life = Kiosk.objects.get(pk=KIOSK).epoch
            page = journal.page(stream=stream, epoch=epoch, seq=seq, limit=1000, life=life)
        if page is not None:
            journal.apply_page(page)

    def grant(self) -> None:
        """A fresh grant from the cloud to the kiosk."""
        with self():
            jws = services.issue_grant(KIOSK)
        services.install_grant(jws)


@dataclass
class Browser:
    """Ada's browser: a key of its own, a seat, tokens, and orders under its signature."""

    purpose: Purpose = Purpose.SCREEN
    address: str = LOOPBACK
    keys: MemoryKeystore = field(default_factory=MemoryKeystore)
    seat: str = ""
    seat_id: str = ""
    tokens: list[str] = field(default_factory=list)
    asked: int = 0

    def __post_init__(self) -> None:
        self.jwk = self.keys.create("seat")

    def sit(self) -> "Browser":
        """Ask for a seat and keep it."""
        admitted = services.request_seat(jwk=self.jwk, purpose=self.purpose, address=self.address, at=clock.now())
        self.seat, self.seat_id = admitted.jws, str(admitted.seat_id)
        return self

    def token_request(self, want: int, *, unspent: Sequence[str] = (), held: Sequence[str] | None = None) -> str:
        """A signed request for tokens; each is another one."""
        self.asked += 1
        held = [number_of(token) for token in self.tokens] if held is None else list(held)
        claims = {"jti": str(self.asked), "seat": self.seat_id, "want": want, "held": held, "unspent": list(unspent)}
        return self.sign("tokens+jws", claims)

    def fetch_tokens(self, want: int = 1, *, unspent: Sequence[str] = (), held: Sequence[str] | None = None) -> Any:
        """Tokens from the kiosk; answers what it said and keeps them."""
        now = clock.now()
        request = self.token_request(want, unspent=unspent, held=held)
        asked = services.open_request(delegation=self.seat, request=request, at=now)
        minted = services.renew_tokens(asked, at=now)
        self.tokens += minted.tokens
        return minted

    def sign(self, typ: str, claims: dict[str, Any], **headers: Any) -> str:
        """Claims under this browser's key."""
        return sign_jws(keystore=self.keys, key="seat", typ=typ, claims=claims, headers=headers or None)

    def order(self, *lines: tuple[int, int], token: str = "", **claims: Any) -> str:
        """An order for (product, quantity) lines at the prices of the first book, on the first token held."""
        token = token or self.tokens[0]
        priced = [[product_id, qty, PRICES.get(product_id, 0)] for product_id, qty in lines or ((APPLE, 2),)]
        body = {
            "rn": number_of(token),
            "token": token,
            "book": 1,
            "lines": priced,
            "total": sum(qty * unit for _, qty, unit in priced),
            "tender": "cash",
            "at": clock.timestamp(),
            "lang": "en",
        }
        return self.sign("order+jws", body | claims, jwk=self.jwk, kid=thumbprint(self.jwk))


def number_of(token: str) -> str:
    """The receipt number inside a token or an order."""
    return str(peek_jws(token)[1]["rn"])


def place(envelope: str, *, slip_shown: bool = False) -> services.Placed:
    """Place an order now."""
    return services.place(envelope=envelope, slip_shown=slip_shown, at=clock.now())


@dataclass
class HeldClock:
    """Time that moves when told."""

    at: datetime = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)

    def timestamp(self) -> float:
        """Now, in seconds."""
        return self.at.timestamp()

    def move(self, **delta: float) -> datetime:
        """Later by `hours=1` and the like; answers the new time."""
        self.at += timedelta(**delta)
        return self.at


@contextmanager
def rolled_back() -> Iterator[None]:
    """Whatever happens inside has not happened."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
