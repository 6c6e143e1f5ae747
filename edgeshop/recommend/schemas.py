"""The wire of recommendations."""

from typing import Annotated, Literal

from ninja import Field, Schema

ProductId = Annotated[int, Field(ge=1, le=2**31 - 1)]  # as wide as a table's product ids


class RecommendIn(Schema):
    """What is in the basket, newest last, and how many products are wanted."""

    basket: list[ProductId] = Field(max_length=500)
    k: int = Field(default=10, ge=1, le=50)


class RecommendOut(Schema):
    """Products best first. `confidence` 0..1; `model_version` and `features_age_s` are null before the first table."""

    items: list[int]
    confidence: float
    source: Literal["kiosk-model", "bestsellers"]
    model_version: int | None
    features_age_s: int | None
