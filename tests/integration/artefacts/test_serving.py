"""The repository over HTTP: what is there for anybody, what is not, and what an unchanged timestamp costs."""

import pytest
import requests

from edgeshop.vault.errors import ArtefactsUnreachable
from tests.integration.artefacts.conftest import PATH, Market

pytestmark = pytest.mark.integration


def test_kiosk_climbs_over_every_root_and_takes_the_newest_table(market: Market) -> None:
    from edgeshop.vault.services.artefacts.ceremony import sign_root

    assert market.update() == b"first table"
    for _ in range(2):
        sign_root(market.repository, market.roots)
    market.repository.publish(PATH, b"second table")

    assert market.repository.root_version() == 3
    assert market.update() == b"second table"


def test_known_timestamp_is_answered_without_a_body(market: Market) -> None:
    address = f"{market.url}/metadata/timestamp.json"
    first = requests.get(address, timeout=5)
    again = requests.get(address, headers={"If-None-Match": first.headers["ETag"]}, timeout=5)
    market.repository.publish(PATH, b"second table")
    after = requests.get(address, headers={"If-None-Match": first.headers["ETag"]}, timeout=5)

    assert (first.status_code, again.status_code, after.status_code) == (200, 304, 200)
    assert again.content == b""
    assert first.headers["Cache-Control"] == "no-cache"


def test_files_named_by_version_or_content_may_be_kept_for_ever(market: Market) -> None:
    sha256 = market.repository.state()[1].targets[PATH]

    for name in ("metadata/1.root.json", "metadata/2.targets.json", f"targets/models/{sha256}.table.esfn"):
        answer = requests.get(f"{market.url}/{name}", timeout=5)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "public, max-age=31536000, immutable")


@pytest.mark.parametrize(
    "name",
    ["metadata/2.root.json", "root-draft.json", "metadata/", "metadata/%2e%2e/root-draft.json", "..%2f..%2fsecret"],
)
def test_there_is_nothing_else(market: Market, name: str) -> None:
    (market.repository.home / "root-draft.json").write_text("nobody reads this", encoding="utf-8")
    (market.repository.home.parent / "secret").write_text("nor this", encoding="utf-8")

    answer = requests.get(f"{market.url}/{name}", timeout=5)

    assert (answer.status_code, answer.content) == (404, b"")


def test_a_repository_that_is_out_of_reach_says_how_far_we_got(market: Market) -> None:
    market.update()
    market.url = "http://127.0.0.1:9/artefacts"

    with pytest.raises(ArtefactsUnreachable) as found:
        market.update()

    assert found.value.fields == {"how": "refused"}
