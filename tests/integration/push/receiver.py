"""A push service and a browser in one: takes messages as RFC 8030 says, decrypts them as RFC 8291 says, and checks
who sent them as RFC 8292 says. Written from the RFCs, with nothing of the sender's in it."""

import base64
import json
import re
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tests.factories.push import Subscriber

_UNCOMPRESSED = serialization.PublicFormat.UncompressedPoint


@dataclass(frozen=True, slots=True)
class Message:
    """What a browser would hand to its service worker, and what the sender said about itself."""

    notice: dict[str, str]
    ttl_s: int
    vapid_claims: dict[str, Any]
    vapid_key: str


@dataclass
class Receiver:
    """Listens on a loopback port until `close`; each subscriber has a path of its own."""

    browsers: dict[str, Subscriber] = field(default_factory=dict)
    received: list[tuple[str, Message]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = receiver.take(self.path, {k.lower(): v for k, v in self.headers.items()}, body)
                self.send_response(status)
                if status == 201:
                    self.send_header("Location", f"{receiver.origin}/message/{len(receiver.received)}")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_args: Any) -> None:
                """Nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def origin(self) -> str:
        """Scheme, host and port, as in a VAPID token's `aud`."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def subscribe(self, name: str) -> Subscriber:
        """A new browser with an endpoint of its own."""
        self.browsers[f"/push/{name}"] = Subscriber(endpoint=f"{self.origin}/push/{name}")
        return self.browsers[f"/push/{name}"]

    def messages(self, name: str) -> list[Message]:
        """What this browser has been told."""
        return [message for path, message in self.received if path == f"/push/{name}"]

    def take(self, path: str, headers: dict[str, str], body: bytes) -> int:
        """The status a push service would answer with."""
        browser = self.browsers.get(path)
        if browser is None:
            return 404
        try:
            claims, key = self._vapid(headers["authorization"])
            assert headers["content-encoding"] == "aes128gcm"
            notice = json.loads(decrypt(browser, body))
            self.received.append((path, Message(notice, int(headers["ttl"]), claims, key)))
        except Exception as problem:  # noqa: BLE001 -- whatever is wrong with a message, the test wants to hear of it
            self.refused.append(repr(problem))
            return 400
        return 201

    def _vapid(self, authorization: str) -> tuple[dict[str, Any], str]:
        """The claims of a genuine, current token for this origin. Source: RFC 8292 sections 2 and 3."""
        said = re.fullmatch(r"vapid t=([\w.-]+), ?k=([\w-]+)", authorization)
        assert said is not None, authorization
        token, key = said.groups()
        header, payload, signature = (unb64(part) for part in token.split("."))
        assert json.loads(header)["alg"] == "ES256"
        r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unb64(key))
        public.verify(encode_dss_signature(r, s), token.rpartition(".")[0].encode(), ec.ECDSA(hashes.SHA256()))
        claims = json.loads(payload)
        assert claims["aud"] == self.origin
        assert time.time() < claims["exp"] <= time.time() + 24 * 3600
        assert claims["sub"].startswith("mailto:")
        return claims, key

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def unb64(text: str) -> bytes:
    """base64url without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def decrypt(browser: Subscriber, body: bytes) -> bytes:
    """The plaintext of one record. Source: RFC 8291 section 3.4 over RFC 8188 section 2."""
    salt, key_length = body[:16], body[20]
    sender_point, sealed = body[21 : 21 + key_length], body[21 + key_length :]
    sender = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender_point)
    own_point = browser.key.public_key().public_bytes(serialization.Encoding.X962, _UNCOMPRESSED)
    shared = browser.key.exchange(ec.ECDH(), sender)
    secret = _derive(browser.secret, shared, b"WebPush: info\x00" + own_point + sender_point, 32)
    key = _derive(salt, secret, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = _derive(salt, secret, b"Content-Encoding: nonce\x00", 12)
    padded = AESGCM(key).decrypt(nonce, sealed, None)
    plain, mark, padding = padded.rpartition(b"\x02")
    assert (mark, padding.strip(b"\x00")) == (b"\x02", b"")
    return plain


def _derive(salt: bytes, secret: bytes, info: bytes, size: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=size, salt=salt, info=info).derive(secret)
