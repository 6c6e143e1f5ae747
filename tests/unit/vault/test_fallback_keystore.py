"""A kiosk without its chip: the same names, a lower level, a key that the chip has vouched for."""

from pathlib import Path

import pytest

from edgeshop.kernel import clock
from edgeshop.vault.errors import BadSignature, HardwareUnusable, KeyMissing, SealBroken, WrongType
from edgeshop.vault.services import (
    FallbackKeystore,
    MemoryKeystore,
    is_by_spare,
    new_hot_key,
    node_keystore,
    peek_jws,
    sign_jws,
    thumbprint,
    verify_hot_certificate,
    verify_jws,
    wrap,
)
from edgeshop.vault.services.fallback_keystore import LOOK_AGAIN_S
from edgeshop.vault.services.p256 import to_point
from edgeshop.vault.services.spare import TYP

pytestmark = pytest.mark.unit


class Chip(MemoryKeystore):
    """Keys that are gone while it is pulled."""

    trust_level = 2

    def __init__(self) -> None:
        super().__init__()
        self.is_pulled, self.looks = False, 0

    def _found(self, name, kind):
        self._demand()
        return super()._found(name, kind)

    def key_names(self):
        self.looks += 1
        self._demand()
        return super().key_names()

    def _demand(self) -> None:
        if self.is_pulled:
            raise HardwareUnusable("The token does not answer as it should.", why="pulled")


