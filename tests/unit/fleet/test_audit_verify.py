"""What `audit verify` finds after somebody with a database client was there. Each is done by SQL to real rows.

The control is the same house untouched: it passes.
"""

import json
from io import StringIO

import msgpack
import pytest
from django.core.management import call_command
from django.db import connection, transaction

from edgeshop.fleet.services.audit_heads import answer_head, ask_head, close_day, take_head
from edgeshop.fleet.services.audit_report import verify_all
from edgeshop.journal.models import AuditHead, Chain, Record
from edgeshop.journal.services import AuditKind, append, audit, head_file
from edgeshop.kernel import clock
from edgeshop.kernel.facts import link
from edgeshop.sync.services import synchronise
from edgeshop.vault.errors import BadSignature
from tests.factories.fleet import KIOSK

# Real commits: the head file is written after each, and a kiosk without one takes itself for restored.
pytestmark = [pytest.mark.unit, pytest.mark.django_db(transaction=True)]
TO_FIFTH = (
    "DELETE FROM journal_auditentry WHERE record_id IN "
    "(SELECT id FROM journal_record WHERE device_id = 12 AND seq > 4)",
    "DELETE FROM journal_record WHERE device_id = 12 AND seq > 4",
    "UPDATE journal_chain SET seq = 4, acked_seq = 4, head = "
    "(SELECT chain FROM journal_record WHERE device_id = 12 AND seq = 4) WHERE device_id = 12",
)


@pytest.fixture(autouse=True)
def _no_head():
    head_file.path().unlink(missing_ok=True)


@pytest.fixture
def story(house):
    """Six audit facts of the kiosk and two of the cloud, told in contacts, so that both sides hold heads."""
    with house.cloud():
        audit(AuditKind.CODE_MADE, by="olga", kiosk=KIOSK)
    for number in range(6):
        audit(AuditKind.PIN_SET, by="ben", person=number)
    for _ in range(3):
        synchronise(house.client)
    with house.cloud():
        audit(AuditKind.KIOSK_REVOKED, by="olga", kiosk=KIOSK + 1)
    audit(AuditKind.LOGOUT, by="ben")
    for _ in range(3):
        synchronise(house.client)
    return house


