"""People and shops travel to the kiosks; what is not theirs stays away."""

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command

from edgeshop.fleet.models import Kiosk, Shop, Staff
from edgeshop.fleet.services.staff import save_kiosk, save_shop, save_staff
from edgeshop.journal import registry
from edgeshop.journal.models import Change
from tests.factories.fleet import KIOSK, PASSWORD, SHOP, make_kiosk, make_shop, make_staff

pytestmark = [pytest.mark.unit, pytest.mark.django_db]


def marked() -> list[tuple[str, str]]:
    return list(Change.objects.order_by("id").values_list("stream", "key"))


def collect(stream: str, *keys: str):
    return registry.source_of(stream).collect(stream, keys)


def apply(stream: str, rows, gone=()):
    registry.source_of(stream).apply(stream, list(rows), list(gone))


def row(key: int, username: str, **fields):
    usual = {
        "key": str(key), "username": username, "first_name": "", "last_name": "", "password": "md5$x$y", "shop": None,
        "is_active": True, "is_staff": True, "is_superuser": False, "role": "attendant",
    }  # fmt: skip
    return usual | fields


def test_whoever_saves_a_person_marks_the_change(shop):
    ben = make_staff("ben", shop=shop)
    ben.set_password("another-long-one")
    ben.save()
    save_staff(ben)

    assert marked() == [("staff", str(ben.pk))] * 3


def test_commands_that_know_nothing_of_us_mark_the_change_too(db):
    call_command("createsuperuser", username="olga", email="o@example.org", interactive=False)

    assert marked() == [("staff", str(Staff.objects.get().pk))]


def test_a_login_is_nobody_s_news(client, shop):
    make_staff("ben", shop=shop)
    before = marked()

    assert client.login(username="ben", password=PASSWORD)

    assert marked() == before


def test_a_person_saved_on_a_kiosk_is_not_marked(house):
    make_staff("ben")

    assert marked() == []


def test_a_shop_saved_is_marked_and_travels(shop):
    shop.name = "Harbour"
    save_shop(shop)

    [told] = collect("config", f"shop{SHOP}", "shop99", "other")
    Shop.objects.update(name="before")
    apply("config", [told, told | {"key": "shop99", "id": 99}])

    assert marked() == [("config", f"shop{SHOP}")]
    assert list(Shop.objects.values_list("pk", "name")) == [(SHOP, "Harbour")]


def test_saving_a_kiosk_s_name_leaves_its_epoch_alone(kiosk):
    seen_before = Kiosk.objects.get(pk=KIOSK)
    Kiosk.objects.update(epoch=7)

    seen_before.name = "Counter"
    save_kiosk(seen_before)

    kiosk.refresh_from_db()
    assert (kiosk.name, kiosk.epoch) == ("Counter", 7)


def test_people_log_in_on_the_kiosk_with_the_cloud_s_password(house):
    with house.cloud():
        ben = make_staff("ben", shop=Shop.objects.get())
        [told] = collect("staff", str(ben.pk))
    apply("staff", [told])

    here = authenticate(username="ben", password=PASSWORD)

    assert (here.pk, here.shop_id, here.role) == (ben.pk, SHOP, "attendant")
    assert authenticate(username="ben", password="wrong") is None


def test_people_of_another_shop_are_not_kept_and_those_who_left_cannot_log_in(house):
    apply("staff", [row(1, "ben", shop=SHOP), row(2, "cleo", shop=99), row(3, "olga")])
    assert list(Staff.objects.order_by("pk").values_list("username", "shop_id")) == [("ben", SHOP), ("olga", None)]

    apply("staff", [row(1, "ben", shop=99)], gone=["3"])

    left = Staff.objects.order_by("pk").values_list("is_active", "password")
    assert list(left) == [(False, "!"), (False, "!")]


def test_names_may_change_hands_within_one_page(house):
    apply("staff", [row(1, "ada"), row(2, "ben")])

    apply("staff", [row(1, "ben"), row(2, "ada")])

    assert list(Staff.objects.order_by("pk").values_list("username", flat=True)) == ["ben", "ada"]


def test_a_page_applied_twice_changes_nothing(house):
    page = [row(1, "ada"), row(2, "ben", shop=99)]
    apply("staff", page)
    before = list(Staff.objects.values())

    apply("staff", page)

    assert list(Staff.objects.values()) == before


@pytest.mark.parametrize("count", [1, 3])
def test_collecting_people_is_one_query(shop, count, django_assert_num_queries):
    keys = [str(make_staff(f"p{n}").pk) for n in range(count)]

    with django_assert_num_queries(1):
        assert len(collect("staff", *keys)) == count


def test_collecting_shops_is_one_query(shop, django_assert_num_queries):
    make_kiosk(make_shop(pk=4, name="Harbour"), pk=40)

    with django_assert_num_queries(1):
        assert [r["name"] for r in collect("config", "shop3", "shop4")] == ["Corner", "Harbour"]
