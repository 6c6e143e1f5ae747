"""Celery, and what binds the kernel's jobs and events to it and to Channels in every process that serves."""

import logging
from typing import Any

from asgiref.sync import async_to_sync
from celery import Celery
from celery.signals import beat_init, worker_init
from channels.layers import get_channel_layer
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from edgeshop.kernel import events, jobs
from edgeshop.settings.env import use_role_settings

use_role_settings()
log = logging.getLogger(__name__)
app = Celery("edgeshop")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
SCREENS = "screens"


def _run(name: str, kwargs: dict[str, Any]) -> None:
    """Hand a job to the workers. Without Redis it is late: its sweeper finds the work in the database."""
    try:
        app.send_task(name, kwargs=kwargs, retry=False)
    except (OperationalError, RedisError, OSError) as error:
        log.warning("job %s waits for its sweeper: %s", name, type(error).__name__)


def _publish(kind: str, payload: dict[str, Any]) -> None:
    """Tell open screens. Without Redis they learn it from their next heartbeat."""
    try:
        async_to_sync(get_channel_layer().group_send)(SCREENS, {"type": "nudge", "kind": kind, **payload})
    except (RedisError, OSError) as error:
        log.warning("event %s not told to open screens: %s", kind, type(error).__name__)


def look_back(**_said: Any) -> None:
    """Workers pass no middleware, and send mail and notices: they look back too before they begin."""
    from edgeshop.fleet import boot  # noqa: PLC0415 -- models exist only once the apps are ready

    boot.look_back()


def bind() -> None:
    """Let this process hand out jobs and events; called once by each entry point."""
    jobs.bind(_run)
    events.bind(_publish)


bind()
worker_init.connect(look_back)
beat_init.connect(look_back)
