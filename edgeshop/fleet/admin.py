"""Windows on the fleet: shops, kiosks with their last contact and what they hold, secrets on loan, and the people."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, cast

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.forms import CharField, IntegerField, ModelForm, PasswordInput, RegexField
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action, display
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from edgeshop.fleet import doors
from edgeshop.fleet.models import Device, IssuerKey, Kiosk, LeaseSecret, Shop, Staff
from edgeshop.fleet.roles import may_alone
from edgeshop.fleet.services import (
    keep_secret,
    new_code,
    note_checked_chip,
    renew_vapid,
    revoke,
    revoke_secret,
    second_factor,
)
from edgeshop.fleet.services.issuers import ready_issuer
from edgeshop.fleet.services.levels import WORDS
from edgeshop.fleet.services.pins import reset_pin
from edgeshop.fleet.services.staff import save_kiosk, save_shop, save_staff
from edgeshop.journal.services import AuditKind, audit
from edgeshop.kernel import clock
from edgeshop.kernel.errors import EdgeShopError
from edgeshop.vault.services.keystore import NAME
from edgeshop.vault.services.lease_form import VALUE_CHARS_MAX

for _theirs in (Group, *second_factor.DEVICES):  # devices show their secrets in windows of their own
    admin.site.unregister(_theirs)
_SILENT_S = 120
_BUTTON = "border border-base-200 dark:border-base-700 font-medium px-3 py-2 rounded-default cursor-pointer"


class OnCloudOnly:
    """Kept in the cloud: on a kiosk these are copies, to be looked at only."""

    def has_add_permission(self, request: HttpRequest, *_args: Any) -> bool:
        """Only where the ledger is."""
        return bool(settings.EDGESHOP.is_ledger and super().has_add_permission(request, *_args))  # type: ignore[misc]  # -- mixed into ModelAdmin

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only where the ledger is."""
        return bool(settings.EDGESHOP.is_ledger and super().has_change_permission(request, obj))  # type: ignore[misc]  # -- mixed into ModelAdmin

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Nothing here is deleted; ids are never reused."""
        return False


@admin.register(Shop)
class ShopAdmin(OnCloudOnly, ModelAdmin):
    """Shops."""

    list_display = ("name", "id", "currency", "timezone", "default_language", "region")
    search_fields = ("name",)

    def save_model(self, _request: HttpRequest, obj: Shop, _form: Any, _change: bool) -> None:
        """Through the service, so that kiosks learn of it."""
        save_shop(obj)


class DeviceInline(TabularInline):
    """The keys that speak, or once spoke, for a kiosk. Nobody edits them: enrolment and revocation do."""

    model = Device
    verbose_name = "device"
    verbose_name_plural = "devices: the keys that speak for this kiosk, and those that did"
    fields = ("id", "standing", "kid", "enrolled_at", "ends_at", "reason")
    readonly_fields = fields
    ordering = ("-id",)
    extra = 0
    can_delete = False

    def has_add_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Enrolment does."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """To be looked at only."""
        return False

    @display(
        description="standing",
        label={"speaks": "success", "superseded": "info", "revoked": "danger", "certificate over": "warning"},
    )
    def standing(self, device: Device) -> str:
        """One word on whether it is believed."""
        if device.revoked_at:
            return "revoked"
        if device.superseded_at:
            return "superseded"
        return "certificate over" if device.ends_at and device.ends_at <= clock.now() else "speaks"


@admin.register(Kiosk)
class KioskAdmin(OnCloudOnly, ModelAdmin):
    """Kiosks, the ones that need a look first."""

    list_display = ("name", "id", "shop", "state", "trust_level", "contact", "unsent", "oldest", "epoch", "release")
    list_filter = ("shop",)
    list_select_related = ("shop",)
    search_fields = ("name", "id")
    readonly_fields = (
        "id", "state", "level", "certificate", "epoch", "enrolled_at", "revoked_at", "last_contact_at",
        "unsent_count", "release", "to_do",
    )  # fmt: skip
    inlines = (DeviceInline,)
    actions = ("new_code", "revoke_boxes", "chip_checked")

    def get_fields(self, request: HttpRequest, obj: Kiosk | None = None) -> tuple[str, ...]:
        """What a new kiosk has, what all have, and for those who may change one the actions."""
        if obj is None:
            return ("name", "shop")
        shown = ("name", "shop", *self.readonly_fields)
        return shown if self.has_change_permission(request, obj) else shown[:-1]

    def save_model(self, _request: HttpRequest, obj: Kiosk, _form: Any, _change: bool) -> None:
        """Through the service."""
        save_kiosk(obj)

    @display(description="what to do")
    def to_do(self, kiosk: Kiosk) -> SafeString:
        """The list's actions for this one kiosk: buttons that post, for a link could be followed by accident."""
        button = '<button formaction="{}" formnovalidate name="action" value="{}" class="{}">{}</button>'
        where = reverse("admin:fleet_kiosk_changelist")
        buttons = [(where, name, _BUTTON, self.get_action(name)[2]) for name in self.actions]
        chosen = format_html('<input type="hidden" name="_selected_action" value="{}">', kiosk.pk)
        return chosen + format_html_join(" ", button, buttons)

    @display(
        description="state",
        label={"well": "success", "silent": "warning", "not enrolled": "info", "revoked": "danger", "self": "info"},
    )
    def state(self, kiosk: Kiosk) -> str:
        """One word on how the kiosk is."""
        if kiosk.is_self:
            return "self"
        if kiosk.revoked_at:
            return "revoked"
        if kiosk.enrolled_at is None:
            return "not enrolled"
        at = kiosk.last_contact_at
        return "well" if at and (clock.now() - at).total_seconds() < _SILENT_S else "silent"

    @display(description="trust level", ordering="trust_level")
    def level(self, kiosk: Kiosk) -> str:
        """The level in words: it decides how much may leave the shop unpaid."""
        return f"{kiosk.trust_level}: {WORDS.get(kiosk.trust_level, 'unknown')}"

    @display(description="certificate")
    def certificate(self, kiosk: Kiosk) -> str:
        """Until when the certificate of the device that speaks is good; it renews by itself."""
        device = next((d for d in kiosk.devices.order_by("-id") if d.is_live), None)
        if device is None or device.ends_at is None:
            return "–"
        if device.ends_at <= clock.now():
            return f"over since {device.ends_at:%Y-%m-%d}; renews at the next contact"
        return f"until {device.ends_at:%Y-%m-%d}"

    @display(description="last contact", ordering="last_contact_at")
    def contact(self, kiosk: Kiosk) -> str:
        """How long ago the kiosk last spoke."""
        return f"{timesince(kiosk.last_contact_at, clock.now())} ago" if kiosk.last_contact_at else "never"

    @display(description="unsent", ordering="unsent_count")
    def unsent(self, kiosk: Kiosk) -> str:
        """Facts it held at its last contact."""
        return str(kiosk.unsent_count) if kiosk.unsent_count else "none"

    @display(description="oldest unsent")
    def oldest(self, kiosk: Kiosk) -> str:
        """Since when the oldest of them waits."""
        return timesince(kiosk.unsent_oldest_at, clock.now()) if kiosk.unsent_oldest_at else "–"

    @action(description="New enrolment code", permissions=["change"])
    def new_code(self, request: HttpRequest, queryset: QuerySet[Kiosk]) -> None:
        """Show a fresh one-time code for each kiosk chosen."""
        for kiosk in queryset:
            text = f"{kiosk.name}: {new_code(kiosk)} (15 minutes, once). On the box: manage.py enrol URL CODE"
            messages.success(request, text)
            audit(AuditKind.CODE_MADE, by=request.user.get_username(), kiosk=kiosk.pk)

    @action(description="Do not believe these boxes any more", permissions=["change"])
    def revoke_boxes(self, request: HttpRequest, queryset: QuerySet[Kiosk]) -> None:
        """Stolen or lost: what they still send is kept apart for people to look at."""
        for kiosk in queryset:
            revoke(kiosk.pk)
            audit(AuditKind.KIOSK_REVOKED, by=request.user.get_username(), kiosk=kiosk.pk)
            messages.warning(request, f"{kiosk.name} is revoked. A new enrolment code ends that.")

    @action(description="The chip's endorsement certificate is checked", permissions=["change"])
    def chip_checked(self, request: HttpRequest, queryset: QuerySet[Kiosk]) -> None:
        """Raise kiosks with a chip to the highest level; somebody has compared the maker's certificate."""
        for kiosk in queryset:
            try:
                note_checked_chip(kiosk.pk)
            except EdgeShopError as error:
                messages.error(request, f"{kiosk.name}: {error.message}")
            else:
                messages.success(request, f"{kiosk.name} is level 3 now: {WORDS[3]}.")


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


