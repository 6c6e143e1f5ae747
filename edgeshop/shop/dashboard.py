"""The admin's first page: what sold, what needs me, is every kiosk well, is anything unsent."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.db.models import Count, F, Min, Sum
from django.db.models.functions import TruncHour
from django.http import HttpRequest

from edgeshop.checkout.enums import NumberState
from edgeshop.checkout.models import Number, Order, Review
from edgeshop.checkout.services import grant_level
from edgeshop.checkout.services.exposure import open_windows
from edgeshop.fleet.ago import ago
from edgeshop.fleet.models import Kiosk, Shop
from edgeshop.fleet.queries import is_enrolled
from edgeshop.fleet.services import lease_standings
from edgeshop.journal.services import unsent
from edgeshop.kernel import clock
from edgeshop.sync.services import first_sync
from edgeshop.sync.services.egress.page import egress_html
from edgeshop.sync.services.egress.report import report_here
from edgeshop.sync.services.egress.tariff import currency
from edgeshop.sync.services.watch import link_standing
from edgeshop.vault.services import LeaseState, keystore_state, wall_is_off_by_s
from edgeshop.vault.services.artefacts import standing

_SILENT = timedelta(minutes=2)  # four contacts of an idle kiosk
_DAY = timedelta(hours=24)
_HOURS = 12
_REVIEWS_SHOWN = 6
_KIOSKS_SHOWN = 12
_ARTEFACTS = {  # what this box says of its signed artefacts when something is not as it should be
    "expired": "The cloud has not confirmed for days that model and shop window are the newest; the last ones run on.",
    "refused": "What came as a model or shop window is not what our keys signed; the last good ones run on.",
}


@dataclass(frozen=True, slots=True)
class Bar:
    """One hour of sales. `height_pct` is relative to the best hour."""

    hour: str
    orders: int
    height_pct: int


def where(_request: HttpRequest) -> list[str]:
    """Which tier this is, beside the name."""
    return ["Cloud", "info"] if settings.EDGESHOP.is_ledger else ["Kiosk", "warning"]


def reviews_badge(_request: HttpRequest) -> str:
    """How many reviews wait, for the menu."""
    waiting = Review.objects.filter(decided_at=None).count()
    return str(waiting) if waiting else ""


def fill(_request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Everything the first page shows."""
    now = clock.now()
    return (
        context
        | {"title": "Overview", "is_ledger": settings.EDGESHOP.is_ledger, "is_revoked": _is_revoked()}
        | _sold(now)
        | _needs()
        | _fleet(now)
        | _box()
        | _uncleared(now)
    )


def _is_revoked() -> bool:
    """Whether this box has found itself on its cloud's revocation list."""
    return Kiosk.objects.filter(is_self=True, revoked_at__isnull=False).exists()


def _sold(now: datetime) -> dict[str, Any]:
    """Sales of the last day that have not been undone, one total for each currency."""
    sold = Order.objects.filter(committed_at__gte=now - _DAY, void=None).order_by()
    by_currency = sold.values_list("currency", "kiosk__shop__exponent").annotate(Sum("total_minor"), Count("pk"))
    zone = _zone()
    return {
        "sold_count": sum(count for *_, count in by_currency),
        "sold_totals": [_money(total, currency, exponent) for currency, exponent, total, _ in sorted(by_currency)],
        "bars": _bars(now, zone),
        "bars_zone": str(zone),
    }


def _money(amount_minor: int, currency: str, exponent: int) -> str:
    """An amount for people, exact to the last digit."""
    whole, part = divmod(amount_minor, 10**exponent)
    return f"{whole:,}.{part:0{exponent}} {currency}" if exponent else f"{whole:,} {currency}"


def _zone() -> tzinfo:
    """The time zone of the shops if they share one, else UTC."""
    names = set(Shop.objects.values_list("timezone", flat=True))
    try:
        return ZoneInfo(names.pop()) if len(names) == 1 else UTC
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def _bars(now: datetime, zone: tzinfo) -> list[Bar]:
    last = now.astimezone(zone).replace(minute=0, second=0, microsecond=0).astimezone(UTC)
    hours = [last - timedelta(hours=back) for back in reversed(range(_HOURS))]
    since = Order.objects.filter(committed_at__gte=hours[0], void=None).order_by()
    counted = dict(since.values_list(TruncHour("committed_at", tzinfo=zone)).annotate(Count("pk")))
    orders = [counted.get(hour, 0) for hour in hours]
    best = max(*orders, 1)
    return [Bar(f"{hour.astimezone(zone):%H}", n, round(100 * n / best)) for hour, n in zip(hours, orders, strict=True)]


