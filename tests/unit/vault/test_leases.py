"""Leases: sealed to one device, good until a time that nobody here can move, read with no network anywhere."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest

from edgeshop.kernel.errors import EdgeShopError, InvalidInput
from edgeshop.vault.errors import BadSignature, LeaseExpired, LeaseMissing, SealBroken, WrongType
from edgeshop.vault.services import (
    FileKeystore,
    Keystore,
    LeaseFolder,
    LeaseState,
    MemoryKeystore,
    Renewals,
    StoredKey,
    Terms,
    Trust,
    revoke_lease,
    seal_lease,
    write_jws,
)

pytestmark = pytest.mark.unit
NOW, HOUR, DAY = 1_800_000_000, 3600, 86_400
DEVICE = "kiosk/12/shop/3"
VALUE = "canary-7Qm2-of-the-provider"


@dataclass
class Desk:
    """A cloud that lends and a device that borrows."""

    path: Path
    keys: Keystore
    cloud: MemoryKeystore = field(default_factory=MemoryKeystore)
    now_s: float = NOW
    asked_trust: int = 0

    def __post_init__(self) -> None:
        self.cloud.create("cloud")
        self.wrap_jwk = self.keys.create_wrap_key("leases")
        self.folder = self.start()

    def start(self) -> LeaseFolder:
        """What a process that has just started has."""
        return LeaseFolder(self.path, keystore=lambda: self.keys, trust=self.trust, now_s=lambda: self.now_s)

    def trust(self) -> Trust:
        self.asked_trust += 1
        return Trust(DEVICE, [self.cloud.public_key("cloud")])

    def seal(self, ver: int = 1, value: str = VALUE, *, name: str = "card", life_s: int = 30 * DAY, **options) -> str:
        issued = int(self.now_s)
        terms = Terms(name, ver, issued, issued + life_s // 3, issued + life_s)
        usual = {"wrap_jwk": self.wrap_jwk, "device": DEVICE, "signer": StoredKey(self.cloud, "cloud")}
        return seal_lease(terms=terms, value=value, **usual | options)

    def revoke(self, ver: int) -> str:
        signer = StoredKey(self.cloud, "cloud")
        return revoke_lease(name="card", ver=ver, issued_s=int(self.now_s), device=DEVICE, signer=signer)

    def lend(self, *args, **options) -> bool:
        return self.folder.install(self.seal(*args, **options))

    def state(self) -> LeaseState:
        [standing] = self.folder.standings()
        return standing.state


@pytest.fixture(scope="module")
def keys() -> MemoryKeystore:
    """The device's keys; an RSA key takes a while to make."""
    return MemoryKeystore()


@pytest.fixture
def desk(tmp_path: Path, keys: MemoryKeystore) -> Desk:
    return Desk(tmp_path / "leases", keys)


def refused(read: Callable[[], object]) -> str:
    with pytest.raises(EdgeShopError) as error:
        read()
    return error.value.code


def test_a_lease_is_fresh_then_stale_then_expired(desk: Desk) -> None:
    desk.lend()
    seen = []
    for now_s in (NOW, NOW + 10 * DAY - 1, NOW + 10 * DAY, NOW + 30 * DAY - 1, NOW + 30 * DAY):
        desk.now_s = now_s
        seen.append(desk.state())

    assert seen == ["fresh", "fresh", "stale", "stale", "expired"]
    assert refused(lambda: desk.folder.lease("card")) == LeaseExpired.code
    desk.now_s = NOW + 30 * DAY - 1
    assert desk.folder.lease("card").value == VALUE


def test_what_was_never_lent_is_missing(desk: Desk) -> None:
    assert refused(lambda: desk.folder.lease("card")) == LeaseMissing.code
    assert refused(lambda: desk.folder.lease_before("card")) == LeaseMissing.code
    assert desk.folder.standings() == []


