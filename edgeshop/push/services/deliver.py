"""Delivery through the browser's push service. Source: RFC 8030 (push), RFC 8291 (encryption), RFC 8292 (VAPID)."""

import json
import logging
from datetime import timedelta
from urllib.parse import urlsplit

import requests
from django.conf import settings
from django.db.models import F
from pywebpush import WebPushException, webpush

from edgeshop.kernel import clock
from edgeshop.push.models import Notice, Subscription
from edgeshop.push.services.sender import sender_of
from edgeshop.vault.errors import LeaseExpired, LeaseMissing

log = logging.getLogger(__name__)
_TTL_S = 24 * 3600
_TOKEN_LIFE_S = 12 * 3600  # RFC 8292 allows a day
_GONE = {404, 410}
_CONNECT_S = 2.0  # one worker does everything on a kiosk: a push service that is out of reach must not hold up sales
_CLAIM = timedelta(minutes=2)  # longer than any attempt; a notice whose sender was killed comes back after it
_PAUSE_S, _PAUSE_S_MAX = 10, 3600
_KEPT = timedelta(days=3)  # who has not heard by then has asked somebody
_RETRIED = {408, 425, 429}


class _Direct(requests.Session):
    """Follows no redirect: the endpoint was looked at, where it points to was not."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Nowhere."""
        return None


def deliver_due(limit: int = 50) -> int:
    """Send what is due, oldest first; answers how many were accepted by a push service.

    Stops at the first one that cannot be reached: it is more likely our link than their service.
    """
    due = Notice.objects.filter(sent_at__isnull=True, given_up_at__isnull=True, next_at__lte=clock.now())
    accepted = 0
    with _Direct() as session:
        for notice in due.select_related("subscription").order_by("next_at", "pk")[:limit]:
            if not _claim(notice):
                continue
            try:
                accepted += _deliver(notice, session)
            except requests.RequestException as error:
                _try_later(notice, type(error).__name__, give_up_after=None)
                break
    return accepted


def _claim(notice: Notice) -> bool:
    """Whether this notice is ours to send now; two workers never send one twice."""
    same = Notice.objects.filter(pk=notice.pk, next_at=notice.next_at, sent_at=None, given_up_at=None)
    return same.update(next_at=clock.now() + _CLAIM, attempts=F("attempts") + 1) == 1


def _deliver(notice: Notice, session: requests.Session) -> bool:
    """Whether the push service took it. Raises: RequestException when it could not be reached."""
    try:
        _send(notice, session)
    except WebPushException as error:
        return _after_answer(notice, error)
    except requests.RequestException:
        raise
    except (LeaseExpired, LeaseMissing) as error:
        _try_later(notice, error.code, give_up_after=None)  # our name is on lease: it comes back with a contact
        return False
    except Exception as error:  # noqa: BLE001 -- logged by its kind only: what it says may name the browser
        _give_up(notice, type(error).__name__)
        return False
    _done(notice)
    return True


def _send(notice: Notice, session: requests.Session) -> None:
    to = notice.subscription
    endpoint = to.endpoint
    origin = urlsplit(endpoint)
    webpush(
        {"endpoint": endpoint, "keys": {"p256dh": to.p256dh, "auth": to.auth}},
        json.dumps(notice.body, ensure_ascii=False),
        vapid_private_key=sender_of(to.vapid_kid).signer,
        vapid_claims={
            "sub": settings.EDGESHOP.push.contact,
            "aud": f"{origin.scheme}://{origin.netloc}",
            "exp": int(clock.timestamp()) + _TOKEN_LIFE_S,
        },
        ttl=_TTL_S,
        timeout=(_CONNECT_S, settings.EDGESHOP.push.timeout_s),
        headers={"Urgency": "normal"},
        requests_session=session,
    )


def _after_answer(notice: Notice, error: WebPushException) -> bool:
    status = error.status_code or 0
    if 200 <= status < 300:  # the library takes only some of them for a success
        _done(notice)
        return True
    if status in _GONE:
        Subscription.objects.filter(pk=notice.subscription_id).update(ended_at=clock.now())
    if status in _RETRIED or status >= 500:
        pause = str(error.retry_after or "")
        _try_later(
            notice,
            f"HTTP {status}",
            give_up_after=settings.EDGESHOP.push.attempts_max,
            pause_s=int(pause) if pause.isascii() and pause.isdecimal() else 0,
        )
    else:
        _give_up(notice, f"HTTP {status}" if status else "not sent")
    return False


def _done(notice: Notice) -> None:
    Notice.objects.filter(pk=notice.pk).update(sent_at=clock.now(), problem="")


def _give_up(notice: Notice, problem: str) -> None:
    log.warning("notice %s given up: %s", notice.pk, problem)
    Notice.objects.filter(pk=notice.pk).update(given_up_at=clock.now(), problem=problem[:200])


def _try_later(notice: Notice, problem: str, *, give_up_after: int | None, pause_s: int = 0) -> None:
    """Wait, longer each time. A dead link uses up no attempts; only age ends what could never be brought."""
    attempts, now = notice.attempts + 1, clock.now()
    is_over = give_up_after is not None and attempts >= give_up_after
    if is_over or now - notice.made_at > _KEPT:
        _give_up(notice, problem)
        return
    wait_s = max(pause_s, _PAUSE_S * 2 ** min(attempts - 1, 20))
    Notice.objects.filter(pk=notice.pk).update(
        next_at=now + timedelta(seconds=min(wait_s, _PAUSE_S_MAX)), problem=problem[:200]
    )