def _needs() -> dict[str, Any]:
    """What waits for a person."""
    waiting = Review.objects.filter(decided_at=None)
    return {
        "keys": keystore_state(),
        "reviews": waiting.select_related("order")[:_REVIEWS_SHOWN],
        "reviews_count": waiting.count(),
        "unaccounted_count": Number.objects.filter(state=NumberState.UNACCOUNTED).count(),
    }


def _fleet(now: datetime) -> dict[str, Any]:
    """How the kiosks are, those silent for longest first, and what all of them still hold."""
    longest_silent = Kiosk.objects.filter(revoked_at=None).order_by(F("last_contact_at").asc(nulls_first=True), "pk")
    shown = [_kiosk(kiosk, now) for kiosk in longest_silent[:_KIOSKS_SHOWN]]
    if settings.EDGESHOP.is_ledger:
        held = Kiosk.objects.aggregate(count=Sum("unsent_count", default=0), oldest=Min("unsent_oldest_at"))
        return {"kiosks": shown, "unsent_count": held["count"], "unsent_oldest": held["oldest"]}
    waiting = unsent()
    return {
        "kiosks": shown,
        "unsent_count": waiting.count,
        "unsent_oldest": waiting.oldest_at,
        "artefacts_notice": _ARTEFACTS.get(standing().state, ""),
    }


def _box() -> dict[str, Any]:
    """What is wrong with this very box, for who stands before it: leases that wear out, a wall clock that is off."""
    worn = [standing for standing in lease_standings() if standing.state != LeaseState.FRESH]
    off_s = wall_is_off_by_s()
    return _link() | {
        "leases": [
            {"name": s.name, "state": s.state.value, "ends_at": datetime.fromtimestamp(s.hard_s, UTC)} for s in worn
        ],
        "clock_off": timedelta(seconds=abs(round(off_s))) if off_s else None,
        "clock_is_behind": off_s < 0,
    }


def _link() -> dict[str, Any]:
    """On a kiosk: how its link stands, its month's traffic in short, and how far it is while it is new."""
    if settings.EDGESHOP.is_ledger or not is_enrolled():
        return {}
    found = link_standing()
    month = egress_html(report_here(clock.now().date()), currency=currency(), is_short=True)
    since = timedelta(seconds=round(found.silent_s)) if found.is_stalled else None
    return {"link": found, "link_month": month, "link_stalled": since, "first_sync": first_sync()}


def _uncleared(now: datetime) -> dict[str, Any]:
    """How much may leave unpaid: on a kiosk where its grant stands, on the cloud all open windows and their limit."""
    if settings.EDGESHOP.is_ledger:
        units = Shop.objects.order_by("currency").values_list("currency", "exponent").distinct()
        return {"windows": [_window(currency, exponent, now) for currency, exponent in units]}
    own = Kiosk.objects.select_related("shop").filter(is_self=True).first()
    if own is None:
        return {}
    found, shop = grant_level(own), own.shop
    used, window = (_money(minor, shop.currency, shop.exponent) for minor in (found.used_minor, found.window_minor))
    return {"grant": found, "grant_used": used, "grant_window": window}


def _window(currency: str, exponent: int, now: datetime) -> dict[str, str]:
    knobs, opened = settings.EDGESHOP.checkout, open_windows(currency=currency, at=now)
    most = _money(knobs.fleet_window_max * 10**exponent, currency, exponent)
    return {"open": _money(opened, currency, exponent), "most": "" if knobs.policy == "test" else most}


def _kiosk(kiosk: Kiosk, now: datetime) -> dict[str, Any]:
    silence = max(_SILENT, timedelta(seconds=3 * kiosk.promised_gap_s))
    silent = kiosk.last_contact_at is None or now - kiosk.last_contact_at > silence
    return {
        "name": kiosk.name,
        "id": kiosk.pk,
        "is_well": kiosk.is_self or not silent,
        "spoke": ago(kiosk.last_contact_at),
    }
