"""Erased is erased: after a crash, after a restore, on a new disk; and the cloud learns a random number only."""

import json
import uuid
from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from edgeshop.fleet import boot
from edgeshop.fleet.services import erase_subjects, replay_erasures
from edgeshop.fleet.services.erasures import ERASED, answer_erasures, ask_erasures, take_erased, take_erasures
from edgeshop.journal.models import Record
from edgeshop.journal.services import open_chain
from edgeshop.kernel import clock
from edgeshop.kernel.errors import InvalidInput
from edgeshop.push.models import ReceiptContact
from edgeshop.vault.errors import SubjectErased
from edgeshop.vault.models import Handle, Subject
from edgeshop.vault.services import tombstones
from edgeshop.vault.services.sealed_text import open_text, seal_text
from edgeshop.vault.services.subjects import find_subject, subject_for
from tests.factories.fleet import make_kiosk, make_shop

pytestmark = [pytest.mark.unit, pytest.mark.django_db]
ADA, BEN = "ada.canary@example.org", "ben@example.org"


@pytest.fixture(autouse=True)
def till(db, settings, tmp_path):
    """An enrolled kiosk with a state folder of its own."""
    settings.EDGESHOP = replace(settings.EDGESHOP, state_dir=tmp_path, is_ledger=False)
    kiosk = make_kiosk(make_shop(), is_self=True)
    open_chain(device_id=kiosk.pk, epoch=1)
    return kiosk


def left(address: str) -> uuid.UUID:
    subject_id = subject_for("email", address)
    ReceiptContact(number="3-12-1-1", subject_id=subject_id, kind="email", address=address, made_at=clock.now()).save()
    return subject_id


def copy_of(subject_id: uuid.UUID) -> tuple[bytes, list[dict], list[dict]]:
    """What last night's copy has of somebody."""
    key = bytes(Subject.objects.get(pk=subject_id).wrapped)
    of = {"subject_id": subject_id}
    return key, list(Handle.objects.filter(**of).values()), list(ReceiptContact.objects.filter(**of).values())


def restore(subject_id: uuid.UUID, copy: tuple[bytes, list[dict], list[dict]]) -> None:
    key, handles, contacts = copy
    Subject.objects.filter(pk=subject_id).update(wrapped=key, erased_at=None)
    Handle.objects.bulk_create(Handle(**row) for row in handles)
    ReceiptContact.objects.bulk_create(ReceiptContact(**row) for row in contacts)


def told() -> list[dict]:
    return [json.loads(bytes(body)) for body in Record.objects.filter(kind=ERASED).values_list("body", flat=True)]


def test_erasing_one_person_leaves_nothing_of_them_and_all_of_the_others():
    ada, ben = left(ADA), left(BEN)
    sealed, key = seal_text("x", subject_id=ada, place="t.c 1"), bytes(Subject.objects.get(pk=ada).wrapped)

    assert erase_subjects([ada]).count == 1

    row = Subject.objects.get(pk=ada)
    assert bytes(row.wrapped) != key
    assert len(row.wrapped) == len(key)
    with pytest.raises(SubjectErased):
        open_text(sealed, subject_id=ada, place="t.c 1")
    assert find_subject("email", ADA) is None
    assert [contact.address for contact in ReceiptContact.objects.all()] == [BEN]
    assert find_subject("email", BEN) == ben


def test_the_cloud_is_told_the_random_number_and_nothing_else():
    ada = left(ADA)

    erase_subjects([ada])
    erase_subjects([ada])

    assert told() == [{"kind": ERASED, "subject": str(ada)}]


def test_a_restored_copy_brings_nobody_back_once_the_kiosk_has_started(monkeypatch):
    ada, ben = left(ADA), left(BEN)
    copy = copy_of(ada)
    erase_subjects([ada])

    restore(ada, copy)
    assert find_subject("email", ADA) == ada  # the control: the copy has everything
    monkeypatch.setattr(boot, "notice_restore", lambda: False)
    boot.look_back()

    assert bytes(Subject.objects.get(pk=ada).wrapped) != copy[0]
    assert find_subject("email", ADA) is None
    assert list(ReceiptContact.objects.values_list("subject_id", flat=True)) == [ben]
    assert len(told()) == 2  # the copy may have been from before the first was sent


def test_without_the_list_a_copy_would_bring_them_back():
    ada = left(ADA)
    copy = copy_of(ada)
    erase_subjects([ada])
    tombstones.path().unlink()

    restore(ada, copy)

    assert replay_erasures() == 0
    assert ReceiptContact.objects.get().address == ADA


def test_killed_between_the_list_and_the_database_the_next_start_does_the_rest():
    ada = left(ADA)
    tombstones.add([ada])

    assert replay_erasures() == 1
    assert replay_erasures() == 0
    assert Subject.objects.get(pk=ada).erased_at is not None
    assert len(told()) == 1


def test_a_torn_last_line_costs_neither_itself_nor_the_next_one():
    ada, ben = uuid.uuid4(), uuid.uuid4()
    tombstones.add([ada])
    with tombstones.path().open("ab") as file:
        file.write(str(ben).encode()[:20])

    tombstones.add([ben])

    assert tombstones.erased() == {ada, ben}


def test_who_was_erased_comes_back_as_a_stranger():
    ada = left(ADA)
    erase_subjects([ada])

    again = left(ADA)

    assert again != ada
    assert ReceiptContact.objects.get().address == ADA


def test_a_new_disk_asks_the_cloud_once_and_erases_before_it_reads(till):
    ada = left(ADA)
    copy = copy_of(ada)
    erase_subjects([ada])
    assert ask_erasures() is None
    tombstones.path().unlink()
    restore(ada, copy)

    asked = ask_erasures()
    assert asked is not None
    take_erasures(answer_erasures(till.pk, asked))

    assert find_subject("email", ADA) is None
    assert tombstones.erased() == {ada}
    assert ask_erasures() is None


def test_the_cloud_tells_a_kiosk_its_own_list_only_and_only_when_asked(till):
    erase_subjects([left(ADA)])

    assert answer_erasures(till.pk, None) is None
    assert answer_erasures(till.pk + 1, {"want": True}) == {"erased": []}


@pytest.mark.parametrize("body", [{}, {"subject": 1}, {"subject": ADA}, {"subject": None}])
def test_the_cloud_keeps_aside_what_is_no_id(body):
    with pytest.raises(InvalidInput):
        take_erased(None, body)
    assert take_erased(None, {"subject": str(uuid.uuid4())}).status == "settled"


def command(*arguments: str) -> str:
    out = StringIO()
    call_command("erase", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_finds_by_address_shows_and_erases(monkeypatch):
    ada = left(ADA)

    assert command("--email", ADA.upper(), "--dry-run") == (
        f"Subject {ada}: 1 push.ReceiptContact. Nothing was changed.\n"
    )
    assert find_subject("email", ADA) == ada
    with pytest.raises(CommandError, match="run this again"):  # a test's transaction is open: nothing can be flushed
        command(str(ada))
    assert find_subject("email", ADA) is None


def test_the_command_reads_an_address_where_no_list_of_processes_shows_it(monkeypatch):
    ada = left(ADA)
    monkeypatch.setattr("sys.stdin", StringIO(f"{ADA}\n"))

    assert str(ada) in command("--email", "-", "--dry-run")


@pytest.mark.parametrize("who", [("--email", BEN), ("--phone", "0151"), (str(uuid.uuid4()),)])
def test_the_command_says_when_there_is_nobody(who):
    with pytest.raises(CommandError):
        command(*who)
