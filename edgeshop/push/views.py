"""The page where staff ask, for this browser, to be told when a review waits. Only the cloud tells them."""

import json
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from edgeshop.fleet.models import Staff
from edgeshop.kernel.errors import EdgeShopError, InvalidInput
from edgeshop.push.services import current_sender, subscribe_reviews, unsubscribe_reviews


@require_http_methods(["GET", "POST", "DELETE"])
def tell_me(request: HttpRequest) -> HttpResponse:
    """GET the page; POST a browser's subscription, DELETE it again: 204, or an error in the one shape.

    Who may call it at all is the admin's to check, and so is the form's token.
    """
    if not settings.EDGESHOP.is_ledger or not isinstance(request.user, Staff):
        raise Http404
    if request.method == "GET":
        shown = admin.site.each_context(request) | {"title": "Notices", "vapid_key": current_sender().public_key}
        return render(request, "push/tell_me.html", shown)
    try:
        _change(request.user, request.method or "", request.body)
    except EdgeShopError as error:
        return JsonResponse(_shape(request, error), status=error.http_status)
    return HttpResponse(status=204)


def _change(staff: Staff, method: str, body: bytes) -> None:
    try:
        said = json.loads(body)
        endpoint, keys, language = str(said["endpoint"]), said.get("keys", {}), str(said.get("language", "en"))
        p256dh, auth = str(keys.get("p256dh", "")), str(keys.get("auth", ""))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise InvalidInput("A subscription is what the browser's PushSubscription says of itself.") from None
    if method == "POST":
        subscribe_reviews(staff=staff, endpoint=endpoint, p256dh=p256dh, auth=auth, language=language)
    else:
        unsubscribe_reviews(staff=staff, endpoint=endpoint)


def _shape(request: HttpRequest, error: EdgeShopError) -> dict[str, Any]:
    return {
        "code": error.code,
        "message": error.message,
        "retry": error.retry.value,
        "fields": error.fields,
        "request_id": getattr(request, "request_id", ""),
    }
