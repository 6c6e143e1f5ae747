"""Whose turn it is to talk to the cloud: one process of a node at a time, by a lock that dies with its holder."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings


@contextmanager
def turn(*, wait: bool) -> Iterator[bool]:
    """Whether it is ours now. With `wait` it always is, once the process at it has finished or was killed."""
    path = Path(settings.EDGESHOP.state_dir) / "sync.lock"
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
        else:
            yield True
