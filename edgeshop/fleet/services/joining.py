"""The box's side of enrolment: ask the cloud with our own key, and become what it says."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any

import requests
from django.conf import settings

from edgeshop.fleet.errors import CloudRefused, CloudUnreachable, CodeRefused
from edgeshop.fleet.models import Kiosk
from edgeshop.fleet.services.adoption import adopt
from edgeshop.fleet.services.enrolment import Enrolled
from edgeshop.fleet.services.keys import DEVICE_KEY, ready_keys
from edgeshop.vault.services import StoredKey, keystore, write_request

_TIMEOUT_S = (5, 20)  # somebody stands in front of the box and waits
_NAME = "edgeshop-kiosk"  # who the box is, the cloud says; a request only shows that the key is ours


def join(*, url: str, code: str, say: Callable[[str], object] = lambda _line: None) -> Kiosk:
    """Make this box the kiosk that the code was made for; its key is made in the keystore if it has none. `say` hears
    what is being done, for whoever waits.

    Raises: CodeRefused, CloudRefused, CloudUnreachable; StillUnsent, TrustRefused; errors of the keystore.
    """
    say("Making ready this box's key")
    ready_keys(is_ledger=settings.EDGESHOP.is_ledger)
    csr = write_request(signer=StoredKey(keystore(), DEVICE_KEY), name=_NAME)
    say(f"Asking the cloud at {url}")
    status, said = _ask(url.rstrip("/"), {"code": code, "csr": csr, "trust_level": keystore().trust_level})
    if status != 200:
        raise _refusal(status, said)
    try:
        told = Enrolled(**{known.name: said[known.name] for known in fields(Enrolled)})
    except KeyError as missing:
        raise CloudUnreachable("Something answered, but not our cloud.", how="not_ours") from missing
    say("Taking up what it said")
    return adopt(told)


def _ask(url: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    try:
        answer = requests.post(f"{url}/fleet/enrol", json=body, timeout=_TIMEOUT_S)
        said = answer.json()
    except (requests.RequestException, ValueError) as error:
        problem = type(error).__name__
        raise CloudUnreachable(f"The cloud at {url} did not answer: {problem}.", how="refused") from error
    return answer.status_code, said if isinstance(said, dict) else {}


def _refusal(status: int, said: dict[str, Any]) -> CodeRefused | CloudRefused:
    code, message = str(said.get("code", status))[:80], str(said.get("message", "This is not our cloud."))[:300]
    if code == CodeRefused.code:
        return CodeRefused(message)
    return CloudRefused(message, status=status, cloud_code=code)
