"""The cloud's door for kiosks."""

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from edgeshop.checkout.models import Order, Review
from edgeshop.fleet.models import Kiosk
from edgeshop.fleet.services import ACK_HEADER, BEGUN_HEADER, rest_of
from edgeshop.fleet.services.verify import Heard
from edgeshop.sync.services import reply
from edgeshop.sync.services.wire import from_address

router = Router()


@router.api_operation(["GET", "POST"], "", operation_id="contact", include_in_schema=False)
def contact(request: HttpRequest) -> HttpResponse:
    """One exchange with a kiosk: what it has, what it lacks. 204 when there is nothing to say."""
    heard: Heard = request.heard  # type: ignore[attr-defined]  # -- by the fleet's middleware; nobody else gets here
    said = reply(heard, from_address(request.META["QUERY_STRING"], request.body))
    begun = request.headers.get(BEGUN_HEADER, "")
    rest = rest_of(said.body, begun)
    answer = HttpResponse(said.body if rest is None else rest, status=200 if said.body else 204)
    if rest is not None:
        answer[BEGUN_HEADER] = begun
    if said.ack:
        answer[ACK_HEADER] = said.ack
    return answer


class KioskStatus(Schema):
    """How one kiosk is, as the cloud knows it."""

    id: int
    name: str
    epoch: int
    unsent: int
    last_contact_at: float | None


class StatusOut(Schema):
    """The cloud at a glance."""

    kiosks: list[KioskStatus]
    orders: dict[str, int]


@router.get("/status", response=StatusOut, operation_id="cloud_status")
def status(request: HttpRequest) -> StatusOut:
    """Counts only: kiosks with their last contact, orders settled and waiting for a person."""
    kiosks = [
        KioskStatus(
            id=k.pk,
            name=k.name,
            epoch=k.epoch,
            unsent=k.unsent_count,
            last_contact_at=k.last_contact_at.timestamp() if k.last_contact_at else None,
        )
        for k in Kiosk.objects.order_by("pk")
    ]
    counted = Order.objects.aggregate(total=Count("pk"), settled=Count("pk", filter=Q(delivery="settled")))
    waiting = Review.objects.filter(decided_at__isnull=True).values("order").distinct().count()
    return StatusOut(kiosks=kiosks, orders={**counted, "review": waiting})
