"""What is worth telling is found in the database, told once, and to whom it concerns."""

import pytest
from django.utils.timezone import timedelta

from edgeshop.fleet.models import Staff
from edgeshop.push.models import Notice, Subscription
from edgeshop.push.services import collect_notices, subscribe_order, subscribe_reviews
from tests.factories.fleet import make_kiosk, make_shop, make_staff
from tests.factories.push import Subscriber, make_order, make_review

pytestmark = [pytest.mark.unit, pytest.mark.django_db]


def listen(seq: int, **changed: str) -> None:
    browser = Subscriber(endpoint=f"https://push.example.com/{seq}")
    subscribe_order(**{"number": f"3-12-1-{seq}", "receipt_key": f"key-{seq}"} | browser.said | changed)


def listen_to_reviews(username: str, **fields) -> Staff:
    person = make_staff(username, **fields)
    subscribe_reviews(staff=person, **Subscriber(endpoint=f"https://push.example.com/{username}").said)
    return person


def test_a_settled_order_is_told_once_and_ends_its_subscription(kiosk, held_clock):
    order = make_order(kiosk, 1, at=held_clock.at, delivery="acknowledged")
    listen(1, language="de")
    assert collect_notices() == 0
    type(order).objects.update(delivery="settled")

    assert [collect_notices(), collect_notices()] == [1, 0]

    notice = Notice.objects.get()
    assert notice.body == {"title": "Ihre Bestellung ist bestätigt", "body": "3-12-1-1", "url": "/r/key-1"}
    assert (notice.key, notice.next_at, notice.made_at) == ("order:3-12-1-1", held_clock.at, held_clock.at)
    assert Subscription.objects.get().ended_at == held_clock.at


def test_asking_again_for_an_order_that_was_told_tells_nothing_twice(kiosk, held_clock):
    make_order(kiosk, 1, at=held_clock.at)
    listen(1)
    collect_notices()

    listen(1)

    assert collect_notices() == 0
    assert Notice.objects.count() == 1


def test_orders_that_never_settle_stand_in_nobody_s_way(kiosk, held_clock, monkeypatch):
    monkeypatch.setattr("edgeshop.push.services.notices._BATCH_MAX", 2)
    for seq in range(1, 4):
        make_order(kiosk, seq, at=held_clock.at, delivery="acknowledged")
        listen(seq)
    make_order(kiosk, 4, at=held_clock.at)
    listen(4)

    assert collect_notices() == 1


def test_reasons_opened_together_are_one_notice_and_later_ones_another(kiosk, held_clock):
    listen_to_reviews("mia")
    order = make_order(kiosk, 1, at=held_clock.at, delivery="acknowledged")
    held_clock.move(minutes=1)
    make_review(order, "OVERSOLD", at=held_clock.at)
    make_review(order, "PRICE_DRIFT", at=held_clock.at)
    assert [collect_notices(), collect_notices()] == [1, 0]
    assert Notice.objects.get().body["title"] == "An order waits for you"
    assert Notice.objects.get().body["body"].startswith("3-12-1-1: ")
    assert Notice.objects.get().body["body"].count(",") == 1

    held_clock.move(minutes=1)
    make_review(order, "TOKEN_REPLAY", at=held_clock.at, subject="x")

    assert [collect_notices(), collect_notices()] == [1, 0]


def test_what_waited_before_somebody_asked_is_not_news(kiosk, held_clock):
    order = make_order(kiosk, 1, at=held_clock.at)
    make_review(order, at=held_clock.at - timedelta(seconds=1))
    listen_to_reviews("mia")

    assert collect_notices() == 0


def test_what_somebody_has_decided_is_not_news(kiosk, held_clock):
    listen_to_reviews("mia")
    review = make_review(make_order(kiosk, 1, at=held_clock.at), at=held_clock.at)
    type(review).objects.update(decided_at=held_clock.at, decision="accept")

    assert collect_notices() == 0


def test_staff_hear_of_their_own_shop_and_those_of_no_one_shop_of_all(kiosk, held_clock):
    listen_to_reviews("mia", shop=kiosk.shop)
    listen_to_reviews("cleo", shop=make_shop(pk=4, name="Harbour"))
    listen_to_reviews("olga")
    gone = listen_to_reviews("gus", shop=kiosk.shop)
    Staff.objects.filter(pk=gone.pk).update(is_active=False)
    make_review(make_order(kiosk, 1, at=held_clock.at), at=held_clock.at)

    assert collect_notices() == 2

    told = Notice.objects.values_list("subscription__staff__username", flat=True)
    assert sorted(told) == ["mia", "olga"]


@pytest.mark.parametrize("count", [1, 3])
def test_finding_what_to_tell_costs_the_same_however_much_it_is(
    kiosk, held_clock, count, django_assert_max_num_queries
):
    make_kiosk(make_shop(pk=4), pk=40)
    for n in range(1, count + 1):
        listen_to_reviews(f"p{n}")
        order = make_order(kiosk, n, at=held_clock.at)
        listen(n)
        make_review(order, at=held_clock.at)

    with django_assert_max_num_queries(10):
        assert collect_notices() == count + count * count
