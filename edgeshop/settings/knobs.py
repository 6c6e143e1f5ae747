"""Our own settings: one frozen dataclass, `settings.EDGESHOP`. Each knob is described in docs/configuration.md."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Vault:
    """Where this node's keys live, and what opens them. `tpm` is the TCTI of the chip that counts its lives."""

    backend: str
    path: Path
    credential: str = field(repr=False)
    module: str = ""
    token: str = ""
    pin: str = field(default="", repr=False)
    keeps_session: bool = True
    falls_back: bool = False
    tpm: str = ""


@dataclass(frozen=True)
class Issuers:
    """How the keys that the cloud signs grants with follow each other. Units: seconds."""

    publish_s: int = 24 * 3600
    spend_s: int = 72 * 3600  # no grant lives longer
    settle_s: int = 30 * 24 * 3600
    age_max_s: int = 90 * 24 * 3600


@dataclass(frozen=True)
class Limits:
    """What one kiosk, or one browser, may take uncleared. Units: major units of the shop's currency; seconds."""

    window: int
    order_max: int
    orders_max: int
    soft_s: int
    hard_s: int
    lower_pct: int = 60


REAL = {
    3: Limits(2000, 150, 200, 24 * 3600, 72 * 3600),
    2: Limits(1000, 150, 200, 24 * 3600, 72 * 3600),
    1: Limits(200, 50, 50, 8 * 3600, 24 * 3600),
    0: Limits(50, 50, 10, 4 * 3600, 12 * 3600),
}
TEST = dict.fromkeys(range(4), Limits(5_000_000, 5_000, 100_000, 24 * 3600, 72 * 3600))
POLICIES = {"real": REAL, "test": TEST}
FLEET_WINDOW_MAX = {"real": 25_000, "test": 10**12}  # all open windows of a currency together


@dataclass(frozen=True)
class Checkout:
    """Who may sell how much without asking."""

    policy: str
    limits: dict[int, Limits]
    admit: str
    card_lease: str = ""
    token_life_s: int = 12 * 3600
    seat_life_s: int = 12 * 3600
    screen_tokens_max: int = 10
    phone_tokens_max: int = 2
    phones_per_address_max: int = 4
    phones_per_kiosk_max: int = 200
    drift_hours_max: int = 72
    drift_pct_max: int = 10
    fleet_window_max: int = 25_000
    invoice_alone_max: int = 50


TARIFFS = ("unmetered", "metered", "roaming")


@dataclass(frozen=True)
class Sync:
    """How a kiosk talks to its cloud. `tariff`: `unmetered`, `metered` or `roaming`; `price_gb`: "4.09 EUR", or ""."""

    cloud_url: str
    tick_s: int
    tariff: str = "metered"
    price_gb: str = ""
    idle_contact_s: int = 30
    connect_timeout_s: float = 3.0
    read_timeout_s: float = 20.0
    batch_facts_max: int = 128
    page_rows_max: int = 2000
    contacts_per_run_max: int = 200


@dataclass(frozen=True)
class Push:
    """How notices reach people."""

    contact: str
    timeout_s: float = 5.0
    attempts_max: int = 12
    allows_loopback: bool = False
    sends_mail: bool = False
    mail_from: str = ""
    takes_phones: bool = False
    keep_days: int = 30
    contacts_per_order_max: int = 3


@dataclass(frozen=True)
class Access:
    """How staff come in. `second_factor`: `required` or `off`, in the cloud; a kiosk takes a password or a PIN."""

    second_factor: str = "required"


@dataclass(frozen=True)
class EdgeShop:
    """All of it. `is_ledger`: this node owns the truth (cloud). `has_broker`: jobs can be handed to workers."""

    state_dir: Path
    is_ledger: bool
    has_broker: bool
    vault: Vault
    checkout: Checkout
    sync: Sync
    push: Push
    issuers: Issuers = Issuers()
    access: Access = field(default_factory=Access)
