"""The checkout over HTTP: parse, call one service, shape the answer."""

from dataclasses import asdict

from django.http import HttpRequest
from ninja import Path, Router

from edgeshop.checkout import queries, services
from edgeshop.checkout.enums import Handover, Payment, TenderCode
from edgeshop.checkout.models import Order
from edgeshop.checkout.schemas import (
    ErrorOut,
    OrderIn,
    OrderOut,
    ReceiptLine,
    ReceiptOut,
    ReceiptShop,
    SeatIn,
    SeatOut,
    StandingOut,
    StatusIn,
    StatusOut,
    TaxLine,
    TokensIn,
    TokensOut,
)
from edgeshop.checkout.services.receipts import qr_svg, receipt_state
from edgeshop.vault.services import authority_now, shop_now

router = Router(tags=["checkout"])


def _errors(*statuses: int) -> dict[int, type[ErrorOut]]:
    return dict.fromkeys((*statuses, 422), ErrorOut)


@router.post("/seats", response={200: SeatOut, **_errors(403, 409, 429)}, operation_id="request_seat")
def request_seat(request: HttpRequest, body: SeatIn) -> SeatOut:
    """Ask for a seat, or renew it. A screen that staff have not admitted is refused until they have."""
    address = request.META.get("REMOTE_ADDR", "")
    seat = services.request_seat(jwk=body.jwk.model_dump(), purpose=body.purpose, address=address, at=authority_now())
    return SeatOut(seat=seat.jws, seat_id=seat.seat_id, expires_at=seat.expires_at, purpose=seat.purpose)


@router.post("/tokens", response={200: TokensOut, **_errors(403, 409)}, operation_id="renew_tokens")
def renew_tokens(request: HttpRequest, body: TokensIn) -> TokensOut:
    """Hand back what was never spent, and take new tokens."""
    now = authority_now()
    asked = services.open_request(delegation=body.seat, request=body.request, at=now)
    return TokensOut(**asdict(services.renew_tokens(asked, at=now)))


@router.post("/orders", response={200: OrderOut, **_errors(403, 409)}, operation_id="place_order")
def place_order(request: HttpRequest, body: OrderIn) -> OrderOut:
    """Place a signed order, once: the same bytes again get the same answer."""
    placed = services.place_counted(envelope=body.order, slip_shown=body.slip_shown, at=shop_now())
    return OrderOut(**asdict(placed))


@router.post("/orders/status", response={200: StatusOut, **_errors()}, operation_id="order_status")
def order_status(request: HttpRequest, body: StatusIn) -> StatusOut:
    """Where orders stand; says nothing about what is in them."""
    found = queries.standings(body.numbers, body.contents)
    return StatusOut(orders=[StandingOut(**asdict(standing)) for standing in found])


@router.get("/receipts/{key}", response={200: ReceiptOut, **_errors(404)}, operation_id="receipt")
def receipt(request: HttpRequest, key: Path[str]) -> ReceiptOut:
    """A receipt, for whoever holds the key in its QR code."""
    order = queries.receipt_order(key)
    return _receipt_out(order, request.build_absolute_uri(f"/r/{order.receipt_key}"))


def _receipt_out(order: Order, url: str) -> ReceiptOut:
    return ReceiptOut(
        number=order.number_id,
        order_id=order.pk,
        state=receipt_state(order),
        shop=_shop_out(order),
        lines=_lines_out(order),
        taxes=[TaxLine(rate_bp=int(rate), tax_minor=tax) for rate, tax in sorted(order.tax_by_rate.items(), key=_rate)],
        net_minor=order.net_minor,
        tax_minor=order.tax_minor,
        total_minor=order.total_minor,
        refunded_minor=sum(refund.amount_minor for refund in order.refunds.all()),
        currency=order.currency,
        tender=TenderCode(order.tender),
        payment=Payment(order.payment),
        handover=Handover(order.handover),
        language=order.language,
        placed_at=order.placed_at,
        business_day=order.business_day,
        receipt_key=order.receipt_key,
        url=url,
        qr=qr_svg(url),
    )


def _rate(row: tuple[str, int]) -> int:
    """Keys of JSON objects are texts; rates stand in order of size."""
    return int(row[0])


def _shop_out(order: Order) -> ReceiptShop:
    shop = order.kiosk.shop
    return ReceiptShop(
        id=shop.pk,
        name=shop.name,
        kiosk_id=order.kiosk_id,
        kiosk=order.kiosk.name,
        currency=shop.currency,
        exponent=shop.exponent,
        inclusive=shop.inclusive,
        timezone=shop.timezone,
    )


def _lines_out(order: Order) -> list[ReceiptLine]:
    return [
        ReceiptLine(
            product_id=line.product_id,
            name=line.name,
            qty=line.qty,
            unit_minor=line.unit_minor,
            discount_minor=line.discount_minor,
            total_minor=line.line_minor,
            rate_bp=line.rate_bp,
        )
        for line in order.lines.all()
    ]
