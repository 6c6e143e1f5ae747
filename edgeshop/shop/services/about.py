"""The shop and its goods, in the words of the API."""

from edgeshop.catalog.queries import Card, catalogue_version, categories, current_book
from edgeshop.checkout.services import tender_codes
from edgeshop.fleet.queries import this_kiosk
from edgeshop.push.services import current_sender
from edgeshop.shop.schemas import (
    CategoryOut,
    ProductCard,
    ShopOut,
)


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
        vapid_public_key=current_sender().public_key,
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
