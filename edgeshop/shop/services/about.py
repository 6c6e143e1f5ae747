"""The shop and this kiosk, in the words of the API."""

from django.conf import settings
from django.core.cache import cache

from edgeshop import __version__
from edgeshop.catalog.queries import Card, catalogue_version, categories, current_book
from edgeshop.checkout.services import tender_codes
from edgeshop.fleet.queries import this_kiosk
from edgeshop.journal.services import unsent
from edgeshop.kernel import clock
from edgeshop.shop.schemas import CategoryOut, CloudLink, HealthOut, ProductCard, ShopOut, UnsentOut
from edgeshop.sync.services.state import last_contact
from edgeshop.vault.services import load_vapid

_SCREEN_WORD_LASTS_S = 15  # three heartbeats; a screen that has gone silent no longer counts
_SCREENS_MAX = 50
_SCREEN_UNSENT_MAX = 10_000


def shop_out() -> ShopOut:
    """The shop. Raises: NotEnrolled, NoPriceBook."""
    kiosk = this_kiosk()
    shop = kiosk.shop
    return ShopOut(
        id=shop.pk,
        name=shop.name,
        kiosk_id=kiosk.pk,
        currency=shop.currency,
        exponent=shop.exponent,
        inclusive=shop.inclusive,
        timezone=shop.timezone,
        languages=shop.languages,
        default_language=shop.default_language,
        book=current_book(shop.pk),
        catalogue_version=catalogue_version(),
        categories=[CategoryOut(id=c.category_id, slug=c.slug, names=c.names) for c in categories()],
        tenders=tender_codes(),
        vapid_public_key=load_vapid().public_key,
    )


def card_out(card: Card) -> ProductCard:
    """A card of the catalogue in the words of the API."""
    return ProductCard(
        id=card.product_id,
        category=card.category_id,
        name=card.name,
        price_minor=card.price_minor,
        tax_class=card.tax_class,
        image=f"/media/{card.image_sha256}" if card.image_sha256 else None,
        colour=card.colour,
        policy=card.policy,
        availability=card.availability,
        barcode=card.barcode or None,
    )


def health_out() -> HealthOut:
    """How this kiosk is, from what it can see itself. Raises: NotEnrolled, NoPriceBook."""
    kiosk, waiting, now = this_kiosk(), unsent(), clock.timestamp()
    at = last_contact()
    age = None if at is None else max(0.0, now - at)
    patience = settings.EDGESHOP.sync.idle_contact_s + 10
    return HealthOut(
        status="ok",
        role="kiosk",
        kiosk_id=kiosk.pk,
        shop_id=kiosk.shop_id,
        version=__version__,
        cloud=CloudLink(state="connected" if age is not None and age < patience else "alone", last_contact_age_s=age),
        unsent=UnsentOut(
            count=waiting.count,
            oldest_age_s=None if waiting.oldest_at is None else max(0.0, now - waiting.oldest_at.timestamp()),
        ),
        screens_unsent=screens_unsent(),
        book=current_book(kiosk.shop_id),
        epoch=kiosk.epoch,
        epoch_is_stale=kiosk.is_epoch_stale,
        is_revoked=kiosk.revoked_at is not None,
        now=now,
    )


def note_screen(screen: str, unsent_orders: int) -> None:
    """Remember what one screen says it still holds; heartbeats carry it. Nobody acts on it but people who look."""
    said = dict(cache.get("screens", {}))
    said[screen[:40]] = (clock.timestamp(), min(max(0, unsent_orders), _SCREEN_UNSENT_MAX))
    cache.set("screens", dict(sorted(said.items(), key=lambda item: item[1][0])[-_SCREENS_MAX:]), None)


def screens_unsent() -> int:
    """Orders that screens heard of lately hold and this kiosk does not have yet."""
    since = clock.timestamp() - _SCREEN_WORD_LASTS_S
    return sum(count for at, count in cache.get("screens", {}).values() if at > since)
