"""The cloud's side of the artefacts: versions, lives, keys; and the root, which takes two of three people."""

from datetime import timedelta
from pathlib import Path

import pytest

from edgeshop.kernel import clock
from edgeshop.kernel.errors import InvalidInput, NotFound
from edgeshop.vault.errors import KeyMissing
from edgeshop.vault.services import Keystore, MemoryKeystore
from edgeshop.vault.services.artefacts.ceremony import HOLDERS, begin, sign_root
from edgeshop.vault.services.artefacts.repository import KEPT, LIVES, Repository

pytestmark = pytest.mark.unit
PATH = "models/table.esfn"
Roots = dict[str, Keystore]


@pytest.fixture
def roots() -> Roots:
    return {holder: MemoryKeystore() for holder in HOLDERS}


@pytest.fixture
def repository(tmp_path: Path, roots: Roots) -> Repository:
    begun = Repository(tmp_path / "artefacts", MemoryKeystore())
    begin(begun, roots)
    return begun


def versions(repository: Repository) -> dict[str, int]:
    return {role.role: role.version for role in repository.state()}


def move_clock(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    real = clock.timestamp
    monkeypatch.setattr(clock, "timestamp", lambda: real() + by.total_seconds())


def test_new_repository_has_every_role_for_its_time(repository: Repository) -> None:
    now = clock.now()

    assert versions(repository) == {"root": 1, "targets": 1, "snapshot": 1, "timestamp": 1}
    lives = {role.role: role.expires_at - now for role in repository.state()}
    assert all(abs(lives[role] - LIVES[role]) < timedelta(seconds=5) for role in LIVES)


def test_repository_is_never_begun_twice(repository: Repository, roots: Roots) -> None:
    before = repository.root()

    with pytest.raises(InvalidInput):
        begin(repository, roots)

    assert repository.root() == before


def test_nothing_is_published_before_the_beginning(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        Repository(tmp_path, MemoryKeystore()).publish(PATH, b"table")


def test_publish_names_the_file_by_its_content_and_raises_what_leads_to_it(repository: Repository) -> None:
    assert repository.publish(PATH, b"table") == 2

    assert versions(repository) == {"root": 1, "targets": 2, "snapshot": 2, "timestamp": 2}
    sha256 = repository.state()[1].targets[PATH]
    assert (repository.home / "targets" / "models" / f"{sha256}.table.esfn").read_bytes() == b"table"


def test_publishing_the_same_bytes_changes_nothing(repository: Repository) -> None:
    repository.publish(PATH, b"table")

    assert repository.publish(PATH, b"table") == 2
    assert versions(repository)["timestamp"] == 2


def test_what_is_signed_now_can_be_read(repository: Repository) -> None:
    repository.publish(PATH, b"old")
    repository.publish(PATH, b"new")

    assert [repository.read(PATH), repository.read("models/nothing")] == [b"new", None]


def test_downgrade_is_a_new_version_of_the_targets(repository: Repository) -> None:
    assert [repository.publish(PATH, data) for data in (b"old", b"new", b"old")] == [2, 3, 4]


def test_old_files_are_tidied_away(repository: Repository) -> None:
    for n in range(KEPT + 3):
        repository.publish(PATH, b"table %d" % n)

    assert len(list((repository.home / "targets" / "models").iterdir())) == KEPT
    assert len(list((repository.home / "metadata").glob("*.targets.json"))) == KEPT
    assert repository.state()[1].version == KEPT + 4


@pytest.mark.parametrize(
    ("days", "signed"),
    [
        (1, []),
        (2, ["timestamp"]),
        (8, ["snapshot", "timestamp"]),
        (50, ["targets", "snapshot", "timestamp"]),
    ],
)
def test_refresh_signs_what_has_lived_half_its_life(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, days: int, signed: list[str]
) -> None:
    move_clock(monkeypatch, timedelta(days=days))

    assert repository.refresh() == signed
    assert repository.refresh() == []


def test_keys_that_the_root_does_not_know_sign_nothing(repository: Repository) -> None:
    lost = Repository(repository.home, MemoryKeystore())
    for role in ("targets", "snapshot", "timestamp"):
        lost.keys.create(lost.key_name(role))

    with pytest.raises(KeyMissing):
        lost.publish(PATH, b"table")

    assert versions(repository)["timestamp"] == 1


def test_root_takes_two_and_waits_for_the_second(repository: Repository, roots: Roots) -> None:
    first = sign_root(repository, {"root-2": roots["root-2"]})
    again = sign_root(repository, {"root-2": roots["root-2"]})
    waiting = repository.root_version()
    second = sign_root(repository, {"root-3": roots["root-3"]})

    assert [(s.version, s.signed_by, s.is_published) for s in (first, again, second)] == [
        (2, 1, False),
        (2, 1, False),
        (2, 2, True),
    ]
    assert (waiting, repository.root_version()) == (1, 2)
    assert not (repository.home / "root-draft.json").exists()


def test_strangers_sign_no_root(repository: Repository) -> None:
    stranger = MemoryKeystore()
    stranger.create("root-1")

    with pytest.raises(KeyMissing):
        sign_root(repository, {"root-1": stranger})


def test_new_root_takes_over_the_keys_that_the_cloud_signs_with_now(repository: Repository, roots: Roots) -> None:
    renewed = Repository(repository.home, MemoryKeystore())

    sign_root(renewed, roots)

    assert renewed.publish(PATH, b"table") == 3
    with pytest.raises(KeyMissing):
        repository.publish(PATH, b"another table")


def test_crash_before_the_timestamp_leaves_the_old_state(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.publish(PATH, b"first")
    real = Repository.write

    def dies(self: Repository, role: str, metadata: object) -> None:
        if role == "timestamp":
            raise OSError("no space left")
        real(self, role, metadata)  # type: ignore[arg-type]  # -- any role is written alike

    monkeypatch.setattr(Repository, "write", dies)
    with pytest.raises(OSError, match="no space"):
        repository.publish(PATH, b"second")
    monkeypatch.undo()

    assert versions(repository) == {"root": 1, "targets": 2, "snapshot": 2, "timestamp": 2}
    assert repository.publish(PATH, b"third") == 3
