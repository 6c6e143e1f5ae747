"""Facts that wait in quarantine: for a person, or for a release that can read them."""

import pytest

from edgeshop.journal import registry
from edgeshop.journal.errors import FactEarly
from edgeshop.journal.models import Quarantine, Record
from edgeshop.journal.services import apply_again, apply_readable, applying, receive
from edgeshop.journal.services.applying import apply_early
from edgeshop.kernel.errors import InvalidInput
from edgeshop.kernel.facts import GENESIS, canonical, link

pytestmark = [pytest.mark.unit, pytest.mark.django_db]
KIND = "future.thing.v9"
BODY = canonical({"kind": KIND, "x": [1, {"y": None}]})


def after(count: int) -> bytes:
    head = GENESIS
    for _ in range(count):
        head = link(head, BODY)
    return head


def take_one(kind: str = KIND):
    return receive(device_id=7, epoch=1, first_seq=1, kinds=[kind], bodies=[BODY], head=after(1)).outcomes


def know(monkeypatch, handler) -> None:
    monkeypatch.setitem(registry._handlers, KIND, handler)


def test_a_fact_of_an_unknown_kind_is_applied_once_a_release_knows_it(monkeypatch):
    seen = []
    [(_, outcome)] = take_one()
    assert (outcome.status, apply_readable()) == ("kept", 0)

    know(monkeypatch, lambda fact, body: (seen.append((fact.seq, body["x"])), registry.Outcome())[1])

    assert (apply_readable(), apply_readable()) == (1, 0)
    assert seen == [(1, [1, {"y": None}])]
    assert Quarantine.objects.get().closed_at is not None
    assert bytes(Record.objects.get().body) == BODY


def test_a_bad_fact_stays_in_quarantine_until_it_goes_through(monkeypatch):
    problems = [InvalidInput("Not yet.")] * 2

    def handler(_fact, _body):
        if problems:
            raise problems.pop()
        return registry.Outcome("review", ["PRICE_DRIFT"])

    know(monkeypatch, handler)
    take_one()
    parked = Quarantine.objects.get()

    assert apply_again(parked.pk).status == "quarantined"
    assert Quarantine.objects.get().closed_at is None
    assert apply_again(parked.pk).status == "review"
    assert Quarantine.objects.get().closed_at is not None


def test_a_fact_that_went_through_later_is_settled_for_who_tells_it_again(monkeypatch):
    take_one()
    know(monkeypatch, lambda fact, _body: registry.Outcome("settled" if fact.is_late else "review"))
    apply_readable()

    again = receive(device_id=7, epoch=1, first_seq=1, kinds=[KIND], bodies=[BODY], head=after(1))

    assert (again.outcomes, again.unsettled) == ([], [])


def test_many_that_stay_in_quarantine_hold_up_no_other(monkeypatch, held_clock):
    tried = []

    def early(fact, _body):
        tried.append(fact.seq)
        raise FactEarly("What it speaks of is not here.")

    know(monkeypatch, early)
    monkeypatch.setattr(applying, "_BATCH_MAX", 2)
    receive(device_id=7, epoch=1, first_seq=1, kinds=[KIND] * 5, bodies=[BODY] * 5, head=after(5))
    tried.clear()

    for _ in range(3):
        held_clock.move(seconds=1)
        apply_early(7)

    assert set(tried) == {1, 2, 3, 4, 5}


def test_staff_apply_again_and_close_from_the_admin(admin_client, monkeypatch):
    take_one()
    parked = Quarantine.objects.get()
    know(monkeypatch, lambda _fact, _body: registry.Outcome())

    page = admin_client.post(
        "/admin/journal/quarantine/", {"action": "try_again", "_selected_action": [parked.pk]}, follow=True
    )

    assert [m.message for m in page.context["messages"]] == ["7/1/1 future.thing.v9: settled "]
    assert Quarantine.objects.get().closed_at is not None


@pytest.mark.parametrize("rows", [1, 3])
def test_the_quarantine_list_costs_the_same_however_long(rows, admin_client, django_assert_max_num_queries):
    for seq in range(1, rows + 1):
        record = Record.objects.create(
            device_id=7, epoch=1, seq=seq, kind=KIND, body=BODY, chain=GENESIS, at="2026-11-02T10:00Z"
        )
        Quarantine.objects.create(record=record, code="x.y", message="", opened_at="2026-11-02T10:00Z")

    with django_assert_max_num_queries(9):
        page = admin_client.get("/admin/journal/quarantine/")

    assert page.content.count(b"x.y") >= rows
