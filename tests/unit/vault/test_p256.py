"""Public keys in one spelling, signatures in one of their two."""

import pytest
from joserfc.util import urlsafe_b64decode, urlsafe_b64encode

from edgeshop.kernel.errors import InvalidInput
from edgeshop.vault.errors import BadSignature
from edgeshop.vault.services.p256 import ORDER, P256Key, demand_low_s, read_jwk, thumbprint

pytestmark = pytest.mark.unit

# RFC 9449 section 6.1 prints this key with this thumbprint.
DPOP_KEY = {
    "kty": "EC",
    "crv": "P-256",
    "x": "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",
    "y": "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA",
}
DPOP_THUMBPRINT = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"


def test_thumbprint_is_the_one_of_the_standard() -> None:
    assert thumbprint(DPOP_KEY) == DPOP_THUMBPRINT


def test_thumbprint_ignores_everything_but_the_key() -> None:
    assert thumbprint({"kid": "mine", "use": "sig", **DPOP_KEY}) == DPOP_THUMBPRINT


@pytest.mark.parametrize(
    "change",
    [
        {"kty": "RSA"},
        {"crv": "P-384"},
        {"x": DPOP_KEY["y"]},  # not on the curve
        {"x": DPOP_KEY["x"] + "="},
        {"x": DPOP_KEY["x"][:-1] + "t"},  # the same bytes in another spelling
        {"x": "AA" + DPOP_KEY["x"]},
        {"x": ""},
        {"x": "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBF\u00e9"},
        {"y": 7},
        {"y": None},
        {"y": ["l"] * 43},
    ],
)
def test_odd_keys_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        thumbprint({**DPOP_KEY, **change})


@pytest.mark.parametrize("at", [30, 31, 33, 34])
def test_a_point_cut_elsewhere_is_no_second_name_of_a_key(at: int) -> None:
    sides = b"".join(urlsafe_b64decode(DPOP_KEY[name].encode()) for name in "xy")
    moved = {"x": urlsafe_b64encode(sides[:at]).decode(), "y": urlsafe_b64encode(sides[at:]).decode()}

    with pytest.raises(InvalidInput):
        thumbprint(DPOP_KEY | moved)


@pytest.mark.parametrize("missing", ["kty", "crv", "x", "y"])
def test_incomplete_keys_are_refused(missing: str) -> None:
    with pytest.raises(InvalidInput):
        read_jwk({name: value for name, value in DPOP_KEY.items() if name != missing})


def test_a_key_of_another_curve_is_not_taken_from_disk() -> None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    der = ec.generate_private_key(ec.SECP384R1()).private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )

    with pytest.raises(ValueError, match="P-256"):
        P256Key.from_pkcs8(der)


@pytest.mark.parametrize(
    ("s", "is_fine"), [(1, True), (ORDER // 2, True), (ORDER // 2 + 1, False), (ORDER, False), (0, False)]
)
def test_demand_low_s_draws_the_line_at_half_the_order(s: int, is_fine: bool) -> None:
    signature = bytes(31) + b"\x01" + s.to_bytes(32, "big")

    if is_fine:
        demand_low_s(signature)
    else:
        with pytest.raises(BadSignature):
            demand_low_s(signature)


@pytest.mark.parametrize("length", [0, 63, 65, 70])
def test_demand_low_s_wants_64_bytes(length: int) -> None:
    with pytest.raises(BadSignature):
        demand_low_s(b"\x01" * length)
