"""Personal PINs: this box only, worthless without its keystore, guessed five times and then not."""

from dataclasses import replace
from datetime import timedelta

import pytest

from edgeshop.fleet.errors import NotAllowed, PinRefused, PinWeak, TooManyTries
from edgeshop.fleet.models import Staff, StaffPin, Tries
from edgeshop.fleet.services.pins import check_pin, has_pin, reset_pin, set_pin
from edgeshop.fleet.services.tries import count_box_try, count_try
from edgeshop.fleet.wiring import STAFF_FIELDS
from edgeshop.journal.models import Change, Record
from edgeshop.journal.registry import source_of
from edgeshop.kernel import clock
from edgeshop.vault.services import node_keystore
from tests.factories.fleet import make_staff

pytestmark = pytest.mark.unit
PIN, WRONG = "8264", "5093"


@pytest.fixture
def ben(house, held_clock) -> Staff:
    """An attendant at an enrolled kiosk, with a PIN."""
    ben = make_staff("ben")
    set_pin(staff=ben, pin=PIN, at=clock.now())
    return ben


def guess(pin: str, username: str = "ben"):
    return check_pin(username=username, pin=pin, at=clock.now())


def wrong(times: int, username: str = "ben") -> None:
    for _ in range(times):
        with pytest.raises(PinRefused):
            guess(WRONG, username)


def test_a_pin_opens_for_its_person_and_for_nobody_else(ben):
    set_pin(staff=make_staff("ada"), pin="7391", at=clock.now())

    assert guess(PIN) == (ben, False)
    for pin, username in ((PIN, "ada"), ("7391", "ben"), (PIN + "0", "ben"), ("", "ben"), (PIN, "nobody")):
        with pytest.raises(PinRefused):
            guess(pin, username)


def test_nothing_of_a_pin_leaves_the_box_or_stands_in_a_fact(ben):
    Change.objects.all().delete()

    set_pin(staff=ben, pin="4717", at=clock.now())

    kept = StaffPin.objects.get()
    assert not Change.objects.exists()
    facts = [bytes(body) for body in Record.objects.values_list("body", flat=True)]
    assert any(b"audit.pin_set.v1" in body for body in facts)
    assert not any(b"4717" in body or kept.verifier.encode() in body for body in facts)


def test_a_stolen_database_opens_with_the_right_pin_only_where_the_keystore_is(ben, monkeypatch, settings, tmp_path):
    """Control: with the keystore the same rows open."""
    assert guess(PIN) == (ben, False)
    thief = replace(settings.EDGESHOP.vault, path=tmp_path / "elsewhere")
    settings.EDGESHOP = replace(settings.EDGESHOP, vault=thief)
    assert node_keystore.keystore().key_names() == []

    with pytest.raises(PinRefused):
        guess(PIN)


def test_a_row_moved_to_another_person_opens_nothing(ben):
    ada = make_staff("ada")
    StaffPin.objects.update(staff=ada)

    with pytest.raises(PinRefused):
        guess(PIN, "ada")


@pytest.mark.parametrize(
    "pin",
    [
        "1234",
        "0000",
        "77777777",
        "4321",
        "9876",
        "8901",
        "1987",
        "2024",
        "1212",
        "4747",
        "12",
        "123456789",
        "12a4",
        "١٢٣٤",
    ],
)
def test_pins_that_people_guess_first_are_refused(house, pin):
    with pytest.raises(PinWeak):
        set_pin(staff=make_staff("ben"), pin=pin, at=clock.now())

    assert not StaffPin.objects.exists()


def test_after_five_wrong_ones_even_the_right_one_waits_and_the_wait_doubles_up_to_an_hour(ben, held_clock):
    wrong(5)
    waits = []
    for _ in range(8):
        with pytest.raises(TooManyTries) as refused:
            guess(PIN)
        waits.append(refused.value.fields["wait_s"] // 60)
        held_clock.move(minutes=waits[-1], seconds=1)
        Tries.objects.filter(pk="box").delete()  # the box's own patience has a test of its own
        wrong(1)

    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]


def test_four_wrong_ones_cost_nothing_and_a_right_one_forgives(ben):
    wrong(4)
    assert guess(PIN) == (ben, False)
    wrong(4)
    assert guess(PIN) == (ben, False)


def test_tries_are_rows_so_a_pulled_plug_forgives_nobody(ben):
    wrong(3)

    assert Tries.objects.get(pk=f"pin/{ben.pk}").count == 3


def test_the_box_waits_when_many_names_are_tried(ben):
    for number in range(30):
        with pytest.raises(PinRefused):
            guess(WRONG, f"nobody{number}")

    with pytest.raises(TooManyTries):
        guess(PIN)
    assert not Tries.objects.filter(pk=f"pin/{ben.pk}").exists()


def test_the_box_forgets_after_its_window_and_a_clock_set_back_makes_nobody_wait_longer_than_an_hour(db, held_clock):
    for _ in range(29):
        count_box_try(at=clock.now())
    held_clock.move(minutes=15)
    count_box_try(at=clock.now())
    for _ in range(5):
        count_try("somebody", at=clock.now())
    with pytest.raises(TooManyTries) as refused:
        count_try("somebody", at=clock.now() - timedelta(days=3))

    assert refused.value.fields["wait_s"] <= 3601


def test_a_manager_gives_a_one_time_number_that_is_good_once_for_a_quarter_of_an_hour(ben, held_clock):
    mia = make_staff("mia", role=Staff.Role.MANAGER)
    number = reset_pin(staff=ben, by=mia, at=clock.now())

    with pytest.raises(PinRefused):
        guess(PIN)
    assert not has_pin(ben)
    assert guess(number) == (ben, True)
    with pytest.raises(PinRefused):
        guess(number)
    late = reset_pin(staff=ben, by=mia, at=clock.now())
    held_clock.move(minutes=15)
    with pytest.raises(PinRefused):
        guess(late)


@pytest.mark.parametrize(("by", "whose"), [("ben", "ada"), ("mia", "mia"), ("mia", "olga")])
def test_nobody_resets_their_own_pin_or_that_of_somebody_above(ben, by, whose):
    people = {
        "ben": ben, "ada": make_staff("ada"), "mia": make_staff("mia", role=Staff.Role.MANAGER),
        "olga": make_staff("olga", role=Staff.Role.OPERATOR),
    }  # fmt: skip

    with pytest.raises(NotAllowed):
        reset_pin(staff=people[whose], by=people[by], at=clock.now())


def test_who_has_left_does_not_come_in(ben):
    Staff.objects.filter(pk=ben.pk).update(is_active=False)

    with pytest.raises(PinRefused):
        guess(PIN)


def test_a_person_who_moves_to_another_shop_leaves_no_pin_behind(ben):
    row = {"key": str(ben.pk), "shop": 99} | {name: getattr(ben, name) for name in STAFF_FIELDS}
    source_of("staff").apply("staff", [{**row, "shop": None}], [])
    assert StaffPin.objects.exists()

    source_of("staff").apply("staff", [row], [])

    assert not StaffPin.objects.exists()


def test_a_pin_opens_nothing_in_the_cloud(house):
    with house.cloud():
        olga = make_staff("olga", role=Staff.Role.OPERATOR)
        with pytest.raises(NotAllowed):
            set_pin(staff=olga, pin=PIN, at=clock.now())
        with pytest.raises(NotAllowed):
            check_pin(username="olga", pin=PIN, at=clock.now())
