"""A second person's word: a manager or higher, somebody else, by a PIN of their own, and all of it written down."""

import json

import pytest

from edgeshop.fleet.errors import ApprovalNeeded, NotAllowed, PinRefused, TooManyTries
from edgeshop.fleet.models import Staff
from edgeshop.fleet.services.approvals import NOBODY, Second, demand_approval
from edgeshop.fleet.services.pins import reset_pin, set_pin
from edgeshop.journal.models import AuditEntry
from edgeshop.kernel import clock
from tests.factories.fleet import make_staff

pytestmark = [pytest.mark.unit, pytest.mark.django_db]
PINS = {"ben": "8264", "ada": "7391", "mia": "5802", "olga": "9463"}


@pytest.fixture(autouse=True)
def people(house, held_clock) -> dict[str, Staff]:
    """Two attendants, a manager, an operator, each with a PIN on this kiosk."""
    roles = {"mia": Staff.Role.MANAGER, "olga": Staff.Role.OPERATOR}
    made = {name: make_staff(name, role=roles.get(name, Staff.Role.ATTENDANT)) for name in PINS}
    for name, person in made.items():
        set_pin(staff=person, pin=PINS[name], at=clock.now())
    AuditEntry.objects.all().delete()
    return made


def ask(by: str = "ben", second: Second = NOBODY) -> str:
    return demand_approval("propose_void", by=by, second=second, at=clock.now(), number="3-12-1-7")


def written() -> list[tuple[str, str, dict]]:
    found = AuditEntry.objects.order_by("record__seq").select_related("record")
    return [(e.kind.split(".")[1], e.by, json.loads(bytes(e.record.body))["about"]) for e in found]


@pytest.mark.parametrize("name", ["mia", "olga"])
def test_a_manager_or_higher_approves_for_an_attendant(name):
    assert ask(second=Second(name, PINS[name])) == name

    about = {"action": "propose_void", "asked_by": "ben", "number": "3-12-1-7"}
    assert written() == [("approved", name, about)]


def test_a_manager_needs_nobody(people):
    assert ask(by="mia") == "mia"
    assert [(kind, by) for kind, by, _ in written()] == [("approved", "mia")]


def test_an_attendant_alone_is_told_what_it_takes():
    with pytest.raises(ApprovalNeeded) as needed:
        ask()

    assert needed.value.fields == {"action": "propose_void", "number": "3-12-1-7"}
    assert written() == []


@pytest.mark.parametrize(
    ("second", "error"),
    [
        (Second("ada", PINS["ada"]), NotAllowed),
        (Second("ben", PINS["ben"]), NotAllowed),
        (Second("mia", PINS["olga"]), PinRefused),
        (Second("mia", ""), PinRefused),
        (Second("nobody", "8264"), PinRefused),
    ],
)
def test_nobody_else_does_and_the_attempt_is_written_down(second, error):
    with pytest.raises(error):
        ask(second=second)

    [(kind, by, about)] = written()
    assert (kind, by, about["why"]) == ("refused", "ben", error.code)


def test_somebody_whose_name_is_nobodys_needs_a_second_person_too():
    with pytest.raises(ApprovalNeeded):
        ask(by="somebody")


def test_a_manager_who_has_left_approves_nothing(people):
    Staff.objects.filter(username="mia").update(is_active=False)

    with pytest.raises(PinRefused):
        ask(second=Second("mia", PINS["mia"]))
    with pytest.raises(ApprovalNeeded):
        ask(by="mia")


def test_a_one_time_number_approves_nothing(people):
    number = reset_pin(staff=people["mia"], by=people["olga"], at=clock.now())

    with pytest.raises(NotAllowed):
        ask(second=Second("mia", number))


def test_guessing_a_managers_pin_runs_out_of_tries():
    for _ in range(5):
        with pytest.raises(PinRefused):
            ask(second=Second("mia", "0001"))

    with pytest.raises(TooManyTries):
        ask(second=Second("mia", PINS["mia"]))
