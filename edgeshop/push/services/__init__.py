"""Push's verbs."""

from edgeshop.push.services.deliver import deliver_due
from edgeshop.push.services.notices import collect_notices
from edgeshop.push.services.sender import current_sender
from edgeshop.push.services.subscribe import subscribe_order, subscribe_reviews, unsubscribe_reviews

__all__ = [
    "collect_notices",
    "current_sender",
    "deliver_due",
    "subscribe_order",
    "subscribe_reviews",
    "unsubscribe_reviews",
]
