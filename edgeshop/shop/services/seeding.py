"""Filling a cloud: the built-in shop, or real transactions; kiosks to enrol, staff, prices, stock, a first model.

Everything is safe to repeat: what is so already is left alone.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings

from edgeshop.catalog import media
from edgeshop.catalog.errors import NoPriceBook
from edgeshop.catalog.models import BasketHistory, Product
from edgeshop.catalog.queries import current_book
from edgeshop.catalog.services import (
    PastBasket,
    ProductData,
    draft_book,
    open_stock,
    publish,
    save_baskets,
    save_categories,
    save_products,
    set_pictures,
    set_prices,
)
from edgeshop.catalog.services.goods import CategoryData
from edgeshop.fleet.models import Kiosk, Shop, Staff
from edgeshop.fleet.services import new_code, ready_keys
from edgeshop.fleet.services.staff import save_kiosk, save_shop, save_staff
from edgeshop.recommend.services import current_table, train_and_install
from edgeshop.shop.demoshop.baskets import demo_baskets
from edgeshop.shop.demoshop.catalogue import demo_categories, demo_products
from edgeshop.shop.demoshop.pictures import draw
from edgeshop.shop.services.likeness import likeness

Say = Callable[[str], None]
RATES = {"standard": 1900, "reduced": 700}
DEMO_PASSWORD = "candle-and-card"  # noqa: S105 -- the demo's staff, printed on the screen; a real shop has its own
PEOPLE = {"olga": Staff.Role.OPERATOR, "mia": Staff.Role.MANAGER, "ben": Staff.Role.ATTENDANT}


@dataclass(frozen=True, slots=True)
class Seeded:
    """The shop, and for each kiosk that is not enrolled yet its one-time code."""

    shop_id: int
    codes: dict[int, str]


def seed_shop(*, name: str, kiosks: int) -> Seeded:
    """A shop with its people and kiosks; codes for those kiosks that have no box yet."""
    ready_keys(is_ledger=settings.EDGESHOP.is_ledger)
    shop = Shop.objects.filter(name=name).first()
    if shop is None:
        shop = Shop(
            name=name, currency="EUR", exponent=2, inclusive=True, timezone="Europe/Berlin",
            languages=["en", "de", "ar"], default_language="en",
        )  # fmt: skip
        save_shop(shop)
    _people(shop)
    for number in range(Kiosk.objects.filter(shop=shop).count(), kiosks):
        save_kiosk(Kiosk(shop=shop, name=f"{name}, screen {number + 1}"))
    fresh = Kiosk.objects.filter(shop=shop, enrolled_at=None).order_by("pk")
    return Seeded(shop.pk, {kiosk.pk: new_code(kiosk) for kiosk in fresh})


def _people(shop: Shop) -> None:
    for username, role in PEOPLE.items():
        if not Staff.objects.filter(username=username).exists():
            person = Staff(
                username=username, role=role, shop=None, is_staff=True, is_superuser=role == Staff.Role.OPERATOR
            )
            person.set_password(DEMO_PASSWORD)
            save_staff(person)


def seed_demo_goods(*, shop_id: int, say: Say) -> None:
    """The built-in catalogue with its pictures, prices, stock and past baskets."""
    products = demo_products()
    slugs = {c.id: c.slug for c in demo_categories()}
    ids = save_categories([CategoryData(c.slug, i, c.names) for i, c in enumerate(demo_categories(), start=1)])
    by_sku = save_products(
        ProductData(
            sku=p.sku, category_id=ids[slugs[p.category_id]], texts=p.texts, barcode=p.barcode,
            tax_class=p.tax_class, stock_policy=p.stock_policy, colour=p.colour,
        )
        for p in products
    )  # fmt: skip
    say(f"{len(products)} products; drawing their pictures")
    set_pictures({by_sku[p.sku]: media.store(draw(p.picture).encode()) for p in products})
    _publish_first(shop_id, {by_sku[p.sku]: p.unit_minor for p in products})
    open_stock(shop_id=shop_id, units={by_sku[p.sku]: p.stock for p in products if p.stock})
    if not BasketHistory.objects.exists():
        here = {p.id: by_sku[p.sku] for p in products}
        baskets = demo_baskets()
        save_baskets(
            [PastBasket(f"demo-{i}", b.at, [here[product] for product, _ in b.lines]) for i, b in enumerate(baskets)]
        )
        say(f"{len(baskets)} baskets of the past")


def _publish_first(shop_id: int, prices: dict[int, int | None]) -> None:
    """The shop's first prices; a shop that has some keeps them."""
    try:
        current_book(shop_id)
    except NoPriceBook:
        draft = draft_book(shop_id=shop_id, rates=RATES, note="first prices")
        set_prices(draft_id=draft, prices=prices)
        publish(draft)


def baskets_of_the_past() -> int:
    """How much there is to learn from."""
    return BasketHistory.objects.count()


def seed_model(*, learned_from: int, say: Say) -> None:
    """Train a model, unless there is one already and no basket has come since `learned_from` of them were here."""
    table = current_table()
    if table is not None and learned_from == baskets_of_the_past():
        say(f"model {table.model_version} is there already")
        return
    say("learning from the baskets of the past")
    say(f"model {train_and_install()} is ready")


def draw_missing_pictures(*, say: Say) -> int:
    """Draw a picture for every product without one, from the words of its name; answers how many."""
    bare = list(Product.objects.filter(image_sha256=""))
    if bare:
        say(f"drawing {len(bare)} pictures")
        set_pictures({p.pk: media.store(draw(likeness(p.name(), p.pk)).encode()) for p in bare})
    return len(bare)
