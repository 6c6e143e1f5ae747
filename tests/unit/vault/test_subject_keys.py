"""What is sealed opens in its place only, for its person only, on its node only."""

from dataclasses import replace

import pytest
from django.apps import apps
from django.core import serializers
from django.core.exceptions import FieldError

from edgeshop.kernel import clock
from edgeshop.kernel.errors import InvalidInput
from edgeshop.push.models import ReceiptContact
from edgeshop.vault.errors import SealBroken, SubjectErased
from edgeshop.vault.fields import EncryptedTextField, Sealed
from edgeshop.vault.models import MonthKey, Subject
from edgeshop.vault.services import FileKeystore, node_keystore, subject_keys, tombstones
from edgeshop.vault.services.sealed_text import open_text, seal_text
from edgeshop.vault.services.subject_keys import new_subject

pytestmark = [pytest.mark.unit, pytest.mark.django_db]
ADA = "ada.canary@example.org"


@pytest.fixture(autouse=True)
def _folder(held_clock, settings, tmp_path):
    """A state folder of its own, and a clock that stands still."""
    settings.EDGESHOP = replace(settings.EDGESHOP, state_dir=tmp_path)


@pytest.fixture(params=["memory", "file"])
def keys(request, monkeypatch, folder):
    """Each software keystore in turn; hardware goes through the same interface."""
    if request.param == "file":
        opened = FileKeystore(path=folder, credential="the words on the card in the till")
        monkeypatch.setattr(node_keystore, "_opened", lambda *_: opened)


def left(address: str = ADA, number: str = "3-12-1-1", subject: Subject | None = None) -> ReceiptContact:
    row = ReceiptContact(
        number=number, subject=subject or new_subject(), kind="email", address=address, made_at=clock.now()
    )
    row.save()
    return ReceiptContact.objects.get(pk=row.pk)


def raw(row: ReceiptContact) -> bytes:
    return bytes(ReceiptContact.objects.values_list("address", flat=True).get(pk=row.pk))


def test_text_goes_in_and_comes_out_and_is_not_in_between(keys):
    row = left()

    assert row.address == ADA
    assert ADA.encode() not in raw(row)
    assert len(raw(row)) == 2 + 12 + len(ADA) + 16


def test_two_rows_with_exchanged_ciphertexts_do_not_open():
    ada = new_subject()
    first, second = left(subject=ada), left("ben@example.org", "3-12-1-2", subject=ada)
    a, b = raw(first), raw(second)

    ReceiptContact.objects.filter(pk=first.pk).update(address=Sealed(b))
    with pytest.raises(SealBroken):
        ReceiptContact.objects.get(pk=first.pk).address  # noqa: B018 -- asking is what opens

    ReceiptContact.objects.filter(pk=first.pk).update(address=Sealed(a))  # the control: its own one back
    assert ReceiptContact.objects.get(pk=first.pk).address == ADA


@pytest.mark.parametrize("place", ["push_receiptcontact.other 1", "other.address 1", "push_receiptcontact.address 2"])
def test_another_column_table_or_row_does_not_open_it(place):
    ada = new_subject().pk
    sealed = seal_text(ADA, subject_id=ada, place="push_receiptcontact.address 1")

    with pytest.raises(SealBroken):
        open_text(sealed, subject_id=ada, place=place)
    assert open_text(sealed, subject_id=ada, place="push_receiptcontact.address 1") == ADA


def test_another_person_or_another_version_of_the_key_does_not_open_it():
    ada, ben = new_subject(), new_subject()
    sealed = seal_text(ADA, subject_id=ada.pk, place="t.c 1")

    with pytest.raises(SealBroken):
        open_text(sealed, subject_id=ben.pk, place="t.c 1")
    Subject.objects.filter(pk=ada.pk).update(version=2)
    with pytest.raises(SealBroken):
        open_text(sealed, subject_id=ada.pk, place="t.c 1")
    with pytest.raises(SealBroken):
        open_text(bytes((1, 2)) + sealed[2:], subject_id=ada.pk, place="t.c 1")
    Subject.objects.filter(pk=ada.pk).update(version=1)
    assert open_text(sealed, subject_id=ada.pk, place="t.c 1") == ADA


@pytest.mark.parametrize("place", range(0, 40, 5))
def test_a_changed_byte_does_not_open(place):
    ada = new_subject().pk
    sealed = bytearray(seal_text(ADA, subject_id=ada, place="t.c 1"))
    sealed[place] ^= 1

    with pytest.raises(SealBroken):
        open_text(bytes(sealed), subject_id=ada, place="t.c 1")


def test_a_new_month_begins_a_new_key_and_the_old_one_still_opens(held_clock):
    row = left()
    held_clock.move(days=31)
    later = left("ben@example.org", "3-12-1-2")

    months = MonthKey.objects.order_by("pk")
    assert len({month.month for month in months}) == 2
    assert {row.subject.month_id, later.subject.month_id} == {month.pk for month in months}
    assert (row.address, later.address) == (ADA, "ben@example.org")


def test_one_month_key_serves_everybody_of_the_month():
    assert new_subject().month_id == new_subject().month_id


def test_another_node_s_keys_open_nothing_but_begin_anew(monkeypatch, folder):
    row = left()
    stranger = FileKeystore(path=folder, credential="another card in another till")
    monkeypatch.setattr(node_keystore, "_opened", lambda *_: stranger)
    subject_keys._month_key.cache_clear()

    stranger.create_wrap_key("personal")
    with pytest.raises(SealBroken):
        ReceiptContact.objects.get(pk=row.pk).address  # noqa: B018 -- asking is what opens
    assert left("ben@example.org", "3-12-1-2").address == "ben@example.org"
    subject_keys._month_key.cache_clear()


def test_who_is_on_the_list_is_not_readable_even_before_the_database_knows():
    row = left()
    tombstones.add([row.subject_id])

    with pytest.raises(SubjectErased):
        row.address  # noqa: B018 -- asking is what opens


def test_nothing_but_saving_a_row_writes_and_nothing_searches():
    row = left()

    with pytest.raises(FieldError):
        ReceiptContact.objects.filter(address=ADA).exists()
    assert ReceiptContact.objects.filter(address__isnull=False).exists()
    assert row.address == ADA
    with pytest.raises(InvalidInput):
        ReceiptContact.objects.update(address="ben@example.org")


def test_saving_a_row_anew_leaves_what_was_not_touched_and_needs_no_key(django_assert_num_queries):
    row = left()
    before = raw(row)
    row.language = "de"

    with django_assert_num_queries(1):
        row.save()
    assert raw(row) == before

    row.address = "ben@example.org"
    row.save()
    assert ReceiptContact.objects.get(pk=row.pk).address == "ben@example.org"


def test_a_list_of_rows_opens_nothing(django_assert_num_queries):
    for n in range(3):
        left(number=f"3-12-1-{n + 1}")

    with django_assert_num_queries(1):
        assert len(list(ReceiptContact.objects.all())) == 3


def test_a_dump_of_the_database_leaves_it_out():
    left()

    dumped = serializers.serialize("json", ReceiptContact.objects.all())

    assert "3-12-1-1" in dumped
    assert "address" not in dumped
    assert "canary" not in dumped


def test_every_sealed_column_knows_its_row_before_it_is_saved():
    fields = [f for model in apps.get_models() for f in model._meta.fields if isinstance(f, EncryptedTextField)]

    assert len(fields) == 4
    assert [problem for field in fields for problem in field.check()] == []
    assert all(field.model._meta.get_field(field.subject).related_model is Subject for field in fields)
