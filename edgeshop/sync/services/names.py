"""What the columns of a contact are called, by number. Both sides hold these lists, so they only ever grow at their
ends; a name that is not here is spelt out, so that what a newer release says survives.
"""

FACTS = (
    "~checkout.order_completed.v1", "checkout.order_completed.v1", "~checkout.numbers_minted.v1",
    "checkout.numbers_minted.v1", "checkout.number_ended.v1", "checkout.order_moved.v1", "checkout.order_replayed.v1",
    "checkout.review_proposed.v1", "catalog.stock_returned.v1",
    "seq", "book", "tender", "lines", "product", "qty", "at", "after", "seat", "phone", "slip", "language", "other",
    "less", "number", "numbers", "payment", "handover", "by", "state", "reason", "epoch", "max", "life", "grant",
    "count", "each", "lasts",
)  # fmt: skip
STREAMS = ("staff", "config", "catalogue", "prices", "stock", "models", "orders", "vectors")
OWN_STREAMS = {"stock", "orders"}  # one of each per kiosk
ROWS = (
    "@", "#", "category_id", "sku", "barcode", "tax_class", "stock_policy", "image_sha256", "image_version", "texts",
    "colour", "is_active", "changed_at", "slug", "position", "names", "shop", "published", "valid", "rates", "note",
    "entries", "product", "unit", "granted", "state", "why", "delivery", "payment", "handover", "acknowledged",
    "settled", "reviews", "order", "en", "de", "ar", "name", "description", "keywords", "skipped",
)  # fmt: skip
EGRESS = (
    "contact", "facts", "upkeep", "artefacts", "pictures", "staff", "config", "catalogue", "prices", "stock", "models",
    "orders", "vectors",
)  # fmt: skip