def test_complaint_1_a_cold_start_with_the_cable_out_has_its_secrets(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.lend()

    def no_network(*_args: object) -> None:
        raise AssertionError("a network was asked for")

    monkeypatch.setattr("socket.socket.connect", no_network)
    monkeypatch.setattr("socket.getaddrinfo", no_network)
    desk.now_s += 29 * DAY

    assert desk.start().lease("card").value == VALUE


def test_complaint_3_the_hard_time_does_not_move_with_the_answer(desk: Desk) -> None:
    jws = desk.seal()
    desk.now_s += 20 * DAY

    desk.folder.install(jws)
    desk.folder.install(jws)

    [standing] = desk.start().standings()
    assert (standing.soft_s, standing.hard_s, standing.state) == (NOW + 10 * DAY, NOW + 30 * DAY, "stale")


def test_a_renewal_is_taken_and_an_older_word_is_not(desk: Desk) -> None:
    old = desk.seal()
    desk.now_s += DAY
    new = desk.seal()

    assert [desk.folder.install(jws) for jws in (old, new, new, old)] == [True, True, False, False]

    assert desk.folder.standings()[0].hard_s == NOW + 31 * DAY


def test_the_version_that_was_replaced_is_kept_for_what_was_made_with_it(desk: Desk) -> None:
    desk.lend(1, "one")
    desk.lend(2, "two")

    assert (desk.folder.lease("card").value, desk.folder.lease_before("card").value) == ("two", "one")
    assert [(s.ver, s.before_ver) for s in desk.start().standings()] == [(2, 1)]


def test_a_new_box_takes_both_versions_in_any_order(desk: Desk) -> None:
    assert [desk.lend(2, "two"), desk.lend(1, "one"), desk.lend(1, "one")] == [True, True, False]

    assert (desk.folder.lease("card").value, desk.folder.lease_before("card").value) == ("two", "one")


def test_a_revoked_lease_is_over_at_once_and_for_ever(desk: Desk) -> None:
    before, now = desk.seal(1, "one"), desk.seal(2, "two")
    desk.folder.install(before)
    desk.folder.install(now)
    desk.now_s += 60

    assert [desk.folder.install(desk.revoke(2)), desk.folder.install(desk.revoke(2))] == [True, False]

    assert desk.state() == "revoked"
    assert [desk.folder.install(before), desk.folder.install(now), desk.lend(2, "two")] == [False, False, False]
    assert refused(lambda: desk.start().lease("card")) == LeaseExpired.code
    assert refused(lambda: desk.start().lease_before("card")) == LeaseMissing.code


def test_the_next_version_lifts_a_revocation(desk: Desk) -> None:
    desk.lend(1, "one")
    desk.folder.install(desk.revoke(1))

    assert desk.lend(2, "two")

    assert desk.folder.lease("card").value == "two"
    assert desk.folder.standings()[0].before_ver == 0


def test_an_old_version_may_be_revoked_alone(desk: Desk) -> None:
    desk.lend(1, "one")
    desk.lend(2, "two")

    assert desk.folder.install(desk.revoke(1))

    assert (desk.folder.lease("card").value, desk.folder.standings()[0].before_ver) == ("two", 0)


def test_nobody_but_the_cloud_lends(desk: Desk) -> None:
    stranger = MemoryKeystore()
    stranger.create("cloud")
    by_stranger = desk.seal(signer=StoredKey(stranger, "cloud"))
    head, _, _ = desk.seal().split(".")
    _, body, signature = by_stranger.split(".")
    other_kind = write_jws(signer=StoredKey(desk.cloud, "cloud"), typ="grant+jwt", claims={})

    for jws, error in (
        (by_stranger, BadSignature),
        (f"{head}.{body}.{signature}", BadSignature),
        (desk.seal(device="kiosk/13/shop/3"), BadSignature),
        (other_kind, WrongType),
        ("rubbish", BadSignature),
    ):
        assert refused(lambda jws=jws: desk.folder.install(jws)) == error.code

    assert not desk.path.exists()


@pytest.mark.parametrize("row", [None, "card", [], ["card"], ["../x", 1, 1, 1, 1], ["card", True, 1, 1, 1], [1] * 5])
def test_a_word_that_does_not_say_what_it_is_is_refused(desk: Desk, row: object) -> None:
    jws = write_jws(
        signer=StoredKey(desk.cloud, "cloud"), typ="lease+jws", claims={"sub": DEVICE, "lease": row, "jwe": ""}
    )

    assert refused(lambda: desk.folder.install(jws)) == BadSignature.code


def test_what_another_device_was_lent_does_not_open_here_and_takes_nothing_away(desk: Desk) -> None:
    desk.lend()
    desk.now_s += DAY

    for jws in (desk.seal(wrap_jwk=MemoryKeystore().create_wrap_key("leases")), swapped(desk)):
        assert refused(lambda jws=jws: desk.folder.install(jws)) == SealBroken.code

    assert desk.start().lease("card").value == VALUE


def swapped(desk: Desk) -> str:
    """The cloud's word about one secret around the sealed value of another."""
    from edgeshop.vault.services.jws import peek_jws

    card, other = peek_jws(desk.seal())[1], peek_jws(desk.seal(name="other"))[1]
    return write_jws(signer=StoredKey(desk.cloud, "cloud"), typ="lease+jws", claims=card | {"jwe": other["jwe"]})


def test_a_file_that_somebody_put_there_does_not_count(desk: Desk) -> None:
    desk.lend(1, "one")
    stranger = MemoryKeystore()
    stranger.create("cloud")
    file = desk.path / "card.lease"
    file.unlink()
    file.write_text(desk.seal(9, "planted", signer=StoredKey(stranger, "cloud")))
    (desk.path / "other.lease").write_text(desk.seal(1, "moved"))

    assert refused(lambda: desk.folder.lease("card")) == LeaseMissing.code
    assert refused(lambda: desk.start().lease("other")) == LeaseMissing.code
    assert desk.start().standings() == []


def test_no_value_lies_in_clear_in_any_file(tmp_path: Path) -> None:
    keys = FileKeystore(path=tmp_path / "keys", credential="kept elsewhere, 32 characters long")
    desk = Desk(tmp_path / "leases", keys)
    desk.lend(1, VALUE)
    desk.lend(2, VALUE + "-2")
    desk.folder.lease("card")
    (tmp_path / "control").write_text(VALUE)

    found = [file.name for file in tmp_path.rglob("*") if file.is_file() and VALUE.encode() in file.read_bytes()]

    assert found == ["control"]
    assert {oct(file.stat().st_mode & 0o777) for file in desk.path.glob("card.*")} == {"0o600"}
    assert VALUE not in repr(desk.folder.lease("card"))


def test_a_lease_is_opened_and_checked_once_however_often_it_is_read(desk: Desk, monkeypatch) -> None:
    desk.lend()
    fresh = desk.start()
    unwrapped, unwrap, asked = [], desk.keys.unwrap, desk.asked_trust
    monkeypatch.setattr(desk.keys, "unwrap", lambda *args: (unwrapped.append(1), unwrap(*args))[1])

    for _ in range(100):
        fresh.lease("card")

    assert (len(unwrapped), desk.asked_trust - asked) == (1, 1)


def test_another_process_s_renewal_is_seen(desk: Desk) -> None:
    desk.lend()
    reader = desk.start()
    reader.lease("card")
    desk.now_s += DAY

    desk.lend(2, "two")

    assert reader.lease("card").value == "two"


def test_a_cut_while_writing_leaves_the_lease_that_was(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.lend()
    desk.now_s += DAY

    def pulled_plug(_handle: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", pulled_plug)
    with pytest.raises(KeyboardInterrupt):
        desk.lend()
    monkeypatch.undo()

    assert desk.start().standings()[0].hard_s == NOW + 30 * DAY


@pytest.mark.parametrize(
    "odd", [{"name": "../x"}, {"value": "x" * 20_000}, {"life_s": -5}, {"wrap_jwk": {}}, {"wrap_jwk": {"alg": "dir"}}]
)
def test_what_nobody_could_take_is_not_lent(desk: Desk, odd: dict) -> None:
    with pytest.raises(InvalidInput):
        desk.seal(**odd)


def test_a_renewal_that_fails_is_tried_after_a_minute_then_later_up_to_an_hour() -> None:
    now, asked_at = [1000.0], []
    renewals = Renewals(now_s=lambda: now[0], random_s=lambda: 0.0)

    for _ in range(6 * HOUR):
        if renewals.may_ask("card"):
            asked_at.append(now[0])
        now[0] += 1

    pauses = [later - earlier for earlier, later in pairwise(asked_at)]
    assert pauses[:8] == [60, 120, 240, 480, 960, 1920, 3600, 3600]
    renewals.came("card")
    assert renewals.may_ask("card")


def test_a_fleet_does_not_ask_in_one_second() -> None:
    times = []
    for luck in (0.0, 0.5, 0.99):
        now = [0.0]
        renewals = Renewals(now_s=lambda now=now: now[0], random_s=lambda luck=luck: luck)
        renewals.may_ask("card")
        while not renewals.may_ask("card"):
            now[0] += 1
        times.append(now[0])

    assert times == [60, 66, 72]