def sql(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def edit() -> None:
    sql(
        "UPDATE journal_record SET body = CAST(replace(CAST(body AS TEXT), 'ben', 'mia') AS BLOB) "
        "WHERE device_id = 12 AND seq = 3"
    )


def drop() -> None:
    sql(
        "DELETE FROM journal_auditentry WHERE record_id = "
        "(SELECT id FROM journal_record WHERE device_id = 12 AND seq = 4)",
        "DELETE FROM journal_record WHERE device_id = 12 AND seq = 4",
    )


def reorder() -> None:
    sql(
        "UPDATE journal_record SET seq = 999 WHERE device_id = 12 AND seq = 2",
        "UPDATE journal_record SET seq = 2 WHERE device_id = 12 AND seq = 5",
        "UPDATE journal_record SET seq = 5 WHERE device_id = 12 AND seq = 999",
    )


def truncate() -> None:
    sql(*TO_FIFTH)


def rewrite() -> None:
    """With great care: every chain value after the edit is made anew, and the journal's own row, too."""
    edit()
    value = bytes(Record.objects.get(device_id=KIOSK, seq=2).chain)
    for record in Record.objects.filter(device_id=KIOSK, seq__gt=2).order_by("seq"):
        value = link(value, bytes(record.body))
        Record.objects.filter(pk=record.pk).update(chain=value)
    Chain.objects.filter(device_id=KIOSK).update(head=value)


def faults() -> list[tuple[str, int]]:
    return [(str(fault.kind), fault.seq) for fault in verify_all().faults if fault.device_id == KIOSK]


def test_untouched_journals_pass_on_both_sides(story):
    here = verify_all()
    with story.cloud():
        there = verify_all()

    assert (here.faults, there.faults) == ([], [])
    assert (here.journals, here.facts) == (1, 7)
    assert (there.journals, there.facts) == (2, 9)
    assert here.heads >= 1
    assert there.heads == 2


@pytest.mark.parametrize("is_cloud", [False, True], ids=["kiosk", "cloud"])
@pytest.mark.parametrize(
    ("touch", "found"),
    [
        (edit, [("edited", 3)]),
        (drop, [("dropped", 4)]),
        (reorder, [("reordered", 2)]),
        (truncate, [("truncated", 5)]),
        (rewrite, [("rewritten", 7)]),
    ],
)
def test_whatever_is_done_to_a_journal_is_found_where_it_was_done(story, touch, found, is_cloud):
    if is_cloud:
        with story.cloud():
            touch()
            assert faults() == found
            return
    with transaction.atomic():
        touch()
    assert faults() == found


def test_without_signed_heads_a_careful_cut_would_go_unseen(story):
    """The control of heads: the same truncation, and nobody has kept how far the journal had come."""
    with transaction.atomic():
        truncate()
        AuditHead.objects.all().delete()

    assert faults() == []


def test_a_head_that_was_edited_to_match_a_cut_is_itself_found(story):
    with transaction.atomic():
        truncate()
        last = Record.objects.get(device_id=KIOSK, seq=4)
        AuditHead.objects.filter(device_id=KIOSK).update(seq=4, acked_seq=4, chain=last.chain)

    assert {kind for kind, _ in faults()} == {"head_forged"}


def test_a_cut_in_the_cloud_is_found_when_a_kiosk_shows_the_head_it_keeps(story):
    with story.cloud():
        sql(
            "DELETE FROM journal_auditentry WHERE record_id = "
            "(SELECT id FROM journal_record WHERE device_id = 0 AND seq = 2)",
            "DELETE FROM journal_record WHERE device_id = 0 AND seq > 1",
            "UPDATE journal_chain SET seq=1, acked_seq=1, head=(SELECT chain FROM journal_record WHERE device_id=0) "
            "WHERE device_id = 0",
            "DELETE FROM journal_audithead WHERE device_id = 0",
        )
        assert verify_all().faults == []

    audit(AuditKind.LOGOUT, by="ben")
    for _ in range(3):
        synchronise(story.client)

    with story.cloud():
        assert [(str(f.kind), f.device_id, f.seq) for f in verify_all().faults] == [("truncated", 0, 2)]


def test_facts_that_are_announced_and_still_to_come_are_no_fault(house):
    synchronise(house.client)
    for _ in range(3):
        audit(AuditKind.LOGOUT, by="ben")
    told = ask_head()
    with house.cloud():
        take = answer_head(KIOSK, told)
        assert verify_all().faults == []
    take_head(take)

    assert AuditHead.objects.get(device_id=KIOSK).is_told
    assert ask_head() is None


def test_a_kiosk_signs_for_itself_only(house):
    synchronise(house.client)
    audit(AuditKind.LOGOUT, by="ben")
    *said, signature = ask_head()["head"]
    for other in (
        [*said, bytes(64)],
        [*said[:2], said[2] + 1, *said[3:], signature],
        ["another", *said[1:], signature],
    ):
        with house.cloud(), pytest.raises(BadSignature):
            answer_head(KIOSK, {"head": other})


def test_a_head_travels_short_and_the_cloud_keeps_the_token_that_was_signed(house):
    synchronise(house.client)
    audit(AuditKind.LOGOUT, by="ben")
    told = ask_head()["head"]
    with house.cloud():
        answer_head(KIOSK, {"head": told})
        kept = AuditHead.objects.get(device_id=KIOSK).jws

    assert kept == AuditHead.objects.get(device_id=KIOSK).jws
    assert len(msgpack.packb(told)) < len(kept) / 5


def test_a_head_by_a_key_that_the_cloud_has_not_met_travels_whole(house, monkeypatch):
    audit(AuditKind.LOGOUT, by="ben")
    ask_head()
    monkeypatch.setattr("edgeshop.vault.services.hot_keys._held", {})
    told = ask_head()["head"]
    with house.cloud():
        assert answer_head(KIOSK, {"head": told}) == {"kept": 1}

    assert told == AuditHead.objects.get(device_id=KIOSK).jws


def test_a_business_day_is_closed_once_with_a_signed_head(house, held_clock):
    with transaction.atomic():
        append("test.happened.v1", {})

    assert close_day(at=clock.now()) == "2026-11-01"
    assert close_day(at=clock.now()) is None
    held_clock.move(days=1)
    assert close_day(at=clock.now()) == "2026-11-02"

    assert AuditHead.objects.filter(device_id=KIOSK).count() == 2
    assert verify_all().faults == []


def test_the_command_says_what_and_where_and_fails(story):
    said = StringIO()
    call_command("audit", "verify", stdout=said, stderr=StringIO())
    assert said.getvalue().endswith("signed heads: nothing was touched.\n")
    with transaction.atomic():
        edit()

    said, told = StringIO(), StringIO()
    with pytest.raises(SystemExit) as failed:
        call_command("audit", "verify", stdout=said, stderr=StringIO())
    with pytest.raises(SystemExit):
        call_command("audit", "verify", "--json", stdout=told, stderr=StringIO())

    assert failed.value.code == 1
    assert "edited: journal 12/1: fact 3 does not follow from the one before" in said.getvalue()
    assert json.loads(told.getvalue())["faults"][0]["kind"] == "edited"
