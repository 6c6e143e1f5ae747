"""How the admin looks: the shop window's accent and neutrals (frontend/src/styles/tokens.css) in unfold's words."""

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse, reverse_lazy

_STEPS = ("50", "100", "200", "300", "400", "500", "600", "700", "800", "900", "950")
_LIGHT = (98, 95.5, 91, 85, 72, 58, 48, 40, 31, 23, 16)


def _ramp(chroma: float, hue: int) -> dict[str, str]:
    """Eleven steps of one hue, light to dark, calmer at both ends. Units: OKLCH, chroma and degrees."""
    return {
        step: f"oklch({light}% {chroma * (0.35 if light > 90 or light < 20 else 1):.3f} {hue})"
        for step, light in zip(_STEPS, _LIGHT, strict=True)
    }


def _link(title: str, icon: str, name: str) -> dict[str, object]:
    """A menu entry, for whoever may look there."""
    app, model = name.split("_")
    return {
        "title": title,
        "icon": icon,
        "link": reverse_lazy(f"admin:{name}_changelist"),
        "permission": lambda request: _may_look(request, app, model),
    }


def _may_look(request: HttpRequest, app: str, model: str) -> bool:
    window = admin.site.get_model_admin(apps.get_model(app, model))
    return window.has_view_permission(request)


def _is_kiosk(_request: HttpRequest) -> bool:
    return not getattr(settings, "EDGESHOP").is_ledger  # noqa: B009 -- this file is a part of what it asks for


def _of_my_own(request: HttpRequest) -> list[dict[str, str]]:
    """What a person may do about their own way in, on this tier."""
    if _is_kiosk(request):
        own = [("Set my PIN", "admin:fleet_new_pin")]
    else:
        own = [("Change password", "admin:password_change"), ("Second factor", "admin:fleet_new_second_factor")]
    return [{"title": title, "link": reverse(name)} for title, name in own]


UNFOLD = {
    "SITE_TITLE": "EdgeShop",
    "SITE_HEADER": "EdgeShop",
    "SITE_SYMBOL": "storefront",
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "BORDER_RADIUS": "14px",
    "COLORS": {"base": _ramp(0.012, 60), "primary": _ramp(0.125, 356)},
    "ACCOUNT": {"navigation": _of_my_own},
    "DASHBOARD_CALLBACK": "edgeshop.shop.dashboard.fill",
    "ENVIRONMENT": "edgeshop.shop.dashboard.where",
    "SIDEBAR": {
        "show_search": False,
        "navigation": [
            {
                "title": "Today",
                "items": [
                    {"title": "Overview", "icon": "home", "link": reverse_lazy("admin:index")},
                    _link("Orders", "receipt_long", "checkout_order"),
                    {
                        **_link("Reviews", "rate_review", "checkout_review"),
                        "badge": "edgeshop.shop.dashboard.reviews_badge",
                    },
                    _link("Receipt numbers", "tag", "checkout_number"),
                    _link("Receipt contacts", "contact_mail", "push_receiptcontact"),
                    {
                        "title": "Tell me of reviews",
                        "icon": "notifications",
                        "link": reverse_lazy("admin:push_tell_me"),
                    },
                ],
            },
            {
                "title": "Shelves",
                "items": [
                    _link("Products", "sell", "catalog_product"),
                    _link("Price books", "menu_book", "catalog_pricebook"),
                    _link("Stock", "inventory_2", "catalog_stocklevel"),
                    _link("Allotments", "call_split", "catalog_allotment"),
                ],
            },
            {
                "title": "Fleet",
                "items": [
                    _link("Kiosks", "point_of_sale", "fleet_kiosk"),
                    _link("Twins", "compare_arrows", "fleet_twin"),
                    _link("Rollouts", "stairs", "fleet_rollout"),
                    _link("Node classes", "category", "fleet_policy"),
                    _link("Egress", "data_usage", "sync_linkaccount"),
                    _link("Own traffic", "data_usage", "sync_egress"),
                    _link("Steps", "checklist", "fleet_applystep"),
                    _link("Seats", "devices", "checkout_seat"),
                    _link("Staff", "group", "fleet_staff"),
                    _link("Secrets", "key", "fleet_leasesecret"),
                    _link("Issuer keys", "vpn_key", "fleet_issuerkey"),
                    _link("Journal", "history", "journal_record"),
                    _link("Quarantine", "report", "journal_quarantine"),
                    _link("Repairs", "healing", "journal_repair"),
                    _link("Audit", "policy", "journal_auditentry"),
                    {
                        "title": "Uncleared selling",
                        "icon": "pause_circle",
                        "link": reverse_lazy("admin:checkout_uncleared"),
                        "permission": _is_kiosk,
                    },
                ],
            },
        ],
    },
}
