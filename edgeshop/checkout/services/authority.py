"""By which clock grants, seats and tokens begin and end. Receipts and dated prices go by the wall clock."""

from datetime import datetime

from edgeshop.kernel import clock


def authority_at() -> datetime:
    """The instant that every limit in time of the checkout is held against."""
    return clock.now()
