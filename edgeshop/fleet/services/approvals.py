"""A second person's word: what an attendant may not do alone, a manager approves by their PIN in the same form."""

from dataclasses import dataclass
from datetime import datetime

from edgeshop.fleet.errors import ApprovalNeeded, NotAllowed, PinRefused
from edgeshop.fleet.models import Staff
from edgeshop.fleet.roles import may_alone
from edgeshop.fleet.services.pins import check_pin
from edgeshop.journal.services import AuditKind, audit


@dataclass(frozen=True, slots=True)
class Second:
    """Who approves, as typed into the form; nobody when the form was left empty."""

    username: str = ""
    pin: str = ""


NOBODY = Second()


def demand_approval(action: str, *, by: str, second: Second = NOBODY, at: datetime, **about: str | int | None) -> str:
    """Let an action go on that takes a manager; answers who answers for it: `by` alone, or the second person.

    `about` names what it is done to: ids, numbers and words of ours.
    Raises: ApprovalNeeded when `by` needs a second person and none is named; NotAllowed for a second person who is
    no manager or the same one; PinRefused, TooManyTries. Call it before the transaction of the action begins: a
    wrong try has to stay counted.
    Effect: `audit.approved.v1`, or `audit.refused.v1` when a second person was named in vain.
    """
    person = Staff.objects.filter(username=by).first()
    if person is not None and may_alone(person):
        audit(AuditKind.APPROVED, by=by, action=action, **about)
        return by
    if not second.username:
        raise ApprovalNeeded("This takes a manager: name and PIN of a second person.", action=action, **about)
    try:
        approver = _approver(second, by, at)
    except (PinRefused, NotAllowed) as refused:
        audit(AuditKind.REFUSED, by=by, action=action, why=refused.code, **about)
        raise
    audit(AuditKind.APPROVED, by=approver, action=action, asked_by=by, **about)
    return approver


def _approver(second: Second, by: str, at: datetime) -> str:
    staff, is_one_time = check_pin(username=second.username, pin=second.pin, at=at)
    if is_one_time or not may_alone(staff) or staff.username == by:
        raise NotAllowed("Approval takes another person, a manager or higher, with a PIN of their own.")
    return staff.username
