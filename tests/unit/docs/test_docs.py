"""The documents name what there is: errors, commands, targets, links."""

import importlib
import pkgutil
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

import edgeshop
from edgeshop.kernel.errors import EdgeShopError

pytestmark = pytest.mark.unit
REPOSITORY = Path(__file__).resolve().parents[3]
MAKE = shutil.which("make") or "make"
DOCUMENTS = [*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").rglob("*.md")]


def _errors(cls: type[EdgeShopError] = EdgeShopError) -> Iterator[type[EdgeShopError]]:
    for sub in cls.__subclasses__():
        yield sub
        yield from _errors(sub)


def test_every_error_code_is_described_with_its_status_and_retry():
    for module in pkgutil.walk_packages(edgeshop.__path__, "edgeshop."):
        if module.name.endswith(".errors"):
            importlib.import_module(module.name)
    tools = ("edgeshop.qa", "edgeshop.shop.demo.")  # they speak to a terminal, not on the wire
    raised = {(e.code, e.http_status, e.retry.value) for e in _errors() if not e.__module__.startswith(tools)}
    text = (REPOSITORY / "docs/errors.md").read_text(encoding="utf-8")

    described = re.findall(r"^\| `([a-z_]+\.[a-z_]+)` \| (\d+) \| `([a-z_]+)` \| \S", text, re.MULTILINE)

    assert {(code, int(status), retry) for code, status, retry in described} == raised


def test_every_management_command_is_named_in_a_document():
    commands = {p.stem for p in (REPOSITORY / "edgeshop").rglob("management/commands/*.py")} - {"__init__"}
    text = "".join(p.read_text(encoding="utf-8") for p in DOCUMENTS)

    assert {name for name in commands if not re.search(rf"manage\.py {name}\b", text)} == set()


def test_make_alone_lists_every_target_once_with_a_line():
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    phony = set(re.search(r"^\.PHONY: ((?:.*\\\n)*.*)", makefile, re.MULTILINE).group(1).replace("\\", " ").split())
    hidden = {"api-check", "frontend-check", "test-tools"}

    printed = subprocess.run([MAKE], cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout
    listed = [line.split()[0] for line in printed.splitlines() if line.startswith("  ")]

    assert sorted(listed) == sorted(phony - hidden)
    assert all(len(line.split()) > 2 for line in printed.splitlines() if line.startswith("  "))


def test_every_proof_that_the_security_page_names_is_a_test():
    named = set(re.findall(r"`(test_\w+)`", (REPOSITORY / "SECURITY.md").read_text(encoding="utf-8")))

    assert len(named) > 20
    assert named - _tests_in(REPOSITORY / "tests") == set()


def test_every_silent_failure_of_the_sync_page_has_a_test_and_every_such_test_a_place():
    text = (REPOSITORY / "docs/sync.md").read_text(encoding="utf-8").partition("## Fifteen failures")[2]
    rows = {int(n): re.findall(r"`(test_\w+)`", row) for n, row in re.findall(r"^\| (\d+) \|(.*)$", text, re.MULTILINE)}
    named = {name for names in rows.values() for name in names}
    own = _tests_in(REPOSITORY / "tests/unit/sync/silent_failures")

    assert list(rows) == list(range(1, 16))
    assert all(rows.values())
    assert named - _tests_in(REPOSITORY / "tests") == set()
    assert {name for name in own if not name.startswith("test_control_")} - named == set()


def _tests_in(folder: Path) -> set[str]:
    sources = (p.read_text(encoding="utf-8") for p in folder.rglob("test_*.py"))
    return {name for source in sources for name in re.findall(r"^def (test_\w+)", source, re.MULTILINE)}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda p: p.relative_to(REPOSITORY).as_posix())
def test_links_between_documents_lead_somewhere(document):
    text = document.read_text(encoding="utf-8")
    targets = [t.split("#")[0] for t in re.findall(r"\]\(([^)]+)\)", text) if "://" not in t and not t.startswith("#")]

    missing = [t for t in targets if not (document.parent / t).exists()]

    assert missing == []


@pytest.mark.parametrize("name", ["architecture.md", "sync.md", "operations.md", "testing.md"])
def test_files_that_documents_name_exist(name):
    text = (REPOSITORY / "docs" / name).read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:[\w-]+/)+[\w.-]+\.(?:py|ts|tsx|json|sh|toml))`", text))
    roots = [REPOSITORY, REPOSITORY / "edgeshop", REPOSITORY / "frontend/src", REPOSITORY / "deploy"]

    assert {path for path in named if not any((root / path).exists() for root in roots)} == set()
