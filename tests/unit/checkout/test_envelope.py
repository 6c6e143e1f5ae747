"""What is not signed by our kiosk and by the token's seat is refused, slip or no slip, and leaves no trace."""

import base64
import json
import random
from typing import Any

import pytest

from edgeshop.checkout.errors import EnvelopeInvalid, TokenInvalid
from edgeshop.checkout.models import Order, Review
from edgeshop.checkout.services.sale import content_sha256
from edgeshop.fleet.models import Kiosk
from edgeshop.fleet.services import hot_key
from edgeshop.journal.models import Record
from edgeshop.kernel.errors import EdgeShopError
from edgeshop.vault.services import MemoryKeystore, new_hot_key, peek_jws
from tests.factories.checkout import APPLE, Browser, number_of, place

pytestmark = [pytest.mark.unit, pytest.mark.django_db]


def refuse(envelope: str, error: type[EdgeShopError]) -> None:
    """Placing it fails with or without a slip, and nothing is written."""
    facts = Record.objects.count()
    for slip_shown in (False, True):
        with pytest.raises(error):
            place(envelope, slip_shown=slip_shown)
    assert (Order.objects.count(), Review.objects.count(), Record.objects.count()) == (0, 0, facts)


def resigned(token: str, *, by: Any = None, **claims: Any) -> str:
    """A token with other claims, signed by a hot key with its certificate."""
    key = by or hot_key()
    return str(key.sign_jws("token+jwt", peek_jws(token)[1] | claims, {"cert": key.certificate}))


def test_an_order_on_somebody_elses_token_is_refused(ada: Browser, bea: Browser) -> None:
    refuse(bea.order(token=ada.tokens[0]), TokenInvalid)


def test_a_token_signed_by_another_devices_key_is_refused(ada: Browser) -> None:
    keys = MemoryKeystore()
    keys.create("device")
    stranger = new_hot_key(subject="kiosk/12", keystore=keys)

    refuse(ada.order(token=resigned(ada.tokens[0], by=stranger)), TokenInvalid)


def test_a_token_of_another_kiosk_under_our_key_is_refused(ada: Browser) -> None:
    refuse(ada.order(token=resigned(ada.tokens[0], aud=13)), TokenInvalid)
    refuse(ada.order(token=resigned(ada.tokens[0], rn="3-13-1-1")), TokenInvalid)


def test_a_token_whose_certificate_was_over_when_it_was_signed_is_refused(ada: Browser) -> None:
    later = peek_jws(ada.tokens[0])[1]["iat"] + 2 * 86_400

    refuse(ada.order(token=resigned(ada.tokens[0], iat=later)), TokenInvalid)


@pytest.mark.parametrize(
    "claims", [{"jti": "x"}, {"max": -1}, {"max": "9"}, {"exp": None}, {"cnf": {}}, {"sub": "Ada"}]
)
def test_a_token_of_another_form_is_refused(ada: Browser, claims: dict[str, Any]) -> None:
    refuse(ada.order(token=resigned(ada.tokens[0], **claims)), TokenInvalid)


def test_an_order_naming_another_number_than_its_token_is_refused(ada: Browser) -> None:
    refuse(ada.order(rn=number_of(ada.tokens[1])), TokenInvalid)


def test_a_token_is_no_order_and_an_order_no_token(ada: Browser) -> None:
    refuse(ada.tokens[0], EnvelopeInvalid)
    refuse(ada.order(token=ada.order()), TokenInvalid)


@pytest.mark.parametrize(
    "claims",
    [
        {"lines": []},
        {"lines": [[APPLE, 0, 250]]},
        {"lines": [[APPLE, -1, 250]]},
        {"lines": [[APPLE, 1]]},
        {"lines": [[APPLE, 1.5, 250]]},
        {"lines": [["101", 1, 250]]},
        {"lines": [[APPLE, 1, 1]] * 501},
        {"total": -1},
        {"total": 5.0},
        {"total": True},
        {"tender": "gold"},
        {"at": "now"},
        {"at": 1e300},
        {"book": 0},
        {"lang": "english!!"},
    ],
)
def test_what_does_not_read_as_an_order_is_refused(ada: Browser, claims: dict[str, Any]) -> None:
    refuse(ada.order(**claims), EnvelopeInvalid)


def test_an_order_signed_with_another_key_than_it_shows_is_refused(ada: Browser, bea: Browser) -> None:
    claims = peek_jws(ada.order())[1]

    refuse(bea.sign("order+jws", claims, jwk=ada.jwk), EnvelopeInvalid)


def test_an_order_of_another_type_is_refused(ada: Browser) -> None:
    claims = peek_jws(ada.order())[1]

    refuse(ada.sign("other+jws", claims, jwk=ada.jwk), EnvelopeInvalid)


def test_no_changed_byte_is_accepted(ada: Browser) -> None:
    envelope, dice = ada.order(), random.Random(5)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."

    for _ in range(300):
        place_of = dice.randrange(len(envelope))
        other = dice.choice([c for c in alphabet if c != envelope[place_of]])
        with pytest.raises((EnvelopeInvalid, TokenInvalid)):
            place(envelope[:place_of] + other + envelope[place_of + 1 :], slip_shown=True)
    assert not Order.objects.exists()


def test_a_changed_total_under_the_old_signature_is_refused(ada: Browser) -> None:
    head, body, signature = ada.order().split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    cheap = base64.urlsafe_b64encode(json.dumps(claims | {"total": 1}).encode()).decode().rstrip("=")

    refuse(f"{head}.{cheap}.{signature}", EnvelopeInvalid)


def test_a_token_from_another_process_of_this_kiosk_is_as_good(ada: Browser) -> None:
    other_worker = new_hot_key(subject="kiosk/12")

    assert place(ada.order(token=resigned(ada.tokens[0], by=other_worker))).delivery == "committed"
    assert Kiosk.objects.count() == 1


def test_what_an_order_says_has_the_hash_that_browsers_compute() -> None:
    """frontend/src/shared/content.test.ts has the same."""
    said = content_sha256("3-12-1-7", 2, [(1, 2, 250)], 500, "cash", "de")

    assert said == "44b6a90f2ca3761463a6682fe880fa7706f497e30a4766837c6a48f15ade74bb"
