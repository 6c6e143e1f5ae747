"""Signed requests and signed answers, in one fixed short profile.

A request covers method, path, query if any and digest of the body if any; not host and scheme, which proxies rewrite.
An answer covers its status, the *signature of the request it answers* and its body: it is good for that one request
only. Both may cover further headers that caller and receiver agree on (`also`).

Messages are plain values: `url` is absolute or begins with `/`, `headers` any mapping of strings, `body` the bytes as
they travel (after compression), empty when there are none. The receiver always hands over the body it got, so a body
taken away is noticed like one that was changed.

Source: RFC 9421, RFC 9530 (Content-Digest).
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageSigner,
    HTTPMessageVerifier,
    MappingKeyResolver,
)
from http_message_signatures.algorithms import ECDSA_P256_SHA256

from edgeshop.kernel import clock
from edgeshop.kernel.errors import InvalidInput
from edgeshop.vault.errors import BadSignature, Expired
from edgeshop.vault.services.http_profile import (
    KEYID,
    LABEL,
    OWN,
    SIGNED_AT,
    Answer,
    Headers,
    Request,
    answer,
    answer_parts,
    described,
    lowered,
    request,
    request_parts,
)
from edgeshop.vault.services.p256 import read_jwk
from edgeshop.vault.services.signers import Signer

FindKey = Callable[[str], Mapping[str, Any] | None]
WINDOW_S = 300  # how old or how far ahead a signature may be where the caller does not say


class _Verifier(HTTPMessageVerifier):
    def validate_created_and_expires(self, sig_input: object, max_age: object = None) -> None:
        """Nothing: the library asks the system's clock, we ask the kernel's, and only about genuine messages."""


_SIGNER = HTTPMessageSigner(signature_algorithm=ECDSA_P256_SHA256)


def sign_request(
    method: str,
    url: str,
    headers: Headers,
    body: bytes,
    *,
    key: Signer,
    keyid: str | None = None,
    also: Sequence[str] = (),
    created_s: float | None = None,
) -> dict[str, str]:
    """The headers to send: those given and the signature's. `keyid` is a short agreed name, else the key's own.

    Raises: InvalidInput for a message that cannot be signed.
    """
    message = request(method, url, {k: v for k, v in headers.items() if k.lower() not in OWN})
    return _sign(message, body, request_parts(message, body, also), key, keyid, created_s)


def verify_request(
    method: str,
    url: str,
    headers: Headers,
    body: bytes,
    *,
    find_key: FindKey,
    also: Sequence[str] = (),
    max_age_s: float | None = WINDOW_S,
    now_s: float | None = None,
) -> str:
    """The `keyid` of whoever signed this request; `find_key` gives the public JWK for one, or None.

    `max_age_s` is the window of time in which a copy would pass too; None is for what is safe to receive at any age.
    Raises: BadSignature; Expired for a genuine request outside the window, so its sender may be told the time.
    """
    message = request(method, url, lowered(headers))
    return _verify(message, body, request_parts(message, body, also), find_key, max_age_s, now_s)


def sign_response(
    status: int,
    headers: Headers,
    body: bytes,
    *,
    request_headers: Headers,
    key: Signer,
    keyid: str | None = None,
    also: Sequence[str] = (),
    created_s: float | None = None,
) -> dict[str, str]:
    """The headers of the answer to the signed request with `request_headers`.

    Raises: InvalidInput for an answer that cannot be signed, as to a request without a signature.
    """
    message = answer(status, {k: v for k, v in headers.items() if k.lower() not in OWN}, request_headers)
    return _sign(message, body, answer_parts(body, also), key, keyid, created_s)


def verify_response(
    status: int,
    headers: Headers,
    body: bytes,
    *,
    request_headers: Headers,
    find_key: FindKey,
    also: Sequence[str] = (),
    max_age_s: float | None = None,
    now_s: float | None = None,
) -> str:
    """The `keyid` of whoever signed this answer to our request with `request_headers`, as we sent them.

    No window by default: the answer is bound to our request, which nobody else made. Raises: BadSignature, Expired.
    """
    message = answer(status, lowered(headers), request_headers)
    return _verify(message, body, answer_parts(body, also), find_key, max_age_s, now_s)


def signed_at(headers: Headers) -> int:
    """When the signer says that it signed, in unix seconds. Ask only about a message that has been verified.

    Raises: BadSignature for one without a signature of our form.
    """
    found = SIGNED_AT.search(lowered(headers).get("signature-input", ""))
    if found is None:
        raise BadSignature("There is no signature of our form.")
    return int(found[1])


def _sign(
    message: Request | Answer, body: bytes, parts: list[str], key: Signer, keyid: str | None, created_s: float | None
) -> dict[str, str]:
    name, created = keyid or key.kid, datetime.fromtimestamp(int(_now(created_s)), UTC)
    if not KEYID.fullmatch(name):
        raise InvalidInput("A key id is short and plain.", keyid=name[:80])
    try:
        prepared = _SIGNER.prepare(
            message,
            key_id=name,
            created=created,
            label=LABEL,
            include_alg=False,
            covered_component_ids=parts,
            body=body or None,
        )
        _SIGNER.apply(message, prepared, key.sign(prepared.signature_base))
    except HTTPMessageSignaturesException as odd:
        raise InvalidInput("This message cannot be signed.", reason=str(odd)[:200]) from odd
    return message.headers


def _verify(
    message: Request | Answer,
    body: bytes,
    parts: list[str],
    find_key: FindKey,
    max_age_s: float | None,
    now_s: float | None,
) -> str:
    created, keyid = described(message.headers, parts)
    jwk = find_key(keyid)
    if jwk is None:
        raise BadSignature("Nobody here knows that key.", keyid=keyid)
    keys = MappingKeyResolver(public_keys={keyid: read_jwk(jwk).public_key}, private_keys={})
    try:
        _Verifier(signature_algorithm=ECDSA_P256_SHA256, key_resolver=keys).verify(message, max_age=None, body=body)
    except HTTPMessageSignaturesException:
        raise BadSignature("This message is not what that key signed.", keyid=keyid) from None
    if max_age_s is not None and abs(_now(now_s) - created) > max_age_s:
        raise Expired("This message is from another time.", now_s=int(_now(now_s)), created_s=created)
    return keyid


def _now(now_s: float | None) -> float:
    return clock.timestamp() if now_s is None else now_s
