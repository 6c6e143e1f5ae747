"""The policy file: what ships reads, and what does not fit is named with its key."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgeshop.fleet.classes import NODE_CLASSES, lay_over, read_class, read_overrides, read_policy
from edgeshop.fleet.errors import PolicyInvalid

pytestmark = pytest.mark.unit
TEXT = (Path(__file__).resolve().parents[4] / "deploy/classes.toml").read_text(encoding="utf-8")


def with_line(old: str, new: str) -> str:
    assert old in TEXT
    return TEXT.replace(old, new, 1)


def refused(text: str) -> PolicyInvalid:
    with pytest.raises(PolicyInvalid) as caught:
        read_policy(text)
    return caught.value


def test_the_policy_that_ships_has_every_class_with_its_rules():
    policy = read_policy(TEXT)

    assert tuple(policy) == NODE_CLASSES
    vending = policy["vending"]
    assert (vending.cadence.month_bytes, vending.cadence.month_money) == (100_000_000, "")
    assert vending.cadence.of("D").streams == ("config", "prices", "stock", "orders")
    assert vending.lanes.order == ("memory", "replica", "model")
    assert (vending.grants.window, vending.privacy.telemetry, vending.storage.pictures) == (200, "counts", 500_000_000)


@pytest.mark.parametrize(
    ("old", "new", "key", "expected", "nearest"),
    [
        ("batch_facts = 500", "batch_fact = 500", "class.flagship.cadence.A.batch_fact", "one of batch_facts",
         "class.flagship.cadence.A.batch_facts"),
        ("batch_facts = 500", "batch_facts = 0", "class.flagship.cadence.A.batch_facts", "a whole number from 1 to",
         "class.flagship.cadence.A.batch_facts"),
        ("batch_facts = 500", "batch_facts = true", "class.flagship.cadence.A.batch_facts", "a whole number", None),
        ("[class.popup]", "[class.popups]", "class.popups", "one of flagship, popup", "class.popup"),
        ('shelf = "4 GB"', 'shelf = "4 GiB"', "class.flagship.storage.shelf", "a size such as", None),
        ('shelf = "4 GB"\n', "", "class.flagship.storage.shelf", "a size such as", None),
        ('files = "all"', 'files = "zip"', "class.flagship.cadence.A.files", "one of all, models, none", None),
        ("is_federated = true", 'is_federated = "yes"', "class.flagship.privacy.is_federated", "true or false", None),
        ('month_money = "40.00 EUR"', 'month_money = "40 €"', "class.event.cadence.month_money", "an amount", None),
        ('"memory", "replica", "model", "cloud"', '"memory", "memory"', "class.flagship.lanes.order", "a list", None),
        ("form = 1", "form = 2", "form", "1, the form", None),
        ("form = 1", "froms = 1", "froms", "one of form, class", "form"),
        ('month_bytes = "2 GB"', 'month_bytes = "2 GB"\nmonth_money = "1.00 EUR"', "class.popup.cadence.month_money",
         "one cap", ""),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named_with_its_key_what_fits_and_the_nearest(old, new, key, expected, nearest):
    error = refused(with_line(old, new))

    assert error.fields["key"] == key
    assert error.fields["expected"].startswith(expected)
    assert nearest is None or error.fields["nearest"] == nearest
    assert error.message.startswith(key)


def test_a_class_that_is_missing_is_named():
    without = re.sub(r"\[class\.lab\].*", "", TEXT, flags=re.DOTALL)

    assert refused(without).fields["key"] == "class.lab"


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_reads_or_is_refused_in_our_words(text):
    with pytest.raises(PolicyInvalid):
        read_policy(text)


@pytest.mark.parametrize("name", NODE_CLASSES)
def test_rules_as_json_read_as_the_same_rules(name):
    policy = read_policy(TEXT)[name]

    assert read_class(policy.as_json()) == policy


def test_an_older_release_passes_over_rules_that_it_does_not_know():
    said = read_policy(TEXT)["lab"].as_json() | {"weather": "fine"}

    assert read_class(said, is_strict=False) == read_policy(TEXT)["lab"]
    with pytest.raises(PolicyInvalid, match="weather"):
        read_class(said)


def test_overrides_change_what_they_name_and_nothing_else():
    popup = read_policy(TEXT)["popup"]

    changed = lay_over(popup, read_overrides('cadence.month_bytes = "500 MB"\ncadence.C.gap_s = 60'))

    assert (changed.cadence.month_bytes, changed.cadence.C.gap_s) == (500_000_000, 60)
    assert changed.cadence.A == popup.cadence.A
    assert changed.grants == popup.grants


@pytest.mark.parametrize(
    ("text", "key"), [("cadense.C.gap_s = 60", "cadense"), ("grants.window = -1", "grants.window")]
)
def test_overrides_that_do_not_fit_are_refused(text, key):
    with pytest.raises(PolicyInvalid) as caught:
        lay_over(read_policy(TEXT)["popup"], read_overrides(text))

    assert caught.value.fields["key"] == key
