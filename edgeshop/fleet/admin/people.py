"""A window on the people."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, cast

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from unfold.admin import ModelAdmin
from unfold.decorators import action
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from edgeshop.fleet import doors
from edgeshop.fleet.admin.base import OnCloudOnly
from edgeshop.fleet.models import Staff
from edgeshop.fleet.roles import may_alone
from edgeshop.fleet.services import (
    second_factor,
)
from edgeshop.fleet.services.pins import reset_pin
from edgeshop.fleet.services.staff import save_staff
from edgeshop.journal.services import AuditKind, audit
from edgeshop.kernel import clock
from edgeshop.kernel.errors import EdgeShopError

for _theirs in (Group, *second_factor.DEVICES):  # devices show their secrets in windows of their own
    admin.site.unregister(_theirs)


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
