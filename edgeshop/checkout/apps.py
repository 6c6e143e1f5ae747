"""The checkout's Django app."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CheckoutConfig(AppConfig):
    """Registers what the checkout's facts do, what its stream carries, and the grants section of a contact."""

    name = "edgeshop.checkout"
    label = "checkout"

    def ready(self) -> None:
        """Wire the facts, the orders stream and the grants section; keep the transition table filled."""
        from edgeshop.checkout import wiring  # noqa: PLC0415 -- models exist only once the apps are ready

        wiring.register()
        post_migrate.connect(_fill_transitions, sender=self, dispatch_uid="checkout.transitions")


def _fill_transitions(using: str, **_: Any) -> None:
    """A flushed database keeps its triggers but not its rows: without them no order could move."""
    from edgeshop.checkout.models import Transition  # noqa: PLC0415 -- models exist only once the apps are ready

    Transition.fill(using=using)
