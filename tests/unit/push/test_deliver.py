"""Sending: once, encrypted, patiently, and without holding up anything else."""

import json
from datetime import timedelta

import pytest
import requests

from edgeshop.push.models import Notice, Subscription
from edgeshop.push.services import collect_notices, subscribe_order
from edgeshop.push.services.deliver import deliver_due
from edgeshop.push.tasks import sweep
from edgeshop.vault.services import load_vapid
from tests.factories.push import Subscriber, make_order

pytestmark = [pytest.mark.unit, pytest.mark.django_db]


@pytest.fixture
def notices(kiosk, held_clock, service):
    """Makes notices that are due: `notices(3)`."""

    def make(count: int) -> None:
        for seq in range(1, count + 1):
            make_order(kiosk, seq, at=held_clock.at)
            browser = Subscriber(endpoint=f"https://push.example.com/{seq}")
            subscribe_order(number=f"3-12-1-{seq}", receipt_key=f"key-{seq}", **browser.said)
        assert collect_notices() == count

    return make


def standing() -> list[tuple[bool, bool, int, str]]:
    rows = Notice.objects.order_by("subscription__topic").values_list("sent_at", "given_up_at", "attempts", "problem")
    return [(sent is not None, gone is not None, attempts, problem) for sent, gone, attempts, problem in rows]


def test_a_notice_goes_out_once_with_our_name_on_it(notices, service):
    notices(1)

    assert [deliver_due(), deliver_due()] == [1, 0]

    [request] = service.asked
    assert request.url == "https://push.example.com/1"
    assert request.headers["Authorization"].startswith("vapid t=")
    assert load_vapid().public_key in request.headers["Authorization"]
    assert (request.headers["Content-Encoding"], request.headers["TTL"], request.headers["Urgency"]) == (
        "aes128gcm", "86400", "normal",
    )  # fmt: skip
    assert b"3-12-1-1" not in request.body
    assert standing() == [(True, False, 1, "")]


def test_the_sweep_finds_and_sends(kiosk, held_clock, service):
    make_order(kiosk, 1, at=held_clock.at)
    subscribe_order(number="3-12-1-1", receipt_key="key-1", **Subscriber().said)

    sweep()

    assert len(service.asked) == 1


def test_two_workers_send_one_notice_once(notices, service):
    notices(1)
    inner = service.send

    def while_another_sweeps(*args, **options):
        assert deliver_due() == 0
        return inner(*args, **options)

    service.send = while_another_sweeps

    assert deliver_due() == 1
    assert len(service.asked) == 1


def test_a_notice_whose_sender_was_killed_comes_back(notices, service, held_clock):
    notices(1)
    service.answers = [KeyboardInterrupt()]
    with pytest.raises(KeyboardInterrupt):
        deliver_due()
    assert deliver_due() == 0

    held_clock.move(minutes=2)

    assert deliver_due() == 1


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_ends_its_subscription(notices, service, status):
    notices(1)
    Subscription.objects.update(ended_at=None)
    service.answers = [status]

    deliver_due()

    assert standing() == [(False, True, 1, f"HTTP {status}")]
    assert Subscription.objects.get().ended_at is not None


@pytest.mark.parametrize("status", [400, 401, 403, 413, 301, 307])
def test_what_will_never_go_through_is_given_up_at_once(notices, service, status):
    notices(1)
    service.answers, service.headers = [status], {"Location": "https://elsewhere.example.com/"}

    deliver_due()

    assert standing() == [(False, True, 1, f"HTTP {status}")]
    assert len(service.asked) == 1


def test_a_service_in_trouble_is_asked_again_later_and_later_and_in_the_end_no_more(notices, service, held_clock):
    notices(1)
    service.answers = [500, 503, 429, 502]
    pauses = []
    for _ in range(4):
        deliver_due()
        due = Notice.objects.get().next_at
        pauses.append((due - held_clock.at).total_seconds())
        held_clock.at = max(due, held_clock.at)

    assert pauses[:3] == [10, 20, 40]
    assert standing() == [(False, True, 4, "HTTP 502")]


def test_a_service_may_ask_for_a_longer_pause(notices, service, held_clock):
    notices(1)
    service.answers, service.headers = [429], {"Retry-After": "900"}

    deliver_due()

    assert Notice.objects.get().next_at == held_clock.at + timedelta(seconds=900)


def test_a_notice_that_waited_is_not_due_before_its_time(notices, service, held_clock):
    notices(1)
    service.answers = [503]
    deliver_due()

    held_clock.move(seconds=9)
    assert deliver_due() == 0
    held_clock.move(seconds=1)

    assert deliver_due() == 1


def test_a_dead_link_stops_the_sweep_and_uses_up_no_attempts(notices, service, held_clock):
    notices(3)
    service.answers = [requests.ConnectTimeout() for _ in range(20)]

    for _ in range(6):
        asked_before = len(service.asked)
        assert deliver_due() == 0
        assert len(service.asked) - asked_before <= 1
        held_clock.move(hours=1)
    service.answers = []

    assert deliver_due() == 3
    assert all(sent for sent, *_ in standing())


def test_who_has_not_heard_in_three_days_is_not_told_any_more(notices, service, held_clock):
    notices(1)
    service.answers = [requests.ConnectionError()]
    held_clock.move(days=3, seconds=1)

    deliver_due()

    assert standing() == [(False, True, 1, "ConnectionError")]


def test_one_that_cannot_be_encrypted_holds_up_no_other(notices, service):
    notices(2)
    broken = Subscription.objects.get(topic="order:3-12-1-1")
    broken.p256dh = "AAAA"
    broken.save()

    assert deliver_due() == 1

    assert [gone for _, gone, *_ in standing()] == [True, False]


def test_success_is_any_of_the_two_hundreds(notices, service):
    notices(1)
    service.answers = [204]

    assert deliver_due() == 1
    assert standing() == [(True, False, 1, "")]


def test_a_push_service_out_of_reach_may_take_two_seconds_and_no_more(notices, service):
    notices(1)

    deliver_due()

    assert service.timeouts == [(2.0, 5.0)]


def test_a_body_is_what_the_service_worker_reads(notices):
    notices(1)

    assert set(json.loads(json.dumps(Notice.objects.get().body))) == {"title", "body", "url"}


@pytest.mark.parametrize("count", [1, 3])
def test_sending_costs_one_query_and_five_each(notices, service, count, django_assert_num_queries):
    notices(count)
    load_vapid()

    with django_assert_num_queries(1 + 5 * count):  # three of them the person's key, read anew each time
        assert deliver_due() == count
