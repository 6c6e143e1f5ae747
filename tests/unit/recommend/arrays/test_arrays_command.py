"""`manage.py arrays`: what each form costs and is worth, and which one travels."""

import re
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from edgeshop.recommend.services.arrays.file import ArrayFile
from edgeshop.vault.services.artefacts import publishing
from tests.unit.recommend import dense

pytestmark = [pytest.mark.unit, pytest.mark.django_db]


def sum_of_layer(arrays: dict[str, Any]) -> float:
    """What the weights of these tests are good for."""
    return float(arrays["layer"].sum())


@pytest.fixture
def file(cloud: Path, tmp_path: Path) -> Path:
    """The first vectors."""
    path = tmp_path / "new.npz"
    path.write_bytes(dense.vectors().to_bytes())
    return path


def run(*arguments: str) -> str:
    said = StringIO()
    call_command("arrays", *arguments, stdout=said)
    return said.getvalue()


def test_first_vectors_come_whole(file: Path) -> None:
    assert run("vectors", str(file)) == (
        "Trying what each form of a delta costs and is worth …\n"
        f"The whole file has {file.stat().st_size:,} bytes. What travels: the whole file.\n"
        "vectors are published, targets version 2.\n"
    )


def test_each_form_is_told_with_its_bytes_and_quality_and_a_dry_run_publishes_nothing(file: Path) -> None:
    run("vectors", str(file))
    file.write_bytes(dense.retrained(dense.vectors(), 1).to_bytes())

    tried = run("vectors", str(file), "--dry-run")
    finer = run("vectors", str(file), "--dry-run", "--lost-max", "0.0005")
    said = run("vectors", str(file))

    forms = dict(re.findall(r"^(\w[\w ]*?) +[\d,]+ bytes(?:  quality (\d\.\d{4}))?$", tried, re.MULTILINE))
    assert set(forms) == {"even", "int4", "int8", "exact", "whole int8", "float16", "raw"}
    assert float(forms["int4"]) < 0.99 <= float(forms["even"])
    assert tried.endswith("What travels: even.\n")
    assert finer.endswith("What travels: int8.\n")
    assert said == f"{tried}vectors are published, targets version 3.\n"
    assert run("vectors", str(file)).endswith("What travels: nothing.\n")


def test_weights_need_a_measure(file: Path) -> None:
    file.write_bytes(ArrayFile({"layer": np.ones((2, 3), "f4")}).to_bytes())

    with pytest.raises(CommandError, match="--measure"):
        run("weights", str(file))
    with pytest.raises(CommandError, match="nowhere"):
        run("weights", str(file), "--measure", "nowhere.at_all")

    assert "weights are published" in run("weights", str(file), "--measure", f"{__name__}.sum_of_layer")


def test_what_is_no_file_of_vectors_is_said_and_not_published(file: Path) -> None:
    file.write_bytes(ArrayFile({"layer": np.ones((2, 3), "f4")}).to_bytes())

    with pytest.raises(CommandError, match=r"recommend\.arrays_malformed"):
        run("vectors", str(file))
    with pytest.raises(CommandError, match="No such file"):
        run("vectors", str(file.with_name("nothing")))

    assert publishing.published("models/vectors.npz") is None


def test_kiosk_publishes_nothing(file: Path, settings: Any) -> None:
    settings.EDGESHOP = replace(settings.EDGESHOP, is_ledger=False)

    with pytest.raises(CommandError, match="from the cloud"):
        run("vectors", str(file))
