"""The shopper-facing endpoints that compose several rooms: shop, shelf, product, search, seeds, health."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router

from edgeshop.catalog.queries import card, current_book, prices, shelf_page
from edgeshop.checkout.schemas import ErrorOut
from edgeshop.fleet.models import Shop
from edgeshop.fleet.queries import this_shop
from edgeshop.recommend.services import recommend, similar
from edgeshop.shop.schemas import HealthOut, ProductOut, SearchOut, SeedsOut, ShelfOut, ShopOut
from edgeshop.shop.services.about import card_out, shop_out
from edgeshop.shop.services.health import health_out, note_screen
from edgeshop.shop.services.ranges import ranged
from edgeshop.shop.services.search import search
from edgeshop.shop.services.seed_files import seed_file
from edgeshop.shop.services.seeds import manifest

router = Router(tags=["shop"])
_PAGE = 24
_RELATED = 6
_DEFAULT_QUOTA = 200 * 2**20  # when a browser does not say: what the smallest of them grants
_REFUSED = dict.fromkeys((409, 422), ErrorOut)  # not enrolled or nothing priced yet; odd parameters

ProductId = Annotated[int, Path(ge=1, le=2**31 - 1)]  # as wide as the catalogue's ids
CategoryId = Annotated[int | None, Query(ge=1, le=2**31 - 1)]
PageNumber = Annotated[int, Query(ge=1, le=10_000)]
Language = Annotated[str, Query(max_length=35)]  # RFC 5646 asks nobody to read longer ones
Words = Annotated[str, Query(max_length=100)]
Quota = Annotated[int, Query(ge=0, le=2**53)]  # as far as JavaScript counts


@router.get("/health", response={200: HealthOut, **_REFUSED}, operation_id="health")
def health(request: HttpRequest, screen: str = "", unsent: int = 0) -> HealthOut:
    """How this kiosk is. Screens say with it how many orders they still hold."""
    if screen:
        note_screen(screen, unsent)
    return health_out()


@router.get("/shop", response={200: ShopOut, **_REFUSED}, operation_id="shop")
def shop(request: HttpRequest) -> ShopOut:
    """The shop this kiosk stands in."""
    return shop_out()


@router.get("/shelf", response={200: ShelfOut, **_REFUSED}, operation_id="shelf")
def shelf(request: HttpRequest, category: CategoryId = None, page: PageNumber = 1, lang: Language = "en") -> ShelfOut:
    """One page of a category, or of everything; a page past the end is the last."""
    here = this_shop()
    found = shelf_page(current_book(here.pk), category_id=category, page=page, size=_PAGE, lang=_spoken(here, lang))
    items = [card_out(c) for c in found.items]
    return ShelfOut(items=items, page=found.page, pages=found.pages, book=found.book)


@router.get("/products/{product_id}", response={200: ProductOut, 404: ErrorOut, **_REFUSED}, operation_id="product")
def product(request: HttpRequest, product_id: ProductId, lang: Language = "en") -> ProductOut:
    """One product with what goes well with it."""
    here = this_shop()
    book = current_book(here.pk)
    found = card(book, product_id, lang=_spoken(here, lang))
    goes_with, alike = recommend([product_id], 2 * _RELATED).items, similar(product_id, 2 * _RELATED)
    sold = prices(book, {*goes_with, *alike})
    return ProductOut(
        **card_out(found).model_dump(),
        description=found.description,
        goes_with=[other for other in goes_with if other in sold][:_RELATED],
        similar=[other for other in alike if other in sold][:_RELATED],
    )


@router.get("/search", response={200: SearchOut, **_REFUSED}, operation_id="search")
def search_products(request: HttpRequest, q: Words, lang: Language = "en", page: PageNumber = 1) -> SearchOut:
    """Products by name or barcode, spelling forgiven; a page past the end is empty."""
    here = this_shop()
    found = search(shop_id=here.pk, query=q, lang=_spoken(here, lang), page=page, size=_PAGE)
    return SearchOut(items=[card_out(c) for c in found.items], corrected=found.corrected)


@router.get("/seeds", response={200: SeedsOut, **_REFUSED}, operation_id="seeds")
def seeds(request: HttpRequest, quota_bytes: Quota = _DEFAULT_QUOTA) -> SeedsOut:
    """What a browser should fetch to be able to sell alone, best first."""
    return manifest(quota_bytes)


@router.get("/seeds/{sha256}", operation_id="seed", include_in_schema=False)
def seed(request: HttpRequest, sha256: str) -> HttpResponse:
    """One seed file; resumable by Range, immutable."""
    return ranged(request, seed_file(sha256))


def _spoken(here: Shop, lang: str) -> str:
    """The language asked for if the shop speaks it, else its own."""
    return lang if lang in here.languages else here.default_language
