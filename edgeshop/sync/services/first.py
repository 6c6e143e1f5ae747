"""The first synchronisation, told to people: a new kiosk says how far it is, the cloud what a new kiosk still lacks."""

import re
from dataclasses import dataclass

from edgeshop.catalog.errors import NoPriceBook
from edgeshop.catalog.queries import current_book
from edgeshop.fleet.queries import this_shop_id
from edgeshop.sync.models import Remembered
from edgeshop.sync.services.bundle_files import size_of_all
from edgeshop.sync.services.bundles import CORE
from edgeshop.sync.services.downloads import progress
from edgeshop.sync.services.egress.chart import worded as amount
from edgeshop.sync.services.memory import last_said

_SHORT = re.compile(r"[0-9a-f]{16}")
_NAME = "bundles"  # the word in which a kiosk says what it is fetching


@dataclass(frozen=True, slots=True)
class FirstSync:
    """How far a new kiosk is. Units: bytes of the files it begins with; 0 of 0 before it knows of any.

    `to_come`: groups, in order. `is_sellable`: what selling needs is here already.
    """

    have: int
    of: int
    to_come: tuple[str, ...]
    is_sellable: bool

    @property
    def share_pct(self) -> int:
        """How much of it is here; 100 only when all of it is."""
        return 100 * self.have // self.of if self.of else 0

    @property
    def sizes(self) -> str:
        """How much is here, and of how much."""
        return f"{amount(self.have, '')} of {amount(self.of, '')}"


def first_sync(book: int | None = None) -> FirstSync | None:
    """How far this kiosk is; None when it has everything. Raises: NotEnrolled.

    `book`: the price book that counts, 0 for none, where the caller knows.
    """
    here, is_priced = progress(), _is_priced() if book is None else bool(book)
    if here is None:
        return None if is_priced else FirstSync(0, 0, (), is_sellable=False)
    return FirstSync(here.got, here.size, here.groups, is_sellable=is_priced and CORE not in here.groups)


def worded(at: FirstSync) -> str:
    """The same in a line."""
    sells = "sells already" if at.is_sellable else "cannot sell yet"
    if not at.of:
        return f"nothing has come yet; {sells}"
    coming = ", ".join(at.to_come)
    return f"{at.have:,} of {at.of:,} bytes ({at.share_pct} %), {sells}; to come: {coming}"


def remark_on(kiosk_id: int) -> str:
    """On the cloud: what a kiosk still fetches of its first files, as of its last contact; "" when nothing.

    It costs the kiosk no byte: what it is fetching it says in each contact anyway, lest it be offered other files.
    """
    row = Remembered.objects.filter(device__kiosk=kiosk_id).order_by("-device").first()
    said = last_said(row, _NAME) if row else None
    names = [name for name in said if _SHORT.fullmatch(str(name))] if isinstance(said, list) else []
    if not names:
        return ""
    size = size_of_all(names)  # of files that are not here any more the next contact offers others
    of_size = "" if size is None else f", {size:,} bytes"
    return f"A first synchronisation is under way: {len(names)} files are to come{of_size}."


def _is_priced() -> bool:
    try:
        return bool(current_book(this_shop_id()))
    except NoPriceBook:
        return False
