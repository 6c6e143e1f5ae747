"""What shoppers leave stays on the kiosk, sealed; whoever is erased stays so, whatever copy is put back."""

import sqlite3
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
import requests

from edgeshop.qa.disk import found
from edgeshop.qa.node import REPOSITORY, Part
from edgeshop.qa.seat import Seat
from edgeshop.qa.stack import Kiosk
from tests.factories.push import Subscriber

pytestmark = pytest.mark.integration
SCRIPTS = REPOSITORY / "deploy/kiosk"


def run(script: str, *arguments: Path) -> str:
    done = subprocess.run(["sh", SCRIPTS / script, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def rows(kiosk: Kiosk, query: str, *values: object) -> list[tuple]:
    with sqlite3.connect(f"file:{kiosk.state}/kiosk.sqlite3?mode=ro", uri=True, timeout=20) as database:
        return database.execute(query, values).fetchall()


def leave(kiosk: Kiosk, address: str, *, endpoint: str = "") -> str:
    """Buy something and leave an address, and a browser's endpoint, with the receipt; answers its number."""
    seat = Seat(kiosk.front.url)
    seat.draw(1)
    sold = seat.sell((seat.sellable(policy="shelf")[0], 1))
    said = {"kind": "email", "address": address}
    answer = requests.post(f"{kiosk.front.url}/api/receipts/{sold['receipt_key']}/contact", json=said, timeout=10)
    assert answer.status_code == 204, answer.text
    if endpoint:
        browser = Subscriber(endpoint=endpoint)
        body = {
            "number": sold["number"],
            "receipt_key": sold["receipt_key"],
            "endpoint": endpoint,
            "keys": {"p256dh": browser.p256dh, "auth": browser.auth},
        }
        answer = requests.post(f"{kiosk.front.url}/api/push/subscriptions", json=body, timeout=10)
        assert answer.status_code == 204, answer.text
    return str(sold["number"])


def newest_subject(kiosk: Kiosk) -> tuple[str, bytes]:
    """The id of whoever left a mail address last, and their wrapped key."""
    asked = """
        SELECT s.id, s.wrapped FROM vault_subject s JOIN vault_handle h ON h.subject_id = s.id
        WHERE h.kind = 'email' ORDER BY h.id DESC LIMIT 1
    """
    [(subject_id, wrapped)] = rows(kiosk, asked)
    return str(uuid.UUID(subject_id)), wrapped


def is_erased(kiosk: Kiosk, subject_id: str) -> bool:
    plain = subject_id.replace("-", "")
    [(erased_at,)] = rows(kiosk, "SELECT erased_at FROM vault_subject WHERE id = ?", plain)
    left = rows(kiosk, "SELECT id FROM push_receiptcontact WHERE subject_id = ?", plain)
    handles = rows(kiosk, "SELECT id FROM vault_handle WHERE subject_id = ?", plain)
    return erased_at is not None and not left and not handles


def test_nothing_that_shoppers_leave_is_readable_on_a_disk_in_a_log_or_at_the_cloud(kiosk, cloud, stack, post):
    number = leave(kiosk, "ada-canary@example.org", endpoint="https://push-canary.example/send/kanarienvogel")

    kiosk.wait_until(lambda: any(letter["To"] == "ada-canary@example.org" for letter in post.taken), what="mail")
    kiosk.wait_until(kiosk.is_quiet, what="empty outbox")
    kiosk.wait_until(lambda: bool(rows(kiosk, "SELECT 1 FROM push_notice WHERE attempts > 0")), what="a try to tell")

    for canary in ("ada-canary", "push-canary", "kanarienvogel"):
        assert found(canary, stack.root) == []
    # The control: the same search finds the order on both nodes, and the log of what was tried.
    assert {"kiosk.sqlite3", "cloud.sqlite3"} <= {name.removesuffix("-wal") for name in found(number, stack.root)}
    assert found("push.sweep", stack.root / "logs")


def test_the_erased_stay_erased_when_last_night_s_copy_is_put_back(kiosk, cloud, power, tmp_path):
    leave(kiosk, "eve-canary@example.org")
    subject_id, key = newest_subject(kiosk)
    copy = Path(run("backup.sh", kiosk.state, tmp_path))
    assert found(key, kiosk.state)  # the control of every search below
    assert found(key, copy) == ["kiosk.sqlite3"]
    assert found("eve-canary", copy) == []

    assert f"Subject {subject_id} is erased" in kiosk.manage("erase", "--email", "EVE-canary@example.org")

    assert is_erased(kiosk, subject_id)
    assert found(key, kiosk.state) == []
    kiosk.wait_until(kiosk.is_quiet, what="empty outbox")
    told = f'{{"kind":"vault.subject_erased.v1","subject":"{subject_id}"}}'
    assert found(told, cloud.state)

    # A worker that starts on the copy before any web server erases again; then a web server does.
    for parts in ((Part.REDIS, Part.WORKER), (Part.REDIS, Part.WEB)):
        power.pull(kiosk)
        run("restore.sh", copy, kiosk.state)
        assert not is_erased(kiosk, subject_id)  # the control: the copy has everything
        kiosk.start(*parts)
        kiosk.wait_until(lambda: is_erased(kiosk, subject_id), what="erasure", needs=parts[-1])
        kiosk.wait_until(lambda: found(key, kiosk.state) == [], what="key off the disk", needs=parts[-1])
    power.restore(kiosk)
    kiosk.wait_until(kiosk.is_quiet, what="empty outbox")
    assert is_erased(kiosk, subject_id)


def test_a_database_from_before_is_sealed_and_opened_again(kiosk, tmp_path):
    state = tmp_path / "state"
    env = kiosk.env | {"EDGESHOP_STATE": str(state)}

    def migrate(*where: str) -> None:
        done = subprocess.run(
            [sys.executable, REPOSITORY / "manage.py", "migrate", "--no-input", *where],
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr

    migrate()
    migrate("push", "0002")
    database = state / "kiosk.sqlite3"
    plain = ("https://push.example.com/old-canary", "p-canary", "a-canary")
    with sqlite3.connect(database) as old:
        old.execute(
            "INSERT INTO push_subscription (id, topic, endpoint, p256dh, auth, language, created_at)"
            " VALUES (?, 'order:1-1-1-1', ?, ?, ?, 'en', '2026-01-01 00:00:00')",
            (uuid.uuid4().hex, *plain),
        )
    assert found("canary", state)  # the control

    migrate()
    assert found("canary", state) == []
    migrate("push", "0002")
    with sqlite3.connect(database) as old:
        assert old.execute("SELECT endpoint, p256dh, auth FROM push_subscription").fetchall() == [plain]
