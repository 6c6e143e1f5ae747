"""What an installer should know about this node's keys before the shop opens."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

CREDENTIAL_CHARS_MIN = 16  # below that, whoever copies the folder may guess what opens it
FILE_BYTES_MAX = 4096  # a credential file is a line of text


@register(Tags.security, deploy=True)
def check_credential(**_kwargs: Any) -> list[CheckMessage]:
    """The credential of an encrypted keystore must be hard to guess and lie elsewhere."""
    vault = settings.EDGESHOP.vault
    if vault.backend != "file":
        return []
    found: list[CheckMessage] = []
    if len(vault.credential) < CREDENTIAL_CHARS_MIN:
        found.append(
            Warning(
                "The vault's credential is short.",
                hint=f"Use at least {CREDENTIAL_CHARS_MIN} random characters.",
                id="vault.W001",
            )
        )
    if _lies_in(Path(vault.path), vault.credential):
        found.append(
            Error(
                "The vault's credential lies in the folder that it opens.",
                hint="Keep it on another disk, or let the service manager hand it over.",
                id="vault.E001",
            )
        )
    return found


def _lies_in(folder: Path, credential: str) -> bool:
    files = [file for file in folder.glob("*") if file.is_file() and file.stat().st_size <= FILE_BYTES_MAX]
    return any(file.read_bytes().strip() == credential.encode() for file in files)
