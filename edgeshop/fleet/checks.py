"""What an installer should know about how people come in."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register


@register(Tags.security, deploy=True)
def check_second_factor(**_kwargs: Any) -> list[CheckMessage]:
    """A cloud that people enter by a password alone is one phished password away from every kiosk."""
    knobs = settings.EDGESHOP
    if not knobs.is_ledger or knobs.access.second_factor == "required":
        return []
    return [
        Warning(
            "The cloud's admin takes a password without a second factor.",
            hint="Leave EDGESHOP_SECOND_FACTOR out, or set it to required; off is for demos and tests.",
            id="fleet.W001",
        )
    ]
