"""Push's verbs."""

from edgeshop.push.services.contacts import leave_contact
from edgeshop.push.services.deliver import deliver_due
from edgeshop.push.services.forget import forget_old_subjects
from edgeshop.push.services.mail import mail_receipts
from edgeshop.push.services.notices import collect_notices
from edgeshop.push.services.sender import current_sender
from edgeshop.push.services.subscribe import subscribe_order, subscribe_reviews, unsubscribe_reviews

__all__ = [
    "collect_notices",
    "current_sender",
    "deliver_due",
    "forget_old_subjects",
    "leave_contact",
    "mail_receipts",
    "subscribe_order",
    "subscribe_reviews",
    "unsubscribe_reviews",
]
