"""People are found again by any spelling, and by nobody who has only the database."""

import hashlib

import pytest

from edgeshop.kernel.errors import InvalidInput
from edgeshop.vault.models import Handle, IndexKey
from edgeshop.vault.services import blind_index as blind_index_module
from edgeshop.vault.services import node_keystore
from edgeshop.vault.services.blind_index import blind_index, spelled
from edgeshop.vault.services.subjects import find_subject, subject_for

pytestmark = [pytest.mark.unit, pytest.mark.django_db]


@pytest.mark.parametrize("same", [" Ada@Example.ORG ", "ada@example.org", "ＡＤＡ@example.org"])
def test_an_address_has_one_spelling(same):
    assert spelled("email", same) == "ada@example.org"


@pytest.mark.parametrize(
    "same", ["+49 151 2345678", "0049 (151) 23 45-678", "+49(0)151/2345678", "+٤٩ ١٥١ ٢٣٤٥٦٧٨", "+49.151.2345678"]
)
def test_a_number_has_one_spelling(same):
    assert spelled("phone", same) == "+491512345678"


@pytest.mark.parametrize("odd", ["", "0151 2345678", "+49", "+0151 2345678", "+49 151 23456789012", "+49x1512345678"])
def test_what_no_other_country_could_dial_is_refused(odd):
    with pytest.raises(InvalidInput):
        spelled("phone", odd)


def test_the_same_value_under_another_kind_or_key_is_another_index():
    first = blind_index("email", "ada@example.org")

    assert first == blind_index("email", "ADA@example.org")
    assert len({first, blind_index("endpoint", "ada@example.org"), blind_index("email", "ben@example.org")}) == 3
    IndexKey.objects.all().delete()
    assert blind_index("email", "ada@example.org") != first
    with pytest.raises(InvalidInput):
        blind_index("name", "ada")


def test_the_database_has_neither_the_value_nor_its_plain_hash():
    subject_for("email", "ada@example.org")

    kept = Handle.objects.get()
    assert kept.index != hashlib.sha256(b"ada@example.org").hexdigest()
    assert len(IndexKey.objects.get().sealed) == 12 + 32 + 16


def test_a_node_with_other_keys_begins_anew_and_finds_everybody_again_with_the_old_ones(monkeypatch, memory):
    ada = subject_for("email", "ada@example.org")

    with monkeypatch.context() as other:
        other.setattr(node_keystore, "_opened", lambda *_: memory)
        blind_index_module._derived.cache_clear()
        assert find_subject("email", "ada@example.org") is None
        assert IndexKey.objects.count() == 2
    blind_index_module._derived.cache_clear()

    assert find_subject("email", "ada@example.org") == ada


def test_one_person_by_one_handle():
    ada = subject_for("email", "ada@example.org")

    assert subject_for("email", " ADA@example.org") == ada
    assert find_subject("email", "Ada@Example.org") == ada
    assert find_subject("email", "ben@example.org") is None
    assert subject_for("phone", "+49 151 2345678") != ada
