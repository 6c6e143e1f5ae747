"""Push's verbs, but for `deliver.deliver_due`: the library behind it takes long to load, and only one worker sends."""

from edgeshop.push.services.contacts import leave_contact
from edgeshop.push.services.forget import forget_old_subjects
from edgeshop.push.services.mail import mail_receipts
from edgeshop.push.services.notices import collect_notices
from edgeshop.push.services.sender import current_sender
from edgeshop.push.services.subscribe import subscribe_order, subscribe_reviews, unsubscribe_reviews

__all__ = [
    "collect_notices",
    "current_sender",
    "forget_old_subjects",
    "leave_contact",
    "mail_receipts",
    "subscribe_order",
    "subscribe_reviews",
    "unsubscribe_reviews",
]
