"""A migrated, empty database, made once and copied for every node: a migration run costs seconds, a copy nothing."""

import hashlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from edgeshop.qa.node import REPOSITORY, Node

CACHE = REPOSITORY / "build" / "qa"


def migrated_database(make_node: Callable[[Path], Node]) -> Path:
    """A SQLite file with all migrations applied, from the cache when no migration has changed since.

    `make_node` lays out a throw-away node in the folder it is given. Raises: ChildFailed.
    """
    cached = CACHE / f"migrated-{_fingerprint()}.sqlite3"
    if not cached.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as folder:
            node = make_node(Path(folder))
            try:
                node.manage("migrate", "--verbosity", "0")
                os.replace(node.state / f"{node.role}.sqlite3", cached)  # noqa: PTH105 -- atomic: others may be making it
            finally:
                node.close()
    return cached


def copy_state(source: Path, to: Path) -> None:
    """Copy a node's folder without its broker's file, whose jobs are found again in the database.

    Databases are copied through SQLite, so that what is still in a write-ahead log comes along.
    """
    shutil.copytree(source, to, ignore=shutil.ignore_patterns("*.sqlite3*", "redis", "beat*"), dirs_exist_ok=True)
    for database in source.glob("*.sqlite3"):
        with closing(sqlite3.connect(database)) as old, closing(sqlite3.connect(to / database.name)) as new:
            old.backup(new)


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for path in sorted((REPOSITORY / "edgeshop").glob("*/migrations/*.py")):
        digest.update(path.relative_to(REPOSITORY).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:16]
