"""Logins in the audit log, whichever page they came by: Django tells of them by its own signals."""

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

from edgeshop.fleet.errors import TooManyTries
from edgeshop.fleet.models import Staff, Tries
from edgeshop.fleet.services.tries import count_try
from edgeshop.journal.services import AuditKind, audit
from edgeshop.kernel import clock

PASSWORD, PIN = "password", "PIN"


def listen() -> None:
    """Called once, when the apps are ready."""
    user_logged_in.connect(_note_login, dispatch_uid="fleet.login")
    user_logged_out.connect(_note_logout, dispatch_uid="fleet.logout")
    user_login_failed.connect(_note_failure, dispatch_uid="fleet.login_failed")


def mark_way(request: HttpRequest, way: str) -> None:
    """Say by what the login that follows in this request was made."""
    request.way_in = way  # type: ignore[attr-defined]  # -- our own attribute on Django's request


def note_failed_pin(username: str) -> None:
    """A PIN that did not open. Only a name that is somebody's is written down: people type PINs into name fields."""
    audit(AuditKind.LOGIN_FAILED, by=_known(username), way=PIN)


def _note_login(request: HttpRequest, user: Staff, **_: Any) -> None:
    Tries.objects.filter(pk=_subject(user.get_username())).delete()
    audit(AuditKind.LOGIN, by=user.get_username(), person=user.pk, way=getattr(request, "way_in", PASSWORD))


def _note_logout(user: Staff | None, **_: Any) -> None:
    if user is not None:
        audit(AuditKind.LOGOUT, by=user.get_username(), person=user.pk)


def _note_failure(credentials: dict[str, Any], **_: Any) -> None:
    """A wrong password. Somebody who tries on and on is written down ever more rarely: journals stay."""
    username = _known(str(credentials.get("username", "")))
    try:
        count_try(_subject(username), at=clock.now())
    except TooManyTries:
        return
    audit(AuditKind.LOGIN_FAILED, by=username, way=PASSWORD)


def _subject(username: str) -> str:
    return f"password/{username[:40]}"


def _known(username: str) -> str:
    found = Staff.objects.filter(username=username[:150]).first()
    return found.get_username() if found else ""
