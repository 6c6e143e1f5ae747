"""The cloud's artefact keys and the root keys in an HSM: the same ceremony, nothing private on the disk."""

from pathlib import Path

import pytest
from tuf.api.metadata import Metadata

from edgeshop.qa.softhsm import SoftHsm
from edgeshop.vault.services import Keystore
from edgeshop.vault.services.artefacts.ceremony import HOLDERS, begin, sign_root
from edgeshop.vault.services.artefacts.repository import Repository
from tests.integration.vault.conftest import on_token

pytestmark = pytest.mark.integration


def test_root_and_targets_are_signed_by_keys_that_stay_in_the_token(softhsm: SoftHsm, tmp_path: Path) -> None:
    store: Keystore = on_token(softhsm, tmp_path / "keys")
    roots = dict.fromkeys(HOLDERS, store)
    repository = Repository(tmp_path / "artefacts", store)
    begin(repository, roots)

    assert repository.publish("models/table.esfn", b"table") == 2
    assert sign_root(repository, roots).is_published

    root = Metadata.from_bytes(repository.root())
    targets = Metadata.from_bytes((repository.home / "metadata" / "3.targets.json").read_bytes())
    root.signed.verify_delegate("targets", targets.signed_bytes, targets.signatures)
    assert set(HOLDERS) | {"artefacts-targets", "artefacts-snapshot", "artefacts-timestamp"} <= set(store.key_names())
