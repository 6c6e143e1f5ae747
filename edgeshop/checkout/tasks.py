"""What the workers run for the checkout."""

from celery import shared_task

from edgeshop.checkout.services import drop_old_envelopes, sweep_numbers
from edgeshop.vault.services import authority_now


@shared_task(name="checkout.sweep")
def sweep() -> int:
    """Notice numbers that should have ended, and let old evidence go; answers how many numbers are missing."""
    drop_old_envelopes(at=authority_now())
    return len(sweep_numbers(at=authority_now()))
