"""A kiosk is put back to an earlier copy of itself, by the commands that docs/operations.md names."""

import sqlite3
import subprocess
from pathlib import Path

import pytest

from edgeshop.qa.node import REPOSITORY, Node, Part
from edgeshop.qa.seat import Refused, Seat
from edgeshop.qa.stack import Kiosk

pytestmark = pytest.mark.integration
SCRIPTS = REPOSITORY / "deploy/kiosk"


def run(script: str, *arguments: Path) -> str:
    done = subprocess.run(["sh", SCRIPTS / script, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def epoch_of(kiosk: Kiosk) -> tuple[int, bool]:
    health = kiosk.get("/api/health")
    return health["epoch"], health["epoch_is_stale"]


def ledger(cloud: Node) -> dict[str, tuple[str, str]]:
    """Every order by its number: where it stands, and the reasons that somebody has to look at it."""
    asked = """
        SELECT o.number_id, o.delivery, coalesce(group_concat(r.reason), '')
        FROM checkout_order o LEFT JOIN checkout_review r ON r.order_id = o.id AND r.decision = ''
        GROUP BY o.id
    """
    with sqlite3.connect(f"file:{cloud.state}/cloud.sqlite3?mode=ro", uri=True) as rows:
        return {number: (delivery, reasons) for number, delivery, reasons in rows.execute(asked)}


def refused(seat: Seat, *, tender: str = "") -> str:
    """The code of the refusal: of new tokens, or of an order with this tender on a token from before."""
    with pytest.raises(Refused) as said:
        seat.sell((seat.sellable(policy="shelf")[0], 1), tender=tender) if tender else seat.draw()
    return str(said.value.fields["refusal"])


@pytest.mark.fresh_stack
def test_a_kiosk_restored_from_last_night_s_copy_goes_on_without_losing_or_doubling_anything(
    kiosk, cloud, links, power, tmp_path
):
    seat, late = Seat(kiosk.front.url), Seat(kiosk.front.url)
    seat.draw(6)
    product = seat.sellable(policy="shelf")[0]
    before = seat.sell((product, 1))["number"]
    kiosk.wait_until(lambda: ledger(cloud).get(before) == ("settled", ""), what="settled order")
    copy = Path(run("backup.sh", kiosk.state, tmp_path))
    after = seat.sell((product, 2))
    kiosk.wait_until(lambda: ledger(cloud).get(after["number"]) == ("settled", ""), what="settled order")
    late.draw(1)
    late_order = late.freeze((product, 1))
    kiosk.wait_until(kiosk.is_quiet, what="empty outbox")

    power.pull(kiosk)
    run("restore.sh", copy, kiosk.state)
    links.back.down()
    power.restore(kiosk, Part.REDIS, Part.WEB)

    # Noticed when the web server starts: cleared tenders only, no new numbers.
    assert epoch_of(kiosk) == (1, True)
    assert seat.where(after["number"])["known"] is False
    assert refused(Seat(kiosk.front.url)) == "checkout.epoch_stale"
    assert refused(seat, tender="invoice") == "checkout.tender_refused"
    alone = seat.sell((product, 1), tender="cash")["number"]
    handed_over = late.place(late_order, slip_shown=True)
    assert handed_over["review"] == ["OLD_EPOCH"]

    # The next contact gives a new epoch, and brings its own orders back.
    links.back.up()
    power.restore(kiosk)
    kiosk.wait_until(lambda: epoch_of(kiosk) == (2, False), what="new epoch")
    kiosk.wait_until(lambda: seat.where(after["number"])["delivery"] == "settled", what="own order back")
    kiosk.wait_until(kiosk.is_quiet, what="empty outbox")
    assert receipt_total(kiosk, after["receipt_key"]) == after["total_minor"]

    # Nothing is lost, doubled or changed; the late order is before a person.
    there = ledger(cloud)
    assert set(there) == {before, after["number"], alone, handed_over["number"]}
    assert there[before] == there[after["number"]] == ("settled", "")
    delivery, reasons = there[handed_over["number"]]
    assert (delivery, set(reasons.split(","))) == ("acknowledged", {"OLD_EPOCH", "CHAIN_FORK"})
    fresh = Seat(kiosk.front.url)
    assert fresh.sell((product, 1))["number"].split("-")[2:] == ["2", "1"]


def receipt_total(kiosk: Kiosk, key: str) -> int:
    return int(kiosk.get(f"/api/receipts/{key}")["total_minor"])


def test_a_copy_is_whole_and_only_the_newest_are_kept(kiosk, tmp_path):
    for day in ("01", "02", "03"):
        (tmp_path / f"2026-01-{day}T032000Z").mkdir()
    (tmp_path / "2026-01-04T032000Z.part").mkdir()
    (tmp_path / "notes").mkdir()

    copy = Path(run("backup.sh", kiosk.state, tmp_path, Path("2")))

    left = {path.name for path in tmp_path.iterdir()}
    assert left == {copy.name, "2026-01-03T032000Z", "2026-01-04T032000Z.part", "notes"}
    assert {path.name for path in copy.iterdir()} == {"kiosk.sqlite3", "keys"}
    assert copy.stat().st_mode & 0o077 == 0
    with sqlite3.connect(copy / "kiosk.sqlite3") as database:
        assert database.execute("SELECT count(*) FROM fleet_kiosk WHERE is_self").fetchone() == (1,)


def test_restoring_deletes_nothing_and_refuses_half_a_copy(tmp_path):
    copy, state = tmp_path / "copy", tmp_path / "state"
    (copy / "keys").mkdir(parents=True)
    (state / "keys").mkdir(parents=True)
    for name, text in {"kiosk.sqlite3": "new", "kiosk.sqlite3-wal": "log", "journal.head": "last"}.items():
        (state / name).write_text(text)
    half = subprocess.run(["sh", SCRIPTS / "restore.sh", copy, state], capture_output=True, text=True, check=False)
    assert (half.returncode, half.stderr) == (1, f"{copy} is not a whole copy.\n")
    (copy / "kiosk.sqlite3").write_text("old")

    run("restore.sh", copy, state)

    [aside] = state.glob("replaced-*")
    assert (state / "kiosk.sqlite3").read_text() == "old"
    assert (aside / "kiosk.sqlite3").read_text() + (aside / "kiosk.sqlite3-wal").read_text() == "newlog"
    assert not (state / "kiosk.sqlite3-wal").exists()
    assert (state / "journal.head").read_text() == "last"


@pytest.mark.fresh_stack
def test_a_cloud_restored_from_a_copy_is_told_again_what_it_has_forgotten(kiosk, cloud, power, tmp_path):
    seat = Seat(kiosk.front.url)
    seat.draw(4)
    product = seat.sellable(policy="shelf")[0]
    before = seat.sell((product, 1))["number"]
    kiosk.wait_until(lambda: ledger(cloud).get(before) == ("settled", ""), what="settled order")
    with sqlite3.connect(cloud.state / "cloud.sqlite3") as live, sqlite3.connect(tmp_path / "copy") as copy:
        live.backup(copy)
    after = [seat.sell((product, 1))["number"] for _ in range(2)]
    kiosk.wait_until(kiosk.is_quiet, what="empty outbox")

    power.pull(cloud)
    for part in ("cloud.sqlite3-wal", "cloud.sqlite3-shm"):
        (cloud.state / part).unlink(missing_ok=True)
    (tmp_path / "copy").replace(cloud.state / "cloud.sqlite3")
    assert "streams are compared" in cloud.manage("restored")
    power.restore(cloud)
    assert set(ledger(cloud)) == {before}
    kiosk.manage("sync")

    assert ledger(cloud) == dict.fromkeys([before, *after], ("settled", ""))
    assert epoch_of(kiosk) == (1, False)
    assert kiosk.unsent() == 0
