"""What an installer should know about this node's keys before the shop opens."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from edgeshop.vault.services import keystore_state

CREDENTIAL_CHARS_MIN = 16  # below that, whoever copies the folder may guess what opens it
FILE_BYTES_MAX = 4096  # a credential file is a line of text


@register(Tags.security, deploy=True)
def check_credential(**_kwargs: Any) -> list[CheckMessage]:
    """The credential of an encrypted keystore must be hard to guess and lie elsewhere."""
    vault = settings.EDGESHOP.vault
    if vault.backend == "memory":
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


@register(Tags.security, deploy=True)
def check_hardware(**_kwargs: Any) -> list[CheckMessage]:
    """A chip that should hold the keys must be there, must open, and must be the one this node was set up with."""
    vault = settings.EDGESHOP.vault
    if vault.backend != "pkcs11":
        return []
    hint = "Look at EDGESHOP_VAULT_MODULE, _TOKEN and _PIN; `manage.py keystore status` tells more."
    if not vault.module or not vault.pin:
        return [Error("The keys should be in a chip, but its module or PIN is not set.", hint=hint, id="vault.E002")]
    problem = keystore_state().problem
    return [Error(f"The chip is not used: {problem}", hint=hint, id="vault.E003")] if problem else []


def _lies_in(folder: Path, credential: str) -> bool:
    files = [file for file in folder.glob("*") if file.is_file() and file.stat().st_size <= FILE_BYTES_MAX]
    return any(file.read_bytes().strip() == credential.encode() for file in files)
