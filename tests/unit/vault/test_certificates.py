"""Device certificates: a request proves that its key is held, a certificate says whose word to believe."""

from base64 import encodebytes
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from edgeshop.kernel.errors import InvalidInput
from edgeshop.vault.errors import BadSignature
from edgeshop.vault.services import (
    MemoryKeystore,
    StoredKey,
    issue_certificate,
    read_certificate,
    read_request,
    write_request,
)

pytestmark = pytest.mark.unit
AT = datetime(2026, 11, 2, 10, 0, 0, 123_456, tzinfo=UTC)


@pytest.fixture
def box():
    return signer("device")


@pytest.fixture
def authority():
    return signer("device-ca")


def signer(name: str) -> StoredKey:
    store = MemoryKeystore()
    store.create(name)
    return StoredKey(store, name)


class Borrowed:
    """Somebody else's public key, and a signature by our own."""

    def __init__(self, victim: StoredKey, thief: StoredKey) -> None:
        self.jwk, self.kid, self.sign = victim.jwk, victim.kid, thief.sign


def test_a_request_names_the_key_that_signed_it(box):
    assert read_request(write_request(signer=box, name="till")) == box.jwk


def test_a_request_for_a_key_that_the_sender_does_not_hold_is_refused(box):
    borrowed = write_request(signer=Borrowed(box, signer("thief")), name="till")

    with pytest.raises(BadSignature):
        read_request(borrowed)


def other_curve() -> str:
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    made = builder.sign(ec.generate_private_key(ec.SECP384R1()), hashes.SHA256())
    return made.public_bytes(serialization.Encoding.PEM).decode()


@pytest.mark.parametrize("odd", ["", "x", "é", "-----BEGIN CERTIFICATE REQUEST-----\nAA==\n-----END", "A" * 9000])
def test_what_is_no_request_is_refused(odd):
    with pytest.raises(InvalidInput):
        read_request(odd)


def test_a_request_on_another_curve_is_refused():
    with pytest.raises(InvalidInput):
        read_request(other_curve())


def test_a_certificate_says_who_by_which_key_and_until_when(box, authority):
    pem = issue_certificate(jwk=box.jwk, subject="kiosk/12", issuer=authority, at=AT)

    said = read_certificate(pem, issuer_jwk=authority.jwk)

    whole = AT.replace(microsecond=0)
    assert (said.subject, said.jwk) == ("kiosk/12", box.jwk)
    assert (said.starts_at, said.ends_at) == (whole - timedelta(minutes=5), whole + timedelta(days=400))


def test_no_two_certificates_share_a_serial(box, authority):
    pems = [issue_certificate(jwk=box.jwk, subject="kiosk/12", issuer=authority, at=AT) for _ in range(5)]

    assert len({read_certificate(pem, issuer_jwk=authority.jwk).serial for pem in pems}) == 5


def test_a_certificate_by_another_authority_is_refused(box, authority):
    pem = issue_certificate(jwk=box.jwk, subject="kiosk/12", issuer=signer("device-ca"), at=AT)

    with pytest.raises(BadSignature):
        read_certificate(pem, issuer_jwk=authority.jwk)


def test_a_certificate_with_any_one_byte_changed_is_refused(box, authority):
    pem = issue_certificate(jwk=box.jwk, subject="kiosk/12", issuer=authority, at=AT)
    der = x509.load_pem_x509_certificate(pem.encode()).public_bytes(serialization.Encoding.DER)
    accepted = []

    for place in range(len(der)):
        changed = bytearray(der)
        changed[place] ^= 1
        try:
            read_certificate(as_pem(bytes(changed)), issuer_jwk=authority.jwk)
            accepted.append(place)
        except (InvalidInput, BadSignature):
            continue

    assert accepted == []
    assert read_certificate(as_pem(der), issuer_jwk=authority.jwk).subject == "kiosk/12"


def as_pem(der: bytes) -> str:
    return f"-----BEGIN CERTIFICATE-----\n{encodebytes(der).decode()}-----END CERTIFICATE-----\n"


def test_it_renews_when_two_thirds_of_its_life_are_over(box, authority):
    said = read_certificate(
        issue_certificate(jwk=box.jwk, subject="s", issuer=authority, at=AT), issuer_jwk=authority.jwk
    )

    said = replace(said, starts_at=AT, ends_at=AT + timedelta(days=300))

    assert said.renews_at == AT + timedelta(days=200)
