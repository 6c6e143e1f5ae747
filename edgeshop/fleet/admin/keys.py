"""Windows on what the cloud signs with and what it lends."""

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import CharField, IntegerField, ModelForm, PasswordInput, RegexField
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.decorators import action, display

from edgeshop.fleet.admin.base import OnCloudOnly
from edgeshop.fleet.models import IssuerKey, LeaseSecret
from edgeshop.fleet.services import (
    keep_secret,
    renew_vapid,
    revoke_secret,
)
from edgeshop.fleet.services.issuers import ready_issuer
from edgeshop.kernel import clock
from edgeshop.vault.services.keystore import NAME
from edgeshop.vault.services.lease_form import VALUE_CHARS_MAX


class SecretForm(ModelForm):  # type: ignore[type-arg]  # -- not generic at run time
    """A secret goes in and never comes out: the field is empty each time, and a value makes the next version."""

    name = RegexField(rf"\A{NAME.pattern}\Z", max_length=63, help_text="Lower-case letters, digits, - and _.")
    value = CharField(widget=PasswordInput(render_value=False), strip=False, max_length=VALUE_CHARS_MAX)
    days = IntegerField(
        label="life of a lease, days",
        initial=30,
        min_value=1,
        max_value=365,
        help_text="Kiosks renew after a third of it; cut off for longer, they do without.",
    )

    class Meta:
        model = LeaseSecret
        fields = ("shop", "name")


@admin.register(LeaseSecret)
class LeaseSecretAdmin(OnCloudOnly, ModelAdmin):
    """Secrets lent to the kiosks of a shop. Adding a name again is rotating it."""

    comes_from = "Secrets of other services, such as mail or payment, are lent to kiosks from here for hours at a time."
    form = SecretForm
    list_display = ("name", "shop", "ver", "state", "made_at")
    list_filter = ("shop",)
    list_select_related = ("shop",)
    search_fields = ("name",)
    fields = ("shop", "name", "value", "days")
    actions = ("renew_push_key", "revoke_secrets")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Kiosks keep no such rows."""
        return bool(settings.EDGESHOP.is_ledger and super().has_view_permission(request, obj))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A version never changes, so there is no page of one; the list has its actions."""
        return obj is None and super().has_change_permission(request, obj)

    def get_form(self, request: HttpRequest, obj: LeaseSecret | None = None, **kwargs: Any) -> Any:
        """Of a version that is there, only what it is called."""
        return super().get_form(request, obj, **kwargs | ({"form": ModelForm} if obj else {}))

    def get_fields(self, _request: HttpRequest, obj: LeaseSecret | None = None) -> Any:
        """The value only on its way in."""
        return ("shop", "name", "ver", "life_s", "made_at", "superseded_at", "revoked_at") if obj else self.fields

    def save_model(self, _request: HttpRequest, obj: LeaseSecret, form: Any, _change: bool) -> None:
        """Through the service, which seals it."""
        said = form.cleaned_data
        ver = keep_secret(shop_id=obj.shop_id, name=said["name"], value=said["value"], life_s=said["days"] * 24 * 3600)
        obj.pk = LeaseSecret.objects.only("pk").get(shop=obj.shop_id, name=said["name"], ver=ver).pk

    @display(description="state", label={"lent": "success", "replaced": "info", "revoked": "danger"})
    def state(self, secret: LeaseSecret) -> str:
        """One word on a version."""
        if secret.revoked_at:
            return "revoked"
        return "replaced" if secret.superseded_at else "lent"

    @action(description="New push key for these shops", permissions=["add"])
    def renew_push_key(self, request: HttpRequest, queryset: QuerySet[LeaseSecret]) -> None:
        """Browsers that subscribed under the old one are served under it while its lease lives."""
        for shop_id in sorted(set(queryset.values_list("shop", flat=True))):
            messages.success(request, f"Shop {shop_id}: push key {renew_vapid(shop_id=shop_id)}.")

    @action(description="Take these secrets back from all kiosks", permissions=["add"])
    def revoke_secrets(self, request: HttpRequest, queryset: QuerySet[LeaseSecret]) -> None:
        """At their next contacts; a new version lends anew."""
        for shop_id, name in sorted(set(queryset.values_list("shop", "name"))):
            revoke_secret(shop_id=shop_id, name=name)
            messages.warning(request, f"{name} is taken back from shop {shop_id}.")


@admin.register(IssuerKey)
class IssuerKeyAdmin(OnCloudOnly, ModelAdmin):
    """The keys that grants and answers are signed with; `manage.py rotate_issuer` makes the next one."""

    comes_from = "The first key is made when the cloud is set up; manage.py rotate_issuer makes the next one."
    list_display = ("name", "state", "published_at", "active_from", "spend_until", "settle_until", "kid")

    def has_add_permission(self, _request: HttpRequest, *_args: Any) -> bool:
        """Keys are made by the command or by beat."""
        return False

    def has_change_permission(self, _request: HttpRequest, obj: Any = None) -> bool:
        """To be looked at only."""
        return False

    @display(description="state", label={"in use": "success", "published": "info", "retired": "warning"})
    def state(self, key: IssuerKey) -> str:
        """Where this version stands."""
        return key.state(clock.now(), in_use=key == ready_issuer())
