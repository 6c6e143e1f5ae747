"""What a kiosk's web server does once, before it answers anybody."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.db import connection

from edgeshop.fleet.services import notice_restore


def look_back() -> None:
    """See whether this is still the disk that the last word in the journal was written on.

    A server may load its application inside an event loop, where Django refuses to ask the database: a thread does.
    """
    if settings.EDGESHOP.is_ledger:
        return
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        notice_restore()
        return
    with ThreadPoolExecutor(max_workers=1) as beside:
        beside.submit(_look_and_leave).result()


def _look_and_leave() -> None:
    try:
        notice_restore()
    finally:
        connection.close()
