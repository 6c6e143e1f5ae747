"""The switch at the kiosk: staff pause uncleared selling at once, and it takes a manager to let it go on.

While it is paused, tokens come with a limit of nothing and no invoice is taken. Tokens that are out already sell on:
nothing that a screen holds can be taken back while it may be cut off.
"""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from edgeshop.checkout.models import UnclearedPause
from edgeshop.fleet.errors import NotAllowed
from edgeshop.fleet.services.approvals import NOBODY, Second, demand_approval
from edgeshop.journal.services import AuditKind, audit

_SETTING = "uncleared_selling"


def is_paused() -> bool:
    """Whether this kiosk lets no uncleared money out."""
    return UnclearedPause.objects.exists()


@transaction.atomic
def pause_uncleared(*, by: str, at: datetime) -> None:
    """Stop selling on uncleared money here. Safe to repeat. Raises: NotAllowed in the cloud.

    Effect: the row, and `audit.setting_changed.v1`.
    """
    if settings.EDGESHOP.is_ledger:
        raise NotAllowed("Each kiosk is paused at the kiosk.")
    if UnclearedPause.objects.get_or_create(pk=1, defaults={"at": at, "by": by})[1]:
        audit(AuditKind.SETTING_CHANGED, by=by, setting=_SETTING, to="paused")


def resume_uncleared(*, by: str, at: datetime, second: Second = NOBODY) -> None:
    """Let uncleared selling go on: a manager, or an attendant with a manager's PIN.

    Raises: ApprovalNeeded, NotAllowed, PinRefused, TooManyTries; it stays paused then.
    Effect: the row gone, and `audit.setting_changed.v1`.
    """
    demand_approval("resume_uncleared", by=by, second=second, at=at)
    with transaction.atomic():
        if UnclearedPause.objects.filter(pk=1).delete()[0]:
            audit(AuditKind.SETTING_CHANGED, by=by, setting=_SETTING, to="on")
