"""A node whose web server runs other code than ours: a later build of the shop window, or a broken variant."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from edgeshop.qa.node import REPOSITORY, Node, Part

_PARTS = ("edgeshop", "static", "templates")
_SHELL = re.compile(r'\["/","[0-9a-f]{64}",\d+\]')
_NAME = re.compile(r'="[0-9a-f]{12}"')


@contextmanager
def web_from(node: Node, folder: Path | str) -> Iterator[None]:
    """Run the node's web server with `folder` before ours on PYTHONPATH; afterwards as it was."""
    ours = node.children[Part.WEB]
    path = os.pathsep.join([str(folder), ours.env["PYTHONPATH"]])
    node.kill(Part.WEB)
    node.children[Part.WEB] = replace(ours, env={**ours.env, "PYTHONPATH": path})
    try:
        _start(node)
        yield
    finally:
        node.kill(Part.WEB)
        node.children[Part.WEB] = ours
        _start(node)


def _start(node: Node) -> None:
    node.start(Part.WEB)
    node.wait_healthy()


def next_release(folder: Path, *, build: str) -> Path:
    """A copy of the project whose shell says `build` in a meta element, with the worker that belongs to it."""
    for part in _PARTS:
        shutil.copytree(REPOSITORY / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    dist = folder / "static" / "dist"
    page = (dist / "index.html").read_text(encoding="utf-8")
    shell = page.replace("</head>", f'<meta name="build" content="{build}" /></head>').encode()
    (dist / "index.html").write_bytes(shell)
    worker = (dist / "sw.js").read_text(encoding="utf-8")
    worker = _swap(_SHELL, f'["/","{sha256(shell).hexdigest()}",{len(shell)}]', worker)
    worker = _swap(_NAME, f'="{sha256(shell).hexdigest()[:12]}"', worker)
    (dist / "sw.js").write_text(worker, encoding="utf-8")
    return folder


def _swap(pattern: re.Pattern[str], new: str, text: str) -> str:
    swapped, count = pattern.subn(new, text)
    if count != 1:
        raise ValueError(f"{pattern.pattern} stands {count} times in the worker.")
    return swapped
