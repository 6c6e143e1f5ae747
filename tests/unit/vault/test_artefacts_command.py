"""`manage.py artefacts`: the ceremony from a terminal, and what both sides say of themselves."""

from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from edgeshop.vault.services.artefacts import has_root, trust
from edgeshop.vault.services.artefacts.record import trusted_home

pytestmark = pytest.mark.unit


@pytest.fixture(autouse=True)
def state(settings: Any, tmp_path: Path) -> Path:
    """A cloud's empty state folder, with keys in files."""
    vault = replace(settings.EDGESHOP.vault, backend="file", path=tmp_path / "keys", credential="the words")
    settings.EDGESHOP = replace(settings.EDGESHOP, state_dir=tmp_path, vault=vault)
    return tmp_path


def run(*arguments: str) -> str:
    said = StringIO()
    call_command("artefacts", *arguments, stdout=said)
    return said.getvalue()


def test_repository_is_begun_with_root_keys_elsewhere(state: Path, tmp_path: Path) -> None:
    words = tmp_path / "words"
    words.write_text("other words\n", encoding="utf-8")
    away = ["--roots", str(tmp_path / "away"), "--credential-file", str(words)]

    run("init", *away)

    assert sorted(path.name for path in (tmp_path / "away").iterdir()) == ["root-1", "root-2", "root-3"]
    assert "The root keys lie on this machine" not in run("status")
    assert run("sign-root", *away) == "Root 2 is signed by 3 of 2: it is the root now.\n"
    with pytest.raises(CommandError, match="never begun twice"):
        run("init", *away)


def test_first_publishing_begins_the_repository_and_says_where_the_root_keys_are(state: Path, tmp_path: Path) -> None:
    (tmp_path / "table").write_bytes(b"table")

    assert run("publish", "model", str(tmp_path / "table")) == "models/table.esfn is published, targets version 2.\n"

    said = run("status")
    assert f"The root keys lie on this machine ({state / 'root-keys'})" in said
    assert "models/table.esfn  " in said
    assert run("refresh") == "Signed anew: nothing, all is young.\n"


def test_unknown_names_and_missing_repositories_are_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"vault|kernel\.invalid_input"):
        run("publish", "firmware", str(tmp_path))
    with pytest.raises(CommandError, match="no artefact repository yet"):
        run("status")
    with pytest.raises(CommandError, match="No such file"):
        run("publish", "model", str(tmp_path / "nothing"))


def test_kiosk_forgets_whom_it_believed(settings: Any) -> None:
    with pytest.raises(CommandError, match="for a kiosk"):
        run("forget")
    settings.EDGESHOP = replace(settings.EDGESHOP, is_ledger=False)
    trust(trusted_home(), b"root")

    assert run("status") == "none, last checked never\n"
    run("forget")

    assert not has_root(trusted_home())
