"""The page with the switch for uncleared selling, on a kiosk: off by anybody at the till, on again by a manager."""

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from edgeshop.checkout.models import UnclearedPause
from edgeshop.checkout.services import pause_uncleared, resume_uncleared
from edgeshop.fleet.ago import ago
from edgeshop.fleet.forms import SecondForm, second_in
from edgeshop.fleet.models import Staff
from edgeshop.fleet.roles import may_alone
from edgeshop.kernel import clock
from edgeshop.kernel.errors import EdgeShopError


@sensitive_post_parameters("second_pin")
@require_http_methods(["GET", "POST"])
def uncleared(request: HttpRequest) -> HttpResponse:
    """GET how it stands; POST to change it. Who may come here at all is the admin's to check."""
    if settings.EDGESHOP.is_ledger or not isinstance(request.user, Staff):
        raise Http404
    if not request.user.has_perm("checkout.change_order"):
        raise PermissionDenied
    form = SecondForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _switched(request, form):
        return HttpResponseRedirect(request.path)
    pause = UnclearedPause.objects.first()
    since = ago(pause.at) if pause else ""
    shown = {"title": "Uncleared selling", "form": form, "pause": pause, "since": since}
    shown["is_alone"] = may_alone(request.user)
    status = 422 if form.errors else 200
    return render(request, "checkout/uncleared.html", admin.site.each_context(request) | shown, status=status)


def _switched(request: HttpRequest, form: SecondForm) -> bool:
    by, at = request.user.get_username(), clock.now()
    try:
        if "pause" in request.POST:
            pause_uncleared(by=by, at=at)
            messages.success(request, "Paused. New tokens sell for cash and cards only.")
        else:
            resume_uncleared(by=by, at=at, second=second_in(form.cleaned_data))
            messages.success(request, "Uncleared selling goes on, within the grant.")
    except EdgeShopError as refused:
        form.add_error(None, refused.message)
        return False
    return True
