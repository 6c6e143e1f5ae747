"""What a seat asks for with its own signature."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from annotated_types import Len
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from edgeshop.checkout.errors import SeatInvalid
from edgeshop.checkout.models import Seat
from edgeshop.checkout.services import seats
from edgeshop.checkout.services.hot import read_hot
from edgeshop.fleet.queries import this_kiosk_id
from edgeshop.kernel.errors import EdgeShopError
from edgeshop.vault.services import signing_input_sha256, verify_jws

TYP = "tokens+jws"
_Numbers = Annotated[list[Annotated[str, Len(1, 44)]], Len(0, 200)]


class _Confirmation(BaseModel):
    jkt: str


class Delegation(BaseModel):
    """A kiosk's word on a seat, as it travels."""

    model_config = ConfigDict(strict=True)

    jti: str
    aud: int
    exp: int
    cnf: _Confirmation


class _Claims(BaseModel):
    model_config = ConfigDict(strict=True)

    jti: Annotated[str, Len(1, 64)]  # two requests of one second are still two
    seat: str
    want: Annotated[int, Field(ge=0, le=100)]
    held: _Numbers = []
    unspent: _Numbers = []


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """How many tokens a seat wants; which numbers it holds, and which it gives back because it never spent them."""

    seat: Seat
    want: int
    held: list[str]
    unspent: list[str]
    sha256: str


def open_request(*, delegation: str, request: str, at: datetime) -> TokenRequest:
    """Check a seat's delegation, and the seat's signature under a request. Raises: SeatInvalid."""
    try:
        seat = _seat_of(read_delegation(delegation, kiosk_id=this_kiosk_id()), at)
        asked = _Claims.model_validate(verify_jws(request, jwk=seat.jwk, typ=TYP))
    except SeatInvalid:
        raise
    except (EdgeShopError, ValidationError) as wrong:
        raise SeatInvalid("This request does not come from a seat of ours.") from wrong
    if asked.seat != str(seat.pk):
        raise SeatInvalid("This request is for another seat.")
    return TokenRequest(seat, asked.want, asked.held, asked.unspent, signing_input_sha256(request).hex())


def read_delegation(raw: str, *, kiosk_id: int) -> Delegation:
    """What this kiosk said of a seat when it gave it. Nothing is looked up. Raises: SeatInvalid, BadSignature."""
    try:
        delegation = Delegation.model_validate(read_hot(raw, typ=seats.TYP, kiosk_id=kiosk_id))
    except ValidationError as wrong:
        raise SeatInvalid("This does not read as a seat.") from wrong
    if delegation.aud != kiosk_id:
        raise SeatInvalid("This seat is another kiosk's.")
    return delegation


def _seat_of(delegation: Delegation, at: datetime) -> Seat:
    try:
        seat = Seat.objects.filter(pk=uuid.UUID(delegation.jti)).first()
    except ValueError:
        seat = None
    if seat is None or delegation.cnf.jkt != seat.jkt:
        raise SeatInvalid("This seat is not one of ours.")
    if datetime.fromtimestamp(delegation.exp, UTC) <= at:
        raise SeatInvalid("This seat is over; ask for it again.")
    return seat
