"""The artefacts of a real kiosk: its table comes verified, stays when the cloud is gone, and asking costs little."""

import hashlib
import json
import tarfile
from pathlib import Path

import pytest
import requests

from edgeshop.qa.links import LinkBoard
from edgeshop.qa.node import Node
from edgeshop.qa.stack import Kiosk, Stack
from edgeshop.qa.tuf_poll import idle_poll_bytes

pytestmark = pytest.mark.integration
POLL_BYTES_MAX = 1000  # the goal; every six hours on a metered link


def record_of(kiosk: Kiosk) -> dict:
    path = kiosk.state / "trusted" / "record.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def has_model(kiosk: Kiosk) -> bool:
    return "model" in record_of(kiosk).get("verified", {})


def test_table_that_ranks_is_the_target_that_was_verified(kiosk: Kiosk, cloud: Node) -> None:
    kiosk.wait_until(lambda: has_model(kiosk), what="verified model", timeout_s=60)

    ranks = hashlib.sha256((kiosk.state / "models" / "current.esfn").read_bytes()).hexdigest()
    said = record_of(kiosk)["verified"]["model"]

    assert said["sha256"] == ranks
    assert (cloud.state / "artefacts" / "targets" / "models" / f"{ranks}.table.esfn").exists()
    health = kiosk.health()
    assert health is not None
    assert health["artefacts"]["state"] == "current"


def test_idle_poll_costs_less_than_a_kilobyte(cloud: Node, tmp_path: Path) -> None:
    root = (cloud.state / "artefacts" / "metadata" / "1.root.json").read_bytes()

    with LinkBoard(seed=1) as board:
        spent = idle_poll_bytes(link=board.add("poll", upstream=cloud.port), root=root, home=tmp_path)

    assert 0 < spent <= POLL_BYTES_MAX


def test_shop_window_is_published_fetched_and_served(kiosk: Kiosk, cloud: Node, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("a newer shop window", encoding="utf-8")
    with tarfile.open(tmp_path / "dist.tar", "w") as tar:
        tar.add(tmp_path / "index.html", "index.html")
    before = requests.get(kiosk.url, timeout=5).text

    published = cloud.manage("artefacts", "publish", "pwa", str(tmp_path / "dist.tar"))
    fetched = kiosk.manage("artefacts", "fetch", "pwa")

    try:
        assert "pwa/dist.tar is published" in published
        assert "pwa is verified and in use" in fetched
        assert requests.get(kiosk.url, timeout=5).text == "a newer shop window" != before
        assert "pwa is the newest already" in kiosk.manage("artefacts", "fetch", "pwa")
    finally:
        for link in (kiosk.state / "pwa").glob("current-*"):
            link.unlink()  # the stack is shared: the next test wants the release's own


def test_root_is_signed_in_steps_while_kiosks_follow(stack: Stack, kiosk: Kiosk, cloud: Node, tmp_path: Path) -> None:
    kiosk.wait_until(lambda: has_model(kiosk), what="verified model", timeout_s=60)
    for holder in ("root-1", "root-3"):
        (tmp_path / holder).mkdir()
        (cloud.state / "root-keys" / holder).rename(tmp_path / holder / holder)

    first = cloud.manage("artefacts", "sign-root", "--roots", str(tmp_path / "root-1"))
    second = cloud.manage("artefacts", "sign-root", "--roots", str(tmp_path / "root-3"))
    kiosk.manage("sync")

    for holder in ("root-1", "root-3"):
        (tmp_path / holder / holder).rename(cloud.state / "root-keys" / holder)
    assert "signed by 1 of 2: it waits for more" in first
    assert "signed by 2 of 2: it is the root now" in second
    assert record_of(kiosk)["problem"] == ""
    assert "root       version    2" in cloud.manage("artefacts", "status")
