"""What recommendations are trained on."""

from edgeshop.catalog.models import BasketHistory, Product


def training_baskets() -> list[list[int]]:
    """Baskets of the past as product ids in line order, the oldest basket first."""
    return list(BasketHistory.objects.order_by("at", "id").values_list("product_ids", flat=True))


def product_texts(lang: str = "en") -> dict[int, str]:
    """Name and description of every active product in one text."""
    products = Product.objects.filter(is_active=True).only("id", "sku", "texts")
    return {p.pk: f"{p.name(lang)} {p.description(lang)}".strip() for p in products}
