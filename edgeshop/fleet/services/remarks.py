"""What other rooms have to say about a kiosk on its page in the cloud, a sentence each."""

from collections.abc import Callable

_readers: list[Callable[[int], str]] = []


def remark_source(read: Callable[[int], str]) -> None:
    """Say how to read a remark on a kiosk by its id; "" when there is none."""
    _readers.append(read)


def remarks_on(kiosk_id: int) -> list[str]:
    """All that there is to say just now."""
    return [said for said in (read(kiosk_id) for read in _readers) if said]
