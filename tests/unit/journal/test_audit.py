"""Audit entries: facts in the chain of whoever writes them, listed once, read from the fact."""

import json
import logging
import uuid
from dataclasses import replace

import pytest
from django.db import transaction

from edgeshop.journal.models import AuditEntry, Chain, Record
from edgeshop.journal.registry import handler_of
from edgeshop.journal.services import AuditKind, audit, begin_cloud_epoch, open_chain, take_audit, unsent
from edgeshop.journal.services.audit_walk import walk
from edgeshop.journal.services.audit_words import in_words, place_in_words
from edgeshop.kernel.facts import Fact, canonical

pytestmark = [pytest.mark.unit, pytest.mark.django_db]


@pytest.fixture
def on_kiosk(settings, tmp_path):
    settings.EDGESHOP = replace(settings.EDGESHOP, is_ledger=False, state_dir=tmp_path)


def test_in_the_cloud_entries_have_a_journal_of_their_own_with_nothing_to_send():
    audit(AuditKind.KIOSK_REVOKED, by="olga", kiosk=12)
    audit(AuditKind.LOGOUT, by="olga")

    chain = Chain.objects.get()
    assert (chain.device_id, chain.epoch, chain.seq, chain.acked_seq, chain.is_own) == (0, 1, 2, 2, False)
    assert unsent().count == 0
    assert walk(0, 1, heads=[], say=print) == (2, [])


def test_on_a_kiosk_an_entry_rides_in_the_journal_that_goes_up(on_kiosk):
    open_chain(device_id=12, epoch=3)

    audit(AuditKind.PIN_SET, by="ben", person=7)

    record = Record.objects.get()
    body = json.loads(record.body)
    assert (record.device_id, record.epoch, record.kind) == (12, 3, "audit.pin_set.v1")
    assert (body["by"], body["about"]) == ("ben", {"person": 7})
    assert AuditEntry.objects.get(pk=body["id"]).record == record
    assert unsent().count == 1


def test_an_entry_stands_or_falls_with_what_it_tells_of():
    with transaction.atomic():
        audit(AuditKind.BOOK_PUBLISHED, by="mia", version=2)
        transaction.set_rollback(True)

    assert not Record.objects.exists()
    assert not AuditEntry.objects.exists()


def test_a_box_that_is_no_kiosk_yet_lets_people_in_and_says_so_in_its_log(on_kiosk, caplog):
    with caplog.at_level(logging.WARNING):
        audit(AuditKind.LOGIN, by="ben", way="password")

    assert "no journal yet for audit.login.v1 by ben" in caplog.text
    assert not AuditEntry.objects.exists()


def test_the_cloud_lists_a_kiosks_entry_once_whatever_epoch_it_comes_under():
    body = {"id": str(uuid.uuid4()), "by": "ben", "at": 1_760_000_000, "about": {"way": "PIN"}, "kind": AuditKind.LOGIN}
    for epoch in (1, 2):
        raw = canonical(body)
        Record.objects.create(
            device_id=12, epoch=epoch, seq=1, kind=body["kind"], body=raw, chain=bytes(32), at="2026-11-02T10:00:00Z"
        )
        outcome = take_audit(Fact(12, epoch, 1, body["kind"], raw, bytes(32)), body)
        assert outcome.status == "settled"

    assert AuditEntry.objects.get().record.epoch == 1


def test_every_kind_can_be_applied_and_said():
    for kind in AuditKind:
        assert handler_of(kind) is take_audit
        assert in_words(kind, {}) == kind or "{" not in in_words(kind, {})
    assert handler_of("audit.unheard_of.v9") is None


def test_words_say_all_that_is_known():
    about = {"action": "propose_void", "asked_by": "ben", "number": "3-12-1-7"}

    assert in_words(AuditKind.APPROVED, about) == "approved: propose_void, asked by ben, number 3-12-1-7"
    assert in_words("audit.new_thing.v1", {"x": 1}) == "audit.new_thing.v1, x 1"
    assert (place_in_words(0), place_in_words(12)) == ("cloud", "kiosk 12")


def test_a_restored_cloud_goes_on_in_a_journal_of_its_own():
    audit(AuditKind.LOGOUT, by="olga")

    assert begin_cloud_epoch() == 2
    audit(AuditKind.LOGOUT, by="olga")

    assert list(Chain.objects.order_by("epoch").values_list("epoch", "seq")) == [(1, 1), (2, 1)]
