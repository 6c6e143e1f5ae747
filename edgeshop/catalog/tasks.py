"""What the cloud's workers run for the catalogue."""

from celery import shared_task

from edgeshop.catalog.services.sharing_out import share_out


@shared_task(name="catalog.share_out")
def share_out_stock() -> None:
    """Give kiosks that have run dry their part of what is free."""
    share_out()
