"""One signed request and what came back: whether our cloud has said it, and what it refuses."""

import json
from collections.abc import Container
from dataclasses import dataclass
from typing import Any

import requests

from edgeshop.fleet.errors import CloudRefused, CloudUnreachable
from edgeshop.fleet.queries import this_kiosk
from edgeshop.fleet.services.begun import BEGUN_HEADER
from edgeshop.kernel.errors import EdgeShopError
from edgeshop.vault.services import key_name, note_cloud_time, signed_at, thumbprint, verify_response

CERTIFICATE_HEADER = "Hot-Key"
ACK_HEADER = "Ack"


def covered_by_answer(headers: Container[str]) -> tuple[str, ...]:
    """What the signature of an answer covers beyond status and body, on both ends."""
    return tuple(name.lower() for name in (ACK_HEADER, BEGUN_HEADER) if name in headers)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the cloud says: bytes, or only a short word in a header, or nothing."""

    body: bytes = b""
    ack: str = ""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request as it was sent, under which key, and what came back. Units: `left_s` in seconds since boot."""

    kid: str
    left_s: float
    sent: dict[str, str]
    answer: requests.Response
    content: bytes

    def error(self) -> dict[str, Any]:
        """The error in our one shape; empty for anything that is not ours."""
        try:
            said = json.loads(self.content)
        except ValueError:
            return {}
        return said if isinstance(said, dict) and "code" in said else {}

    def check(self) -> bool:
        """Whether our cloud has signed this answer to this very request; False when a key did that we do not know.

        Raises: CloudUnreachable. Effect: what time the cloud says it is, is known here.
        """
        trusted = {key_name(thumbprint(jwk)): jwk for jwk in this_kiosk().cloud_jwks}
        got, strangers = self.answer, []

        def find_key(kid: str) -> dict[str, str] | None:
            if kid not in trusted:
                strangers.append(kid)
            return trusted.get(kid)

        try:
            verify_response(
                got.status_code,
                dict(got.headers),
                self.content,
                request_headers=self.sent,
                find_key=find_key,
                also=covered_by_answer(got.headers),
            )
        except EdgeShopError as error:
            if strangers:
                return False
            raise CloudUnreachable("Something answered, but not our cloud.", how="not_ours", why=error.code) from error
        note_cloud_time(signed_at(dict(got.headers)), boot_s=self.left_s)
        return True

    def refusal(self) -> EdgeShopError:
        """Our cloud's refusal, or an error page of whatever stands between."""
        status, said = self.answer.status_code, self.error()
        if not said:
            return CloudUnreachable("An error page answered, not our cloud.", how="not_ours", status=status)
        return CloudRefused("The cloud refused.", status=status, cloud_code=str(said["code"])[:80])
