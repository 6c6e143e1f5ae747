"""How good a link is, as a contact states it; it bounds which streams travel."""

from enum import IntEnum


class Grade(IntEnum):
    """From A, where bytes cost nothing, to D, where only what must travel does."""

    A = 0  # unmetered
    B = 1  # 1 Mbit/s or more, priced by the byte
    C = 2  # metered
    D = 3  # under 256 kbit/s, roaming, or the budget is spent
