"""Vectors reach a kiosk by signed deltas, what it holds is the whole file that is signed, and it likens by them."""

import logging
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import numpy as np
import pytest

from edgeshop.recommend.services import similar, store, vectors_here
from edgeshop.recommend.services.arrays import gates, installed
from edgeshop.recommend.services.arrays.file import ArrayFile
from edgeshop.recommend.services.arrays.publishing import plan, publish
from edgeshop.vault.services.artefacts import delivery, publishing, read_record, receivers
from edgeshop.vault.services.artefacts.fetcher import Fetcher
from edgeshop.vault.services.artefacts.receivers import delta_path
from tests.integration.artefacts.conftest import Market
from tests.unit.recommend import dense

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
PATH = "models/vectors.npz"


class Shop:
    """The cloud of the market, and a kiosk with arrays of its own and all the receivers of the product."""

    def __init__(self, market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
        self.market = market
        monkeypatch.setattr(publishing, "repository", lambda: market.repository)

    def publish(self, file: ArrayFile, name: str = "vectors", gate: gates.GateOf | None = None) -> bytes:
        """What is signed as the whole file."""
        found = plan(name, file.to_bytes(), gate or gates.keeps_neighbours(0.01))
        publish(found)
        return found.data

    @contextmanager
    def kiosk(self) -> Iterator[None]:
        """Inside, this process ranks by what the kiosk holds; the cloud's server goes on in it."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(store, "folder", lambda: self.market.home.parent / "box")
            yield

    def bring(self) -> dict[str, int]:
        """Take what is new; answers the paths that were downloaded for it, and their bytes."""
        with self.kiosk():
            return self.market.bring()

    def held(self, name: str = "vectors") -> bytes:
        """The file in use on the kiosk."""
        with self.kiosk():
            return installed.installed(name)

    def way(self) -> str:
        """Where the delta will be that leads on from what the kiosk has verified."""
        return delta_path(PATH, read_record(self.market.home).verified["vectors"]["sha256"])


@pytest.fixture
def first() -> ArrayFile:
    return dense.vectors()


@pytest.fixture
def shop(market: Market, monkeypatch: pytest.MonkeyPatch, first: ArrayFile) -> Shop:
    """A kiosk that has the first vectors, which came whole."""
    shop = Shop(market, monkeypatch)
    shop.bring()
    data = shop.publish(first)
    assert shop.bring() == {PATH: len(data)}
    assert shop.held() == first.to_bytes()
    return shop


def test_second_version_comes_by_delta_in_far_fewer_bytes(shop: Shop, first: ArrayFile) -> None:
    way, new = shop.way(), dense.retrained(dense.with_new_products(first, 1), 2)

    signed = shop.publish(new)
    fetched = shop.bring()

    assert list(fetched) == [way]
    assert fetched[way] < len(signed) / 4
    assert shop.held() == signed != new.to_bytes()
    assert shop.bring() == {}
    with shop.kiosk():
        here = vectors_here()
        assert here is not None
        assert new.ids is not None
        assert here[0].tolist() == new.ids.tolist()
        assert len(similar(9000, 5)) == 5


def test_a_kiosk_that_missed_versions_takes_one_delta(shop: Shop, first: ArrayFile) -> None:
    way, file = shop.way(), first
    for seed in range(3):
        file = dense.retrained(file, seed)
        signed = shop.publish(file)

    fetched = shop.bring()

    assert list(fetched) == [way]
    assert fetched[way] <= len(signed) / 2
    assert shop.held() == signed


def spoil_on_the_way(shop: Shop) -> None:
    for file in (shop.market.repository.home / "targets" / "models").glob("*.from-*"):
        file.write_bytes(file.read_bytes()[:-1] + b"\xff")


def lose_on_the_way(shop: Shop) -> None:
    for file in (shop.market.repository.home / "targets" / "models").glob("*.from-*"):
        file.unlink()


def lose_the_base(shop: Shop) -> None:
    with shop.kiosk():
        (store.folder() / "vectors.npz").unlink()


def spoil_the_base(shop: Shop) -> None:
    with shop.kiosk():
        installed.install("vectors", dense.vectors(30).to_bytes())


@pytest.mark.parametrize("harm", [spoil_on_the_way, lose_on_the_way, lose_the_base, spoil_the_base])
def test_where_the_delta_is_of_no_use_the_whole_file_comes(
    shop: Shop, first: ArrayFile, harm: Callable[[Shop], None], caplog: pytest.LogCaptureFixture
) -> None:
    way = shop.way()
    signed = shop.publish(dense.retrained(first, 1))
    harm(shop)

    with caplog.at_level(logging.WARNING, logger=delivery.__name__):
        fetched = shop.bring()

    assert list(fetched) == [way, PATH]
    assert shop.held() == signed
    assert sum("the whole file" in record.getMessage() for record in caplog.records) == 1


def test_weights_travel_the_same_way(shop: Shop) -> None:
    random = np.random.default_rng(3)
    base = ArrayFile({"bias": np.zeros(64, "f4"), "layer": random.standard_normal((64, 64)).astype("f4")})
    new = base.with_values(
        [a + (0.05 * random.standard_normal(a.shape)).astype("f4") for a in base.arrays.values()], None
    )
    gate = gates.keeps(lambda got: -float(np.abs(got["layer"] - new.arrays["layer"]).mean()), 0.01)

    shop.publish(base, "weights", gate)
    whole = shop.bring()
    signed = shop.publish(new, "weights", gate)
    fetched = shop.bring()

    assert list(whole) == ["models/weights.npz"]
    assert sum(fetched.values()) < len(signed) / 4
    assert shop.held("weights") == signed


def test_what_was_never_published_costs_no_request(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    fetch = Fetcher._fetch
    monkeypatch.setattr(Fetcher, "_fetch", lambda self, url: asked.append(url) or fetch(self, url))
    names = [receiver.name for receiver in receivers() if receiver.comes_by_itself]

    with closing(market.client()) as client:
        client.refresh()
        before = list(asked)
        found = [client.find(receiver.path) for receiver in receivers()]

    assert {"model", "vectors", "weights"} <= set(names)
    assert [each.path for each in found if each] == ["models/table.esfn"]
    assert asked == before != []
