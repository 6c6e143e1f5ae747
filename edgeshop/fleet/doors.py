"""The pages at the door: PINs on a kiosk, the second factor in the cloud. Each is there on its own tier only."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth import login
from django.contrib.auth.views import redirect_to_login
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from django_otp import login as login_by_device

from edgeshop.fleet.errors import PinRefused
from edgeshop.fleet.forms import NewPinForm, NumberForm, PinForm
from edgeshop.fleet.models import Staff
from edgeshop.fleet.services import second_factor
from edgeshop.fleet.services.pins import check_pin, has_pin, set_pin
from edgeshop.fleet.services.signing_in import PIN, mark_way, note_failed_pin
from edgeshop.kernel import clock
from edgeshop.kernel.errors import EdgeShopError

View = Callable[[HttpRequest], HttpResponse]
_BACKEND = "django.contrib.auth.backends.ModelBackend"
_MAY_SET = "may_set_pin"  # in the session: whose new PIN comes next, and until when
_MAY_SET_S = 600
_PIN_SESSION_S = 3600  # a till is left standing open; four digits are soon typed again


def door(*, is_ledger: bool) -> Callable[[View], View]:
    """A page of one tier: never cached, and its secrets in no error report."""

    def wrapped(view: View) -> View:
        @never_cache
        @sensitive_post_parameters()
        @require_http_methods(["GET", "POST"])
        @wraps(view)
        def page(request: HttpRequest) -> HttpResponse:
            if settings.EDGESHOP.is_ledger != is_ledger:
                raise Http404
            return view(request)

        return page

    return wrapped


@door(is_ledger=False)
def pin(request: HttpRequest) -> HttpResponse:
    """Name and PIN. A one-time number leads on to a new PIN, and opens nothing else."""
    form = PinForm(request.POST or None)
    if not form.is_valid():
        return _show(request, "fleet/pin.html", form, "Log in with your PIN")
    said = form.cleaned_data
    try:
        staff, is_one_time = check_pin(username=said["username"], pin=said["pin"], at=clock.now())
    except EdgeShopError as refused:
        if isinstance(refused, PinRefused):
            note_failed_pin(said["username"])
        form.add_error(None, refused.message)
        return _show(request, "fleet/pin.html", form, "Log in with your PIN", status=refused.http_status)
    if is_one_time:
        request.session.cycle_key()
        request.session[_MAY_SET] = [staff.pk, int(clock.timestamp()) + _MAY_SET_S]
        return HttpResponseRedirect(reverse("admin:fleet_new_pin"))
    _let_in(request, staff)
    return _onward(request)


@door(is_ledger=False)
def new_pin(request: HttpRequest) -> HttpResponse:
    """Set one's own PIN: after a login and with the password, or right after a manager's one-time number."""
    invited = _invited(request)
    staff = invited or request.user
    if not isinstance(staff, Staff) or not staff.is_active:
        return redirect_to_login(request.get_full_path())
    form = NewPinForm(request.POST or None)
    form = form.without_password() if invited else form
    if form.is_valid() and _sets(form, staff):
        if invited:
            request.session.pop(_MAY_SET)
            _let_in(request, staff)
        messages.success(request, "Your PIN is set. It opens this kiosk, also with the cable out.")
        return HttpResponseRedirect(reverse("admin:index"))
    return _show(request, "fleet/new_pin.html", form, "Your PIN on this kiosk", has_pin=has_pin(staff))


def _sets(form: Form, staff: Staff) -> bool:
    """Whether the form has set the PIN; why not stands in it."""
    said, at = form.cleaned_data, clock.now()
    if "password" in form.fields and not staff.check_password(said["password"]):
        form.add_error("password", "This is not your password. Without it, ask a manager to reset your PIN.")
        return False
    try:
        set_pin(staff=staff, pin=said["pin"], at=at)
    except EdgeShopError as refused:
        form.add_error("pin", refused.message)
        return False
    return True


def _invited(request: HttpRequest) -> Staff | None:
    whose, until_s = request.session.get(_MAY_SET, (None, 0))
    if whose is None or until_s <= clock.timestamp():
        return None
    return Staff.objects.filter(pk=whose, is_active=True).first()


def _let_in(request: HttpRequest, staff: Staff) -> None:
    mark_way(request, PIN)
    login(request, staff, backend=_BACKEND)
    request.session.set_expiry(_PIN_SESSION_S)


@door(is_ledger=True)
def ask_second_factor(request: HttpRequest) -> HttpResponse:
    """The number after the password; who has no device yet sets one up first."""
    staff = request.user
    if not isinstance(staff, Staff):
        return redirect_to_login(request.GET.get("next", reverse("admin:index")))
    if not second_factor.has_device(staff):
        return HttpResponseRedirect(f"{reverse('admin:fleet_new_second_factor')}?{urlencode({'next': _next(request)})}")
    form = NumberForm(request.POST or None)
    if form.is_valid():
        device = second_factor.check(staff, form.cleaned_data["number"])
        if device is not None:
            login_by_device(request, device)
            return _onward(request)
        second_factor.note_wrong(staff)
        form.add_error("number", "This is not the number now. Wait for the next one, or use a recovery code.")
    return _show(request, "fleet/second_factor.html", form, "Second factor")


@door(is_ledger=True)
def new_second_factor(request: HttpRequest) -> HttpResponse:
    """Scan, type the first number, keep the recovery codes. Who has a device must have shown it in this session."""
    staff = request.user
    if not isinstance(staff, Staff):
        return redirect_to_login(request.get_full_path())
    if second_factor.has_device(staff) and not staff.is_verified():  # type: ignore[attr-defined]  # -- by OTPMiddleware
        return HttpResponseRedirect(reverse("admin:fleet_second_factor"))
    form = NumberForm(request.POST or None)
    if form.is_valid():
        done = second_factor.confirm(staff, form.cleaned_data["number"])
        if done is not None:
            login_by_device(request, done[0])
            return _show(request, "fleet/recovery.html", form, "Recovery codes", codes=done[1])
        form.add_error("number", "This is not the number now. Wait for the next one and type that.")
    device = second_factor.begin(staff)
    qr = second_factor.picture(device)
    return _show(
        request,
        "fleet/new_second_factor.html",
        form,
        "Set up your second factor",
        qr=qr,
        key=second_factor.key_in_words(device),
    )


def _next(request: HttpRequest) -> str:
    wish = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(wish, {request.get_host()}, require_https=request.is_secure())
    return wish if is_ours else reverse("admin:index")


def _onward(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(_next(request))


def _show(
    request: HttpRequest, template: str, form: Form, title: str, *, status: int = 200, **more: Any
) -> HttpResponse:
    if form.errors and status == 200:
        status = 422
    shown = admin.site.each_context(request) | {"title": title, "form": form, "next": _next(request), **more}
    return render(request, template, shown, status=status)
