"""What a byte costs on this kiosk's line, as its operator has said."""

import re

from django.conf import settings

_AMOUNT = re.compile(r"(\d{1,6})\.(\d\d) ([A-Z]{3})")  # as in the policy of a class


def amount(said: str) -> tuple[int, str] | None:
    """Hundredths and currency of an amount such as "4.09 EUR"; None for anything else."""
    fits = _AMOUNT.fullmatch(said)
    return None if fits is None else (100 * int(fits[1]) + int(fits[2]), fits[3])


def pico_per_byte() -> int:
    """Units: millionths of a millionth of the currency; a hundredth per GB is ten of them per byte."""
    found = amount(settings.EDGESHOP.sync.price_gb)
    return 10 * found[0] if found else 0


def currency() -> str:
    """The currency of the tariff, "" without one."""
    found = amount(settings.EDGESHOP.sync.price_gb)
    return found[1] if found else ""


def pico(hundredths: int) -> int:
    """Hundredths of a currency in the unit of the ledger."""
    return hundredths * 10**10
