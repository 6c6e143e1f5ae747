"""What the door says on the wire. Amounts are in minor units of the shop's currency."""

from typing import Literal

from ninja import Schema


class CategoryOut(Schema):
    """A shelf and its names by language."""

    id: int
    slug: str
    names: dict[str, str]


class ShopOut(Schema):
    """The shop as the PWA needs to know it."""

    id: int
    name: str
    kiosk_id: int
    currency: str
    exponent: int
    inclusive: bool
    timezone: str
    languages: list[str]
    default_language: str
    book: int
    catalogue_version: int
    categories: list[CategoryOut]
    tenders: list[str]
    vapid_public_key: str


class ProductCard(Schema):
    """A product on a shelf. `image` is an address on this origin."""

    id: int
    category: int
    name: str
    price_minor: int
    tax_class: str
    image: str | None
    colour: str
    policy: str
    availability: str
    barcode: str | None


class ProductOut(ProductCard):
    """A product on its own page."""

    description: str
    goes_with: list[int]
    similar: list[int]


class ShelfOut(Schema):
    """One page of a shelf, all of one price book."""

    items: list[ProductCard]
    page: int
    pages: int
    book: int


class SearchOut(Schema):
    """Matches best first; `corrected` says which word was read differently."""

    items: list[ProductCard]
    corrected: str | None


class SeedItem(Schema):
    """One immutable file to fetch, named by the SHA-256 of its bytes."""

    url: str
    sha256: str
    size_bytes: int
    kind: Literal["core", "table", "pictures", "texts"]
    count: int


class SeedStage(Schema):
    """A step of getting ready; each is worth having without the next."""

    name: Literal["core", "vectors", "tokens", "pictures", "rest"]
    items: list[SeedItem]


class SeedsOut(Schema):
    """The hydration manifest."""

    version: str
    stages: list[SeedStage]


class CloudLink(Schema):
    """Whether this kiosk has its cloud. `is_stalled`: nothing has moved for three of the gaps that are promised."""

    state: Literal["connected", "alone"]
    last_contact_age_s: float | None
    grade: str
    is_stalled: bool


class UnsentOut(Schema):
    """What the cloud has not acknowledged."""

    count: int
    oldest_age_s: float | None


class KeysOut(Schema):
    """What should hold the keys, the level they are worth now, and what is wrong, in words; empty when well."""

    expected: str
    level: int
    problem: str


class LeaseOut(Schema):
    """How a secret on loan stands: until when it is fresh, and until when it serves at all, in unix seconds."""

    name: str
    state: Literal["fresh", "stale", "expired", "revoked"]
    soft: int
    hard: int


class ArtefactsOut(Schema):
    """How sure this kiosk is that its signed artefacts are the newest; it runs on those it verified in any state."""

    state: Literal["none", "current", "expired", "refused"]
    checked_age_s: float | None


class GrantOut(Schema):
    """How far this kiosk has used its grant. Units: minor units; unix seconds."""

    level: int
    state: Literal["ok", "low", "used_up", "expired"]
    window_minor: int
    used_minor: int
    soft_at: float | None
    hard_at: float | None


class FirstSyncOut(Schema):
    """How far a new kiosk is with the files it begins with, and whether it sells already. Units: bytes."""

    have: int
    of: int
    to_come: list[str]
    sellable: bool


class DivergedOut(Schema):
    """A stream that is not as the cloud's: since when (unix seconds), and whether repairs wait for a person."""

    stream: str
    since: float
    is_resting: bool


class HealthOut(Schema):
    """How this kiosk is, and what it can do just now."""

    status: Literal["ok"]
    role: Literal["kiosk"]
    kiosk_id: int
    shop_id: int
    version: str
    cloud: CloudLink
    unsent: UnsentOut
    screens_unsent: int
    book: int
    epoch: int
    epoch_is_stale: bool
    is_revoked: bool
    keys: KeysOut
    leases: list[LeaseOut]
    artefacts: ArtefactsOut
    grant: GrantOut
    first_sync: FirstSyncOut | None
    diverged: list[DivergedOut]
    mails_receipts: bool
    now: float
