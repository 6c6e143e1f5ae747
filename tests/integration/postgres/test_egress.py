"""A kiosk's ledger on PostgreSQL, told by two contacts at once."""

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from edgeshop.sync.models import DayEgress
from edgeshop.sync.services.egress.section import answer_egress
from tests.factories.fleet import KIOSK, SHOP, make_kiosk, make_shop

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
Connected = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def postgres(on_postgresql: Connected) -> Connected:
    """One kiosk, which has told of one day."""
    with on_postgresql():
        call_command("flush", verbosity=0, interactive=False)
        make_kiosk(make_shop(pk=SHOP), pk=KIOSK)
        tell(up=100, down=100)
    return on_postgresql


def tell(*, up: int, down: int) -> None:
    answer_egress(KIOSK, {"2026-11-10": [["facts", 1, up, down, 0]]})


def until_somebody_waits() -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    pytest.fail("nobody waits")


def test_of_two_ledgers_at_once_each_count_is_the_greater(postgres: Connected) -> None:
    told = threading.Event()

    def second() -> None:
        with postgres():
            assert told.wait(20)
            tell(up=150, down=300)

    other = threading.Thread(target=second)
    other.start()
    with postgres():
        with transaction.atomic():
            tell(up=200, down=200)
            told.set()
            until_somebody_waits()
        other.join()

        rows = DayEgress.objects.values_list("on", "stream", "up_bytes", "down_bytes")
        assert list(rows) == [(date(2026, 11, 10), "facts", 200, 300)]
