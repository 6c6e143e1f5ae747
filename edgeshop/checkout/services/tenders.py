"""Ways of paying. Each says when its money is certain, who carries the risk until then, and when the goods go."""

from dataclasses import dataclass
from typing import Protocol

from django.conf import settings

from edgeshop.checkout.enums import Handover, Payment, Purpose, TenderCode
from edgeshop.checkout.errors import TenderRefused
from edgeshop.fleet.services import lease
from edgeshop.kernel.errors import EdgeShopError


@dataclass(frozen=True, slots=True)
class Terms:
    """Where a sale starts, and whether its uncleared money walks out of the door on the kiosk's grant."""

    payment: Payment
    handover: Handover
    is_on_grant: bool

    @property
    def is_cleared(self) -> bool:
        """Whether the money is certain at once."""
        return self.payment == Payment.CLEARED


class Tender(Protocol):
    """One way of paying. Card numbers never touch us: a terminal says yes or no on its own."""

    @property
    def code(self) -> TenderCode:
        """What it is called."""

    def terms(self, *, purpose: Purpose | None) -> Terms:
        """What a sale by this tender starts with. `purpose` is the seat's; None stands for an attendant."""

    def demand(self, *, purpose: Purpose | None) -> None:
        """Make sure that it works here and now. Raises: TenderRefused."""


_TAKEN = Terms(Payment.CLEARED, Handover.HANDED_OVER, is_on_grant=False)
_OWED = Terms(Payment.DUE, Handover.HANDED_OVER, is_on_grant=True)
_HELD = Terms(Payment.DUE, Handover.OPEN, is_on_grant=False)


class _Always:
    """Needs nothing that could be missing."""

    def demand(self, *, purpose: Purpose | None) -> None:
        """Nothing is demanded."""


@dataclass(frozen=True, slots=True)
class _AtTheSpot(_Always):
    """Cash in the drawer or a terminal's approval. A shopper's own phone has neither: there it is only a promise."""

    code: TenderCode

    def terms(self, *, purpose: Purpose | None) -> Terms:
        return _OWED if purpose == Purpose.PHONE else _TAKEN


class _ByCard(_AtTheSpot):
    """A terminal. One that a provider runs for the screens works with the provider's credential, which is on lease.

    A stand-alone terminal needs nothing of us, nor does an attendant's; a phone only promises to pay.
    """

    def demand(self, *, purpose: Purpose | None) -> None:
        """Raises: TenderRefused while the lease is missing or over: other tenders stay."""
        name = settings.EDGESHOP.checkout.card_lease
        if not name or purpose != Purpose.SCREEN:
            return
        try:
            lease(name)
        except EdgeShopError as missing:
            raise TenderRefused(
                "No cards for now; other ways to pay work.", tender=self.code, why=missing.code
            ) from None


@dataclass(frozen=True, slots=True)
class _AtTheCounter(_Always):
    """Paid at the counter before the goods change hands."""

    code: TenderCode = TenderCode.COUNTER

    def terms(self, *, purpose: Purpose | None) -> Terms:
        return _HELD


@dataclass(frozen=True, slots=True)
class _OnInvoice(_Always):
    """Goods now, money later."""

    code: TenderCode = TenderCode.INVOICE

    def terms(self, *, purpose: Purpose | None) -> Terms:
        return _OWED


_TENDERS: dict[str, Tender] = {
    tender.code: tender
    for tender in (_AtTheSpot(TenderCode.CASH), _ByCard(TenderCode.CARD), _AtTheCounter(), _OnInvoice())
}


def tender_named(code: str) -> Tender:
    """The tender by its code. Raises: TenderRefused."""
    try:
        return _TENDERS[code]
    except KeyError:
        raise TenderRefused("This shop does not take that way of paying.", tender=code[:20]) from None


def tender_codes() -> list[str]:
    """What a screen may offer, in this order: all tenders that work now."""
    return [str(code) for code, tender in _TENDERS.items() if _works(tender)]


def _works(tender: Tender) -> bool:
    try:
        tender.demand(purpose=Purpose.SCREEN)
    except TenderRefused:
        return False
    return True
