"""Instants as people read them in lists."""

from datetime import datetime, timedelta

from django.utils.timesince import timesince

from edgeshop.kernel import clock


def ago(at: datetime | None) -> str:
    """How long ago something was last so: "never", "just now" within a minute, "3 minutes ago"."""
    if at is None:
        return "never"
    now = clock.now()
    return "just now" if now - at < timedelta(minutes=1) else f"{timesince(at, now)} ago"
