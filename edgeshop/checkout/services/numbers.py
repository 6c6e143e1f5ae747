"""Receipt numbers: drawn without a gap per kiosk and epoch, whoever sells, and ended exactly once."""

import itertools
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Sum

from edgeshop.checkout.enums import NumberState
from edgeshop.checkout.errors import EpochStale
from edgeshop.checkout.models import Allocator, Number
from edgeshop.fleet.models import Kiosk
from edgeshop.journal.services import append
from edgeshop.kernel.ids import ReceiptNumber, receipt_key

OPEN = (NumberState.OUTSTANDING, NumberState.UNACCOUNTED)  # an order may still come in on these
ENDED = "checkout.number_ended.v1"
_KEY_BYTES, _SECRET_BYTES = 16, 32


def lock_allocator(*, kiosk: Kiosk) -> Allocator:
    """The allocator of the kiosk's present epoch, held until the transaction ends.

    Raises: EpochStale on a restored disk, which would draw numbers that are out in the world already.
    """
    if kiosk.is_epoch_stale:
        raise EpochStale("This disk is older than its journal. New receipt numbers come with the next contact.")
    found, _ = Allocator.objects.select_for_update().get_or_create(kiosk_id=kiosk.pk, epoch=kiosk.epoch)
    return found


def new_receipt_key(*, kiosk: Kiosk, number: str) -> str:
    """What opens the receipt of a number: made from the epoch's secret, which came with the grant, so that the cloud
    can make it again for a lost disk; a number of chance where that has not come yet.
    """
    secret = receipt_secret(kiosk_id=kiosk.pk, epoch=kiosk.epoch)
    return receipt_key(secret, number) if secret else secrets.token_urlsafe(_KEY_BYTES)


def receipt_secret(*, kiosk_id: int, epoch: int) -> bytes:
    """What an epoch's receipt keys come from. Shape: [32], or empty where it is not known."""
    found = Allocator.objects.filter(kiosk=kiosk_id, epoch=epoch).values_list("receipt_secret", flat=True).first()
    return bytes(found or b"")


def made_receipt_secret(kiosk_id: int, epoch: int) -> bytes:
    """On the cloud: the secret of an epoch, made when it is first asked for. Shape: [32]."""
    known = receipt_secret(kiosk_id=kiosk_id, epoch=epoch)
    return known or keep_receipt_secret(kiosk_id, epoch, secrets.token_bytes(_SECRET_BYTES))


def keep_receipt_secret(kiosk_id: int, epoch: int, secret: bytes) -> bytes:
    """Write down the secret of an epoch; the first one stays. Answers the one that stands."""
    Allocator.objects.get_or_create(kiosk_id=kiosk_id, epoch=epoch)
    Allocator.objects.filter(kiosk=kiosk_id, epoch=epoch, receipt_secret=b"").update(receipt_secret=secret)
    return receipt_secret(kiosk_id=kiosk_id, epoch=epoch)


def draw(*, kiosk: Kiosk, allocator: Allocator, count: int) -> list[ReceiptNumber]:
    """The next `count` numbers, in order. They exist only if the caller's transaction commits: no gap by a crash.

    A disk put back draws numbers again that it had drawn before; those that have come home by then are passed over.
    """
    known = Number.objects.filter(kiosk=kiosk, epoch=kiosk.epoch, seq__gt=allocator.last_seq)
    taken = set(known.values_list("seq", flat=True))
    free = (seq for seq in itertools.count(allocator.last_seq + 1) if seq not in taken)
    drawn = list(itertools.islice(free, count))
    allocator.last_seq = max(drawn, default=allocator.last_seq)
    allocator.save(update_fields=["last_seq"])
    return [ReceiptNumber(kiosk.shop_id, kiosk.pk, kiosk.epoch, seq) for seq in drawn]


def reserved_minor(*, kiosk_id: int, epoch: int) -> tuple[int, int]:
    """What numbers that may still be sold on have reserved of the grant: the sum of their limits, and how many."""
    held = Number.objects.filter(kiosk=kiosk_id, epoch=epoch, state__in=OPEN, max_minor__gt=0)
    found = held.aggregate(total=Sum("max_minor"), count=Count("pk"))
    return found["total"] or 0, found["count"]


@transaction.atomic
def end_numbers(*, numbers: Sequence[str], state: NumberState, reason: str, at: datetime, by: str = "") -> list[str]:
    """End those of `numbers` that are still open; answers which. What they had reserved is free again.

    `unaccounted` is no end: the reservation stays, and a late order or report is still taken.
    Effect: the rows, and one fact `checkout.number_ended.v1` when there is anything to tell.
    """
    ended = mark_ended(numbers=numbers, state=state, reason=reason, at=at)
    if ended:
        append(ENDED, {"numbers": ended, "state": state, "reason": reason, "at": int(at.timestamp()), "by": by})
    return ended


def mark_ended(*, numbers: Iterable[str], state: NumberState, reason: str, at: datetime) -> list[str]:
    """The rows only, on whichever side: a number that has been sold or has ended stays so."""
    before = OPEN if state != NumberState.UNACCOUNTED else (NumberState.OUTSTANDING,)
    still_open = Number.objects.select_for_update().filter(pk__in=list(numbers), state__in=before)
    ended = list(still_open.order_by("epoch", "seq").values_list("pk", flat=True))
    Number.objects.filter(pk__in=ended).update(state=state, reason=reason, ended_at=at)
    return ended


def value_at_risk(numbers: Sequence[str]) -> int:
    """The sum of what these numbers might have been sold for. Units: minor units."""
    return Number.objects.filter(pk__in=numbers).aggregate(n=Sum("max_minor"))["n"] or 0
