"""What grade a link has, and what a contact carries by it."""

from dataclasses import replace

import pytest
from django.db import transaction

from edgeshop.fleet.classes import GRADES
from edgeshop.journal import contact
from edgeshop.journal.services import append
from edgeshop.kernel.traffic import Moved
from edgeshop.sync.services import grading, synchronise
from edgeshop.sync.services.grading import grade_for, terms_of
from edgeshop.sync.services.wire import from_address, unpack_message
from tests.factories.fleet import KIOSK
from tests.factories.links import go_by, move, rules, tell_to_go_by, with_knobs

pytestmark = [pytest.mark.unit, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _new_link():
    grading.forget()
    yield
    grading.forget()


@pytest.mark.parametrize(
    ("tariff", "rate_bit_s", "wait_s", "is_spent", "grade"),
    [
        ("metered", None, None, False, "B"),
        ("metered", 2e6, 0.1, False, "B"),
        ("metered", 5e5, 0.1, False, "C"),
        ("metered", 2e6, 1.5, False, "C"),
        ("metered", 1e5, 0.1, False, "D"),
        ("metered", 2e6, 0.1, True, "D"),
        ("unmetered", None, None, False, "A"),
        ("unmetered", 5e5, 2.0, False, "A"),
        ("unmetered", 1e5, 0.1, False, "D"),
        ("roaming", 1e8, 0.01, False, "D"),
    ],
)
def test_a_grade_is_what_the_line_costs_and_can(tariff, rate_bit_s, wait_s, is_spent, grade):
    assert grade_for(tariff=tariff, rate_bit_s=rate_bit_s, wait_s=wait_s, is_spent=is_spent) == grade


def test_without_rules_a_contact_carries_what_the_settings_say(settings):
    found = terms_of(None, "D")

    knobs = settings.EDGESHOP.sync
    assert (found.batch_facts, found.page_rows) == (knobs.batch_facts_max, knobs.page_rows_max)
    assert found.carries("models")
    assert found.takes_artefacts
    assert found.takes_pictures


@pytest.mark.parametrize("grade", GRADES)
def test_with_rules_it_carries_what_they_allow_on_this_grade(grade):
    said = rules("vending")
    found = terms_of(said, grade)

    allowed = said.cadence.of(grade)
    assert (found.batch_facts, found.gap_s) == (allowed.batch_facts, allowed.gap_s)
    assert {s for s in ("staff", "prices", "models", "vectors") if found.carries(s)} == {
        s for s in ("staff", "prices", "models", "vectors") if s in allowed.streams
    }
    assert (found.takes_artefacts, found.takes_pictures) == (grade != "D", grade in {"A", "B"})
    assert found.carries("something.new")


def sell(count: int) -> None:
    with transaction.atomic():
        for n in range(count):
            append("test.sold.v1", {"n": n})


def sections_said(house) -> tuple[str, set[str]]:
    """The grade and the sections of the last message of a client that said all it has to say."""
    house.client.said = {}
    house.wire.asked.clear()
    synchronise(house.client)
    said = house.wire.asked[0]
    message = unpack_message(from_address(said.path_url.partition("?")[2], said.body or b""))
    return message.grade, {str(at).partition(".")[0] for at, _ in message.news.changed}


def test_the_kiosk_names_its_grade_and_the_cloud_keeps_it(house):
    grading.note(Moved(rates_bit_s=[1e5]))

    synchronise(house.client)

    assert house.at_cloud().link_grade == "D"


def test_a_batch_is_as_long_as_the_grade_allows(house):
    said = rules()
    go_by(replace(said, cadence=replace(said.cadence, B=replace(said.cadence.B, batch_facts=2))))
    synchronise(house.client)
    sell(5)

    assert synchronise(house.client).contacts == 3


def test_streams_that_a_grade_does_not_carry_wait_for_a_better_link(house, shop_changes):
    with house.cloud():
        tell_to_go_by(KIOSK, rules())
    grading.note(Moved(rates_bit_s=[1e5]))
    narrow = synchronise(house.client).streams

    grading.forget()

    assert (narrow, synchronise(house.client).streams) == ({"config"}, {"staff"})


@pytest.fixture
def shop_changes(house):
    """Something new in two streams, one of which grade D carries."""
    from edgeshop.fleet.models import Shop
    from edgeshop.fleet.services.staff import save_shop
    from edgeshop.journal.services import changes
    from tests.factories.fleet import make_staff

    synchronise(house.client)
    with house.cloud():
        shop = Shop.objects.get()
        save_shop(shop)
        changes("staff", str(make_staff("ada", shop=shop).pk))


def test_when_the_month_is_spent_only_facts_and_what_the_law_needs_travel(house):
    synchronise(house.client)
    go_by(rules("vending"))
    assert sections_said(house)[1] >= {"cursors", "twin", "schedule"}  # the control
    move("pictures", down=100_000_000)

    sell(1)
    grade, said = sections_said(house)

    needed = {s.name for s in contact.sections() if s.comes_first}
    needed |= {"identity", "certificate", "erasures", "audit", "grants", "egress"}
    assert grade == "D"
    assert said <= needed
    assert said >= {"issuers", "revocations", "identity", "grants"}
    with house.cloud():
        from edgeshop.journal.models import Record

        assert Record.objects.filter(kind="test.sold.v1").count() == 1


def test_an_unmetered_line_is_grade_a(house, settings):
    with_knobs(settings, tariff="unmetered")

    synchronise(house.client)

    assert house.at_cloud().link_grade == "A"
