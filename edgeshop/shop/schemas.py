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
    """Whether this kiosk has its cloud."""

    state: Literal["connected", "alone"]
    last_contact_age_s: float | None


class UnsentOut(Schema):
    """What the cloud has not acknowledged."""

    count: int
    oldest_age_s: float | None


class HealthOut(Schema):
    """How this kiosk is."""

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
    now: float
