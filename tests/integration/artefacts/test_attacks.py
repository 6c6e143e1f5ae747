"""Attacks on the artefacts, over real HTTP. After each the same kiosk takes the honest repository: the control."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tuf.api.metadata import Metadata, MetaFile

from edgeshop.vault.errors import ArtefactRefused, ClockBehind
from edgeshop.vault.services import Keystore, MemoryKeystore
from edgeshop.vault.services.artefacts.signer import KeystoreSigner
from tests.integration.artefacts.conftest import DAY_S, PATH, Market

pytestmark = pytest.mark.integration
Attack = Callable[[Market, Path], None]


def signed_by(path: Path, keystore: Keystore, name: str, **changed: object) -> Metadata:
    """The metadata at `path` one version on, changed, and signed by one key alone."""
    found = Metadata.from_bytes(path.read_bytes())
    found.signed.version += 1
    for attribute, value in changed.items():
        setattr(found.signed, attribute, value)
    found.sign(KeystoreSigner(keystore, name))
    return found


def target_of(home: Path) -> Path:
    """The newest target file."""
    return max((home / "targets" / "models").iterdir(), key=lambda file: file.stat().st_mtime_ns)


def tampered(_market: Market, home: Path) -> None:
    file = target_of(home)
    file.write_bytes(file.read_bytes()[:-1] + b"?")


def longer(_market: Market, home: Path) -> None:
    file = target_of(home)
    file.write_bytes(file.read_bytes() + b"and so on")


def endless_metadata(_market: Market, home: Path) -> None:
    (home / "metadata" / "timestamp.json").write_bytes(b" " * 100_000)


def unknown_key(_market: Market, home: Path) -> None:
    stranger, place = MemoryKeystore(), home / "metadata" / "timestamp.json"
    stranger.create("artefacts-timestamp")
    place.write_bytes(signed_by(place, stranger, "artefacts-timestamp").to_bytes())


def root_by_one_of_two(market: Market, home: Path) -> None:
    forged = signed_by(home / "metadata" / "1.root.json", market.roots["root-1"], "root-1")
    (home / "metadata" / "2.root.json").write_bytes(forged.to_bytes())


def older_snapshot(market: Market, home: Path) -> None:
    """The timestamp's key is stolen, the snapshot's is not."""
    place = home / "metadata" / "timestamp.json"
    forged = signed_by(place, market.repository.keys, "artefacts-timestamp", snapshot_meta=MetaFile(2))
    place.write_bytes(forged.to_bytes())


ATTACKS: dict[Attack, str] = {
    tampered: "LengthOrHashMismatchError",
    longer: "DownloadLengthMismatchError",
    endless_metadata: "DownloadLengthMismatchError",
    unknown_key: "UnsignedMetadataError",
    root_by_one_of_two: "UnsignedMetadataError",
    older_snapshot: "BadVersionNumberError",
}


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_kiosk_refuses_and_then_takes_the_honest_repository(market: Market, attack: Attack) -> None:
    market.repository.publish(PATH, b"second table")
    assert market.update() == b"second table"
    market.repository.publish(PATH, b"third table!")

    with market.spoilt() as home:
        attack(market, home)
        with pytest.raises(ArtefactRefused) as refused:
            market.update()

    assert refused.value.fields["why"] == ATTACKS[attack]
    assert market.update() == b"third table!"


def test_kiosk_refuses_yesterdays_whole_repository(market: Market, tmp_path: Path) -> None:
    shutil.copytree(market.repository.home, tmp_path / "yesterday")
    market.repository.publish(PATH, b"second table")
    assert market.update() == b"second table"

    with market.spoilt() as home:
        shutil.rmtree(home)
        shutil.copytree(tmp_path / "yesterday", home)
        with pytest.raises(ArtefactRefused) as refused:
            market.update()

    assert refused.value.fields["why"] == "BadVersionNumberError"
    assert market.update() == b"second table"


def test_kiosk_refuses_a_repository_that_stands_still(market: Market) -> None:
    assert market.update() == b"first table"

    market.times.pass_by(4 * DAY_S)
    with pytest.raises(ArtefactRefused) as refused:
        market.update()

    assert refused.value.fields["why"] == "ExpiredMetadataError"
    market.repository.refresh()
    assert market.update() == b"first table"


def test_clock_that_was_turned_back_does_not_bring_the_past_to_life(market: Market) -> None:
    """The wall clock says that no day has passed; four have."""
    assert market.update() == b"first table"
    market.times.trusted_ahead_s += 4 * DAY_S

    with pytest.raises(ClockBehind) as refused:
        market.update()

    assert refused.value.fields["behind_s"] == 4 * DAY_S
    # The control: without the trusted time a kiosk has no way to see it.
    assert market.update(floor=False) == b"first table"


def test_trusted_time_rules_where_the_wall_clock_is_a_little_behind(market: Market) -> None:
    """Inside the tolerance the clock is let pass, and yet does not decide: three days end by the trusted time."""
    market.times.pass_by(3 * DAY_S - 60)
    market.times.trusted_ahead_s += 120

    with pytest.raises(ArtefactRefused) as refused:
        market.update()

    assert refused.value.fields["why"] == "ExpiredMetadataError"
    assert market.update(floor=False) == b"first table"
