"""Tokens: this kiosk's signed permission for one seat to place one order, each with its receipt number.

Minting reserves what a token may sell; a sale, a return or a reported non-use frees it. When the grant is used up, or
there is none, tokens still come, with a limit of nothing: they sell against cleared tenders while the kiosk answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from edgeshop.checkout.enums import NumberState, Purpose
from edgeshop.checkout.models import Number, Seat
from edgeshop.checkout.services.numbers import OPEN, draw, end_numbers, lock_allocator
from edgeshop.checkout.services.room import Room, room
from edgeshop.checkout.services.seat_requests import TokenRequest
from edgeshop.checkout.services.seats import tokens_max
from edgeshop.fleet.models import Kiosk
from edgeshop.fleet.queries import this_kiosk
from edgeshop.fleet.services import hot_key
from edgeshop.journal.services import append
from edgeshop.kernel.ids import ReceiptNumber
from edgeshop.vault.services import HotKey

TYP = "token+jwt"
MINTED = "checkout.numbers_minted.v1"
# A screen whose answer got lost, or that has sold while cut off, may ask again before its numbers are accounted for.
_OUTSTANDING_FACTOR = 3
_RENEWED_BEFORE = timedelta(hours=1)  # a token this close to its end would not see an outage through
_EMPTY_MAX = 2  # tokens without a limit that a seat may have out: one to pay with and one to retry with


@dataclass(frozen=True, slots=True)
class Minted:
    """Fresh tokens, and the numbers that the seat need not remember any more."""

    tokens: list[str]
    released: list[str]


def renew_tokens(asked: TokenRequest, *, at: datetime) -> Minted:
    """Take back what the seat reports unspent, and give it new tokens up to its ceiling.

    The same signed request answers with the same numbers, as far as they are open. Raises: EpochStale; nothing is
    drawn then. Effect: numbers, and facts that tell the cloud of them.
    """
    at = at.replace(microsecond=0)
    released = _release(asked, at)
    with transaction.atomic():
        before = _minted_before(asked)
        numbers = _mint(asked, at) if before is None else before
    hot = hot_key()
    return Minted([_token(number, asked.seat, at, hot) for number in numbers], released)


def _release(asked: TokenRequest, at: datetime) -> list[str]:
    """End what the seat says it never spent: expired after its time, returned before. Sold ones stay sold."""
    if not asked.unspent:
        return []
    own = Number.objects.filter(pk__in=asked.unspent, seat_id=asked.seat.pk)
    late = list(own.filter(expires_at__lte=at).values_list("pk", flat=True))
    early = list(own.filter(expires_at__gt=at).values_list("pk", flat=True))
    end_numbers(numbers=late, state=NumberState.EXPIRED, reason="reported_unspent", at=at)
    end_numbers(numbers=early, state=NumberState.RETURNED, reason="returned_by_seat", at=at)
    over = own.filter(state__in=(NumberState.EXPIRED, NumberState.RETURNED, NumberState.VOID))
    return list(over.order_by("epoch", "seq").values_list("pk", flat=True))


def _minted_before(asked: TokenRequest) -> list[Number] | None:
    same = list(Number.objects.filter(seat_id=asked.seat.pk, request_sha256=asked.sha256).order_by("epoch", "seq"))
    return [number for number in same if number.state in OPEN] if same else None


def _mint(asked: TokenRequest, at: datetime) -> list[Number]:
    kiosk = this_kiosk()
    allocator = lock_allocator(kiosk=kiosk)
    out = list(Number.objects.filter(seat_id=asked.seat.pk, state=NumberState.OUTSTANDING, expires_at__gt=at))
    left = room(kiosk=kiosk, allocator=allocator)
    empty = max(0, _EMPTY_MAX - sum(not number.max_minor for number in out))
    limits = _limits(left, _allowed(asked, out, at), empty)
    if not limits:
        return []
    drawn = draw(kiosk=kiosk, allocator=allocator, count=len(limits))
    numbers = [_row(number, limit, asked, left, at) for number, limit in zip(drawn, limits, strict=True)]
    Number.objects.bulk_create(numbers)
    _tell(kiosk, asked.seat, numbers, at)
    return numbers


def _allowed(asked: TokenRequest, out: Sequence[Number], at: datetime) -> int:
    """How many more tokens the seat may have: by what it holds for a while yet, and by what is out in its name.

    A phone's ceiling counts all that is out; it may lie about what it holds.
    """
    ceiling = tokens_max(asked.seat.purpose)
    lasting = {number.pk for number in out if number.expires_at is None or number.expires_at > at + _RENEWED_BEFORE}
    held = len(lasting & set(asked.held))
    by_seat = ceiling if asked.seat.purpose == Purpose.PHONE else ceiling * _OUTSTANDING_FACTOR
    return max(0, min(asked.want, ceiling - held, by_seat - len(out)))


def _limits(left: Room, count: int, empty: int) -> list[int]:
    """What each of up to `count` tokens may sell: the grant's maximum per order while there is room, then the rest.

    After those come at most `empty` tokens for cleared money only, so that they never crowd out those to come.
    """
    limits: list[int] = []
    while len(limits) < min(count, left.count) and sum(limits) < left.sum_minor:
        limits.append(min(left.order_max_minor, left.sum_minor - sum(limits)))
    return limits + [0] * min(empty, count - len(limits))


def _row(number: ReceiptNumber, limit: int, asked: TokenRequest, left: Room, at: datetime) -> Number:
    expires_at = at + timedelta(seconds=settings.EDGESHOP.checkout.token_life_s)
    if left.grant is not None and limit:
        expires_at = min(expires_at, left.grant.hard_at)
    return Number(
        number=str(number),
        kiosk_id=number.kiosk,
        epoch=number.epoch,
        seq=number.seq,
        seat_id=asked.seat.pk,
        purpose=asked.seat.purpose,
        grant_id=left.grant.pk if left.grant and limit else None,
        max_minor=limit,
        book_min=left.grant.book_min if left.grant else 1,
        minted_at=at,
        expires_at=expires_at,
        request_sha256=asked.sha256,
    )


def _tell(kiosk: Kiosk, seat: Seat, numbers: list[Number], at: datetime) -> None:
    body = {
        "shop": kiosk.shop_id,
        "epoch": kiosk.epoch,
        "seat": str(seat.pk),
        "purpose": seat.purpose,
        "grant": next((str(n.grant_id) for n in numbers if n.grant_id), None),
        "at": int(at.timestamp()),
        "numbers": [[n.seq, n.max_minor, int(n.expires_at.timestamp())] for n in numbers if n.expires_at],
    }
    append(MINTED, body)


def _token(number: Number, seat: Seat, at: datetime, hot: HotKey) -> str:
    """The token of a number, by this process's hot key; its certificate travels inside.

    `iat` is when it is signed: that is the instant at which the certificate must be good.
    """
    claims = {
        "jti": str(ReceiptNumber.parse(number.pk).token_id),
        "rn": number.pk,
        "aud": number.kiosk_id,
        "sub": str(seat.pk),
        "purpose": seat.purpose,
        "max": number.max_minor,
        "book": number.book_min,
        "iat": int(at.timestamp()),
        "exp": int(number.expires_at.timestamp()) if number.expires_at else 0,
        "cnf": {"jkt": seat.jkt},
        "gid": str(number.grant_id) if number.grant_id else "",
    }
    return hot.sign_jws(TYP, claims, {"cert": hot.certificate})
