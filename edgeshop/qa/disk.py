"""Looking for what a disk should not hold, as whoever stole it would."""

from pathlib import Path


def found(needle: str | bytes, folder: Path) -> list[str]:
    """The names of the files below a folder that hold this, as bytes, as text or in UTF-16."""
    needles = [needle] if isinstance(needle, bytes) else [needle.encode(), needle.encode("utf-16-le")]
    return [file.name for file in folder.rglob("*") if any(one in _bytes_of(file) for one in needles)]


def _bytes_of(file: Path) -> bytes:
    """What a file holds; nothing for a folder, a socket or what has been renamed meanwhile: it is found there."""
    try:
        return file.read_bytes() if file.is_file() else b""
    except FileNotFoundError:
        return b""
