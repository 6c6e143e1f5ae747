"""Device certificates: a box asks with its own key, the cloud's device CA answers for 400 days.

A request (CSR) is signed by the key it names, wherever that key lives: it proves possession and nothing else. A
certificate says which subject a key speaks for. Both are X.509, so that any tool can read them; what they are allowed
to do is decided elsewhere, by class and by grant.

Source: RFC 2986 (requests), RFC 5280 (certificates).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.x509.oid import NameOID

from edgeshop.kernel.errors import InvalidInput
from edgeshop.vault.errors import BadSignature
from edgeshop.vault.services.p256 import ALGORITHM, SIDE, Jwk, demand_low_s, public_jwk, read_jwk, to_der
from edgeshop.vault.services.signers import DisguisedKey, Signer

LIFE = timedelta(days=400)
ISSUER = "EdgeShop devices"
PEM_CHARS_MAX = 4096  # a request or certificate of ours has about 700
_SKEW = timedelta(minutes=5)  # the box's clock may be this far behind the cloud's


@dataclass(frozen=True, slots=True)
class DeviceCertificate:
    """What a certificate says. `serial` is lower-case hex; the instants are aware UTC."""

    subject: str
    jwk: Jwk
    serial: str
    starts_at: datetime
    ends_at: datetime

    @property
    def renews_at(self) -> datetime:
        """When a third of its life is left: early enough for a kiosk that meets its cloud twice a year."""
        return self.ends_at - (self.ends_at - self.starts_at) / 3


def write_request(*, signer: Signer, name: str) -> str:
    """A request for a certificate, PEM, signed by the key that wants one. Raises: KeyMissing."""
    builder = x509.CertificateSigningRequestBuilder().subject_name(_name(name))
    return _pem(builder.sign(DisguisedKey(signer), hashes.SHA256()))


def read_request(pem: str) -> Jwk:
    """The public key of a request whose signature shows that the sender holds the private one.

    Raises: InvalidInput for anything but a request with a P-256 key; BadSignature when somebody else signed it.
    """
    try:
        request = x509.load_pem_x509_csr(_bounded(pem))
        key, is_signed = request.public_key(), request.is_signature_valid
    except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion) as odd:
        raise InvalidInput("This is no certificate request.", field="csr") from odd
    if not is_signed:
        raise BadSignature("This request is not signed by the key that it names.")
    return _p256(key)


def issue_certificate(*, jwk: Mapping[str, Any], subject: str, issuer: Signer, at: datetime) -> str:
    """A certificate by the issuer's key, PEM, good from five minutes before `at` for 400 days.

    Raises: InvalidInput for an odd key.
    """
    at = at.replace(microsecond=0)
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(read_jwk(issuer.jwk).public_key)
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(ISSUER))
        .public_key(read_jwk(jwk).public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - _SKEW)
        .not_valid_after(at + LIFE)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_signs_only(), critical=True)
        .add_extension(authority, critical=False)
    )
    return _pem(builder.sign(DisguisedKey(issuer), hashes.SHA256()))


def read_certificate(pem: str, *, issuer_jwk: Mapping[str, Any]) -> DeviceCertificate:
    """What a certificate by this issuer says; whether its time has come or is over is the caller's to judge.

    Raises: InvalidInput for anything but a device certificate; BadSignature when another key signed it.
    """
    try:
        found = x509.load_pem_x509_certificate(_bounded(pem))
        names = found.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        digest, key = found.signature_hash_algorithm, found.public_key()
        if len(names) != 1 or not isinstance(digest, hashes.SHA256):
            raise ValueError("not of our form")  # noqa: TRY301 -- one error for all odd certificates
    except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion) as odd:
        raise InvalidInput("This is no device certificate.", field="certificate") from odd
    _demand_one_form(found)
    try:
        issuer = read_jwk(issuer_jwk).public_key
        issuer.verify(found.signature, found.tbs_certificate_bytes, ALGORITHM)
    except InvalidSignature:
        raise BadSignature("Another key than the device CA's signed this certificate.") from None
    return DeviceCertificate(
        subject=str(names[0].value),
        jwk=_p256(key),
        serial=f"{found.serial_number:x}",
        starts_at=found.not_valid_before_utc,
        ends_at=found.not_valid_after_utc,
    )


def _demand_one_form(found: x509.Certificate) -> None:
    """A low-s signature, as whole bytes at the very end: nobody makes a second spelling of a certificate."""
    try:
        r, s = decode_dss_signature(found.signature)
        raw = r.to_bytes(SIDE, "big") + s.to_bytes(SIDE, "big")
    except (ValueError, OverflowError):
        raise BadSignature("The signature is not in its one accepted form.") from None
    demand_low_s(raw)
    if not found.public_bytes(serialization.Encoding.DER).endswith(b"\0" + to_der(raw)):
        raise BadSignature("The signature is not in its one accepted form.")


def _p256(key: object) -> Jwk:
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise InvalidInput("Only keys of the curve P-256 are known here.", field="key")
    return public_jwk(key)


def _signs_only() -> x509.KeyUsage:
    names = (
        "content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign",
        "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(digital_signature=True, **dict.fromkeys(names, False))


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _bounded(pem: str) -> bytes:
    if len(pem) > PEM_CHARS_MAX:
        raise ValueError("too long")
    return pem.encode("ascii")


def _pem(written: x509.Certificate | x509.CertificateSigningRequest) -> str:
    return written.public_bytes(serialization.Encoding.PEM).decode("ascii")
