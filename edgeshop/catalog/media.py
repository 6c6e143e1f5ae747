"""Pictures as content-addressed files: the name is the SHA-256 of the bytes, so a copy is either right or absent."""

import hashlib
import os
import re
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from edgeshop.kernel.errors import InvalidInput, NotFound

PICTURE_BYTES_MAX = 2 * 2**20
_NAME = re.compile(r"[0-9a-f]{64}")
_TYPES = {
    b"<svg": "image/svg+xml",
    b"\x89PNG": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"RIFF": "image/webp",
}


def path_of(sha256: str) -> Path:
    """Where a picture is or would be. Raises: NotFound for a name that no picture can have."""
    if not _NAME.fullmatch(sha256):
        raise NotFound("There is no such picture.", sha256=sha256[:80])
    return Path(settings.EDGESHOP.state_dir) / "media" / sha256[:2] / sha256


def store(data: bytes) -> str:
    """Keep a picture; answers its SHA-256. Safe to repeat. Raises: InvalidInput for what is no picture."""
    content_type(data)
    if len(data) > PICTURE_BYTES_MAX:
        raise InvalidInput("A picture may have at most 2 MB.", size_bytes=len(data))
    name = hashlib.sha256(data).hexdigest()
    target = path_of(name)
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_name(f"{name}.{os.getpid()}")
        beside.write_bytes(data)
        beside.replace(target)
    return name


def load(sha256: str) -> bytes:
    """The bytes of a picture. Raises: NotFound."""
    try:
        return path_of(sha256).read_bytes()
    except FileNotFoundError:
        raise NotFound("This picture is not here (yet).", sha256=sha256) from None


def content_type(data: bytes) -> str:
    """The media type by the first bytes. Raises: InvalidInput."""
    for magic, name in _TYPES.items():
        if data.startswith(magic):
            return name
    raise InvalidInput("A picture must be SVG, PNG, JPEG or WebP.")


def absent(names: Iterable[str]) -> list[str]:
    """Those of `names` that are not here yet, in the given order, each once."""
    return [name for name in dict.fromkeys(names) if name and not path_of(name).exists()]
