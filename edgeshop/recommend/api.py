"""What goes with a basket, over HTTP."""

from dataclasses import asdict

from django.http import HttpRequest
from ninja import Router

from edgeshop.recommend.schemas import RecommendIn, RecommendOut
from edgeshop.recommend.services import recommend

router = Router(tags=["recommend"])


@router.post("/recommendations", response=RecommendOut, operation_id="recommend")
def recommendations(request: HttpRequest, body: RecommendIn) -> RecommendOut:
    """The products that go best with a basket."""
    return RecommendOut(**asdict(recommend(body.basket, body.k)))