class House:
    """One vault folder, the chip beside it, and processes that come and go."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.chip, self.spare = folder, Chip(), MemoryKeystore()

    def process(self) -> FallbackKeystore:
        return FallbackKeystore(hardware=self.chip, spare=self.spare, path=self.folder)


@pytest.fixture
def house(folder: Path) -> House:
    return House(folder)


@pytest.fixture
def uptime(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [1000.0]
    monkeypatch.setattr(clock, "boot_s", lambda: now[0])
    return now


def test_with_its_chip_it_is_the_chip(house: House) -> None:
    store = house.process()

    jwk = store.create("device")

    assert (jwk, store.trust_level, store.problem) == (house.chip.public_key("device"), 2, "")
    assert store.introduction("device") is None


def test_without_its_chip_it_signs_by_a_spare_at_level_1(house: House) -> None:
    jwk = house.process().create("device")
    house.chip.is_pulled = True
    house.spare.trust_level = 1

    store = house.process()

    assert (store.trust_level, store.problem) == (1, "The token does not answer as it should. (pulled)")
    assert store.public_key("device") == store.create("device") != jwk
    assert (
        verify_jws(sign_jws(keystore=store, key="device", typ="t", claims={}), jwk=store.public_key("device"), typ="t")
        == {}
    )
    assert store.own_keys("device") == [jwk, store.public_key("device")]


def test_a_spare_is_believed_by_the_word_of_the_chip_and_is_told_from_it(house: House) -> None:
    jwk = house.process().create("device")
    before = new_hot_key(subject="kiosk/12", keystore=house.process(), now_s=5000)
    house.chip.is_pulled = True

    hot = new_hot_key(subject="kiosk/12", keystore=house.process(), now_s=5000)

    assert verify_hot_certificate(hot.certificate, issuer_jwk=jwk, now_s=5000) == hot.jwk
    told = [
        is_by_spare(peek_jws(certificate)[0], issuer_jwk=jwk) for certificate in (before.certificate, hot.certificate)
    ]
    assert told == [False, True]


def test_a_spare_that_the_chip_never_vouched_for_is_not_believed(house: House, memory: MemoryKeystore) -> None:
    jwk = house.process().create("device")
    thief = memory.create("device")
    claims = {"jwk": thief, "iat": 4000, "use": "spare"}
    hot = {"key": to_point(thief), "sub": "kiosk/12", "iat": 4000, "exp": 5000}

    for via, refusal in (
        (sign_jws(keystore=memory, key="device", typ=TYP, claims=claims), BadSignature),  # vouches for itself
        (sign_jws(keystore=house.chip, key="device", typ="token+jwt", claims=claims), WrongType),
        (sign_jws(keystore=house.chip, key="device", typ=TYP, claims=claims | {"use": "sign"}), BadSignature),
        (7, BadSignature),
    ):
        forged = sign_jws(keystore=memory, key="device", typ="hot+cert", claims=hot, headers={"via": via})
        with pytest.raises(refusal):
            verify_hot_certificate(forged, issuer_jwk=jwk, now_s=4500)
    good = sign_jws(keystore=house.chip, key="device", typ=TYP, claims=claims)
    assert (
        verify_hot_certificate(
            sign_jws(keystore=memory, key="device", typ="hot+cert", claims=hot, headers={"via": good}),
            issuer_jwk=jwk,
            now_s=4500,
        )
        == thief
    )


def test_another_chip_is_not_taken_for_ours_until_somebody_says_so(house: House) -> None:
    house.process().create("device")
    house.chip = Chip()
    other = house.chip.create("device")

    store = house.process()

    assert (store.trust_level, store.problem) == (
        0,
        "The token does not hold the device key that this node was set up with.",
    )
    assert store.public_key("device") != other
    store.forget()
    assert (store.create("device"), store.trust_level) == (other, 2)


def test_a_chip_that_fails_at_work_is_replaced_at_work(house: House) -> None:
    store = house.process()
    store.create("device")
    house.chip.is_pulled = True

    assert len(store.sign("device", b"order")) == 64
    assert store.trust_level == 0


def test_a_missing_chip_is_looked_for_again_but_not_all_the_time(house: House, uptime: list[float]) -> None:
    store = house.process()
    jwk = store.create("device")
    house.chip.is_pulled = True
    store.sign("device", b"order")
    house.chip.is_pulled = False
    looks = house.chip.looks

    uptime[0] += LOOK_AGAIN_S - 1
    assert (store.trust_level, house.chip.looks) == (0, looks)
    uptime[0] += 1
    assert (store.trust_level, store.public_key("device"), house.chip.looks) == (2, jwk, looks + 1)


def test_what_only_the_chip_opens_stays_shut_and_opens_again(house: House, uptime: list[float]) -> None:
    store = house.process()
    sealed, wrapped = store.seal("pii", b"data", b"here"), wrap(store.create_wrap_key("device"), b"lease")
    house.chip.is_pulled = True
    alone = house.process()

    with pytest.raises(KeyMissing):
        alone.open_sealed("pii", sealed, b"here")
    with pytest.raises(KeyMissing):
        alone.unwrap("device", wrapped)
    by_spare = alone.seal("pii", b"made alone", b"here")
    with pytest.raises(SealBroken):
        alone.open_sealed("pii", sealed, b"here")
    house.chip.is_pulled = False
    uptime[0] += LOOK_AGAIN_S

    again = house.process()
    assert (again.open_sealed("pii", sealed, b"here"), again.unwrap("device", wrapped)) == (b"data", b"lease")
    assert again.open_sealed("pii", by_spare, b"here") == b"made alone"
    with pytest.raises(SealBroken):
        again.open_sealed("pii", by_spare, b"there")


def test_keys_that_nobody_has_made_are_missing_with_and_without_the_chip(house: House) -> None:
    with pytest.raises(KeyMissing):
        house.process().sign("device", b"order")
    house.chip.is_pulled = True

    with pytest.raises(KeyMissing):
        house.process().sign("device", b"order")


def test_a_chip_that_is_gone_from_the_start_leaves_a_level_1_node_with_a_key_of_its_own(house: House) -> None:
    house.chip.is_pulled = True
    store = house.process()

    jwk = store.create("device")

    assert (store.own_keys("device"), store.introduction("device")) == ([jwk], None)
    assert len(store.sign("device", b"order")) == 64


def test_a_node_knows_at_which_level_it_speaks_for_a_key(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.spare.trust_level = 1
    jwk = house.process().create("device")
    kid, strange = thumbprint(jwk), thumbprint(MemoryKeystore().create("device"))

    def told() -> list[int | None]:
        monkeypatch.setattr(node_keystore, "keystore", house.process)
        return [node_keystore.level_for("device", name) for name in (kid, strange)]

    assert told() == [2, None]
    house.chip.is_pulled = True
    assert told() == [1, None]
    house.spare = MemoryKeystore()  # a copied disk whose folder does not open: another key, the same papers
    assert told() == [None, None]


def test_a_damaged_list_of_keys_costs_the_level_and_not_the_shop(house: House, folder: Path) -> None:
    house.process().create("device")
    (folder / "known.json").write_text("{", encoding="ascii")

    store = house.process()

    assert (store.trust_level, store.problem) == (0, "The list of the token's keys is damaged.")
    assert len(store.sign("device", b"order")) == 64