@admin.register(Staff)
class StaffAdmin(OnCloudOnly, UserAdmin, ModelAdmin):  # type: ignore[type-arg]  # -- not generic at run time
    """People."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "first_name", "last_name", "role", "shop", "is_active")
    list_filter = ("role", "shop", "is_active")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Person", {"fields": ("first_name", "last_name", "email")}),
        ("Work", {"fields": ("shop", "role", "is_active", "is_staff", "is_superuser", "user_permissions")}),
    )

    actions = ("new_pin", "new_second_factor")

    def get_urls(self) -> list[URLPattern]:
        """With the pages at the door, which are for people who are not in yet."""
        doorways = [
            path("pin/", doors.pin, name="fleet_pin"),
            path("pin/new/", doors.new_pin, name="fleet_new_pin"),
            path("second-factor/", doors.ask_second_factor, name="fleet_second_factor"),
            path("second-factor/new/", doors.new_second_factor, name="fleet_new_second_factor"),
        ]
        return [*doorways, *super().get_urls()]

    def save_model(self, request: HttpRequest, obj: Staff, form: Any, change: bool) -> None:
        """Through the service, so that kiosks learn of it."""
        save_staff(obj)
        fields = ", ".join(form.changed_data) if change else "new"
        audit(AuditKind.STAFF_CHANGED, by=request.user.get_username(), person=obj.pk, role=obj.role, fields=fields)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """Django's page; a password that was set is written down."""
        answer = super().user_change_password(request, id, form_url)
        if request.method == "POST" and answer.status_code == HTTPStatus.FOUND:
            audit(AuditKind.STAFF_CHANGED, by=request.user.get_username(), person=int(id), fields="password")
        return answer

    def has_help_here_permission(self, request: HttpRequest) -> bool:
        """On a kiosk, managers help with PINs."""
        return not settings.EDGESHOP.is_ledger and isinstance(request.user, Staff) and may_alone(request.user)

    def has_help_there_permission(self, request: HttpRequest) -> bool:
        """In the cloud, operators help with lost phones."""
        return bool(settings.EDGESHOP.is_ledger and request.user.has_perm("fleet.change_staff"))

    @action(description="Forgotten PIN: a one-time number", permissions=["help_here"])
    def new_pin(self, request: HttpRequest, queryset: QuerySet[Staff]) -> None:
        """Show a number that lets each person chosen set a new PIN, within 15 minutes."""
        for person in queryset:
            self._help(request, person, lambda p, by: reset_pin(staff=p, by=by, at=clock.now()))

    @action(description="Lost phone: take the second factor away", permissions=["help_there"])
    def new_second_factor(self, request: HttpRequest, queryset: QuerySet[Staff]) -> None:
        """Let each person chosen set up a new one at their next login."""
        for person in queryset:
            self._help(request, person, lambda p, by: second_factor.reset(staff=p, by=by))

    def _help(self, request: HttpRequest, person: Staff, how: Callable[[Staff, Staff], str | None]) -> None:
        try:
            number = how(person, cast(Staff, request.user))
        except EdgeShopError as refused:
            messages.error(request, f"{person}: {refused.message}")
        else:
            said = f"one-time number {number}, for 15 minutes" if number else "sets up a new one at the next login"
            messages.success(request, f"{person}: {said}.")
