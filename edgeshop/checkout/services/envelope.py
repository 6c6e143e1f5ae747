"""The signed order as a seat sends it: one JWS, signed once at *Pay*, the same bytes on every path."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from annotated_types import Len
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from edgeshop.checkout.enums import Purpose, TenderCode
from edgeshop.checkout.errors import EnvelopeInvalid, TokenInvalid
from edgeshop.checkout.services import tokens
from edgeshop.checkout.services.hot import read_hot
from edgeshop.checkout.services.sale import content_sha256
from edgeshop.fleet.models import Kiosk
from edgeshop.kernel.errors import EdgeShopError
from edgeshop.kernel.ids import ReceiptNumber
from edgeshop.vault.services import peek_jws, thumbprint, verify_jws

TYP = "order+jws"
LINES_MAX = 500  # a basket of more lines is a program, not a shopper
_UNITS_MAX = 100_000  # what the catalogue prices at most
_MINOR_MAX = 10**12  # far above any price, far below what JSON numbers hold exactly
_INSTANT_MAX = 2**33  # the year 2242; JavaScript clocks gone mad end here
_Minor = Annotated[int, Field(ge=0, le=_MINOR_MAX)]
_Line = Annotated[list[_Minor], Len(3, 3)]


class _Confirmation(BaseModel):
    jkt: str


class _TokenClaims(BaseModel):
    model_config = ConfigDict(strict=True)

    jti: str
    rn: str
    aud: int
    sub: str
    purpose: str
    max: _Minor
    book: int
    iat: int
    exp: int
    cnf: _Confirmation
    gid: str


class _OrderClaims(BaseModel):
    model_config = ConfigDict(strict=True)

    rn: str
    token: str
    book: Annotated[int, Field(ge=1, le=2**31)]
    lines: Annotated[list[_Line], Len(1, LINES_MAX)]
    total: _Minor
    tender: str
    at: Annotated[float, Field(ge=0, le=_INSTANT_MAX)]
    lang: Annotated[str, Len(0, 8)] = ""


@dataclass(frozen=True, slots=True)
class Token:
    """A token as we signed it. Units: `max_minor` in minor units."""

    number: ReceiptNumber
    seat_id: uuid.UUID
    purpose: Purpose
    jkt: str
    max_minor: int
    book_min: int
    issued_at: datetime
    expires_at: datetime
    grant_id: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class Envelope:
    """An order as its seat signed it; `sha256` is that of what it says.

    Shapes: lines [n] of (product, quantity, unit price). Units: minor units.
    """

    raw: str
    sha256: str
    token: Token
    book: int
    lines: tuple[tuple[int, int, int], ...]
    total_minor: int
    tender: TenderCode
    placed_at: datetime
    language: str

    @property
    def number(self) -> ReceiptNumber:
        """The receipt number, which the token and the order both name."""
        return self.token.number

    @property
    def basket(self) -> list[tuple[int, int]]:
        """The lines without their prices, as the catalogue asks for them."""
        return [(product_id, qty) for product_id, qty, _ in self.lines]


def open_envelope(raw: str, *, kiosk: Kiosk) -> Envelope:
    """The order inside, when its token is ours and its seat signed it. Nothing is looked up or written.

    Raises: EnvelopeInvalid, TokenInvalid.
    """
    try:
        header, unverified = peek_jws(raw)
        claims = _OrderClaims.model_validate(unverified)
        tender = TenderCode(claims.tender)
    except (EdgeShopError, ValueError) as wrong:
        raise EnvelopeInvalid("This does not read as an order.", problem=_problem(wrong)) from wrong
    token = open_token(claims.token, kiosk=kiosk)
    _demand_seat(raw, header.get("jwk"), token)
    if claims.rn != str(token.number):
        raise TokenInvalid("The order and its token name two receipt numbers.", number=claims.rn[:44])
    if any(qty < 1 or qty > _UNITS_MAX for _, qty, _ in claims.lines):
        raise EnvelopeInvalid("A line has between 1 and 100 000 units.", number=claims.rn)
    lines = tuple((product_id, qty, unit) for product_id, qty, unit in claims.lines)
    return Envelope(
        raw=raw,
        sha256=content_sha256(claims.rn, claims.book, lines, claims.total, tender, claims.lang),
        token=token,
        book=claims.book,
        lines=lines,
        total_minor=claims.total,
        tender=tender,
        placed_at=datetime.fromtimestamp(int(claims.at), UTC),
        language=claims.lang,
    )


def _demand_seat(raw: str, jwk: object, token: Token) -> None:
    """The key in the order's header is the one the token was made for, and it signed the order."""
    number = str(token.number)
    try:
        key = jwk if isinstance(jwk, dict) else {}
        is_ours = thumbprint(key) == token.jkt
        verify_jws(raw, jwk=key, typ=TYP)
    except EdgeShopError as wrong:
        raise EnvelopeInvalid("The seat did not sign this order.", number=number) from wrong
    if not is_ours:
        raise TokenInvalid("This token belongs to another seat.", number=number)


def open_token(raw: str, *, kiosk: Kiosk) -> Token:
    """A token of this kiosk, of its present or an older epoch. Raises: TokenInvalid."""
    try:
        claims = _TokenClaims.model_validate(read_hot(raw, typ=tokens.TYP, kiosk_id=kiosk.pk))
        number = ReceiptNumber.parse(claims.rn)
        token = Token(
            number=number,
            seat_id=uuid.UUID(claims.sub),
            purpose=Purpose(claims.purpose),
            jkt=claims.cnf.jkt,
            max_minor=claims.max,
            book_min=claims.book,
            issued_at=datetime.fromtimestamp(claims.iat, UTC),
            expires_at=datetime.fromtimestamp(claims.exp, UTC),
            grant_id=uuid.UUID(claims.gid) if claims.gid else None,
        )
    except (EdgeShopError, ValueError, OverflowError) as wrong:
        raise TokenInvalid("This token is not one of ours.", problem=_problem(wrong)) from wrong
    if (number.kiosk, claims.aud) != (kiosk.pk, kiosk.pk) or claims.jti != str(number.token_id):
        raise TokenInvalid("This token is for another kiosk.", number=claims.rn)
    return token


def _problem(wrong: Exception) -> str:
    """What to tell a developer: our code, or where the form is broken; never the content."""
    if isinstance(wrong, EdgeShopError):
        return wrong.code
    if isinstance(wrong, ValidationError):
        return ", ".join(".".join(map(str, error["loc"])) for error in wrong.errors())[:200]
    return type(wrong).__name__
