"""What a failed test leaves behind: one folder with the page, its trace, its console and the logs of every process."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from edgeshop.qa.node import REPOSITORY

FAILURES = REPOSITORY / "build" / "failures"
_FAILED: pytest.StashKey[bool] = pytest.StashKey()
_NAME_MAX = 120


def note(item: pytest.Item, report: pytest.TestReport) -> None:
    """Remember whether any phase of the test has failed."""
    item.stash[_FAILED] = item.stash.get(_FAILED, False) or report.failed


def has_failed(item: pytest.Item) -> bool:
    """Whether any phase so far has failed."""
    return item.stash.get(_FAILED, False)


def folder_for(item: pytest.Item) -> Path:
    """The folder of one test's evidence, made if missing."""
    name = re.sub(r"[^\w.-]+", "-", item.nodeid.removeprefix("tests/")).strip("-")
    folder = FAILURES / name[-_NAME_MAX:]
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def keep_logs(item: pytest.Item, logs: Path) -> None:
    """Copy the logs of all processes as they are now."""
    shutil.copytree(logs, folder_for(item) / "logs", dirs_exist_ok=True)


@contextmanager
def logs_kept_on_error(logs: Path) -> Iterator[None]:
    """Keep the logs when the stack itself does not come up, which fails every test that wants it."""
    try:
        yield
    except BaseException:
        shutil.copytree(logs, FAILURES / "stack" / "logs", dirs_exist_ok=True)
        raise
