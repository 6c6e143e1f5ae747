"""What every server and worker of a node does once, before it answers or does anything."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.db import connection

from edgeshop.fleet.services import notice_restore, replay_erasures
from edgeshop.fleet.services.health import START, STARTS, count_up


def look_back() -> None:
    """See whether this is still the disk that the last word in the journal was written on, and erase again whom an
    older copy has brought back.

    A server may load its application inside an event loop, where Django refuses to ask the database: a thread does.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        _look()
        return
    with ThreadPoolExecutor(max_workers=1) as beside:
        beside.submit(_look_and_leave).result()


def _look() -> None:
    if not settings.EDGESHOP.is_ledger:
        notice_restore()
        count_up(STARTS, once_in=START)
    replay_erasures()


def _look_and_leave() -> None:
    try:
        _look()
    finally:
        connection.close()
