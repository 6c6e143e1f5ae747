"""Fixtures for shoppers in a real browser; the failing house comes from `edgeshop.qa`."""

import pytest

from edgeshop.qa.browser import Profile
from edgeshop.qa.node import Node
from edgeshop.qa.stack import Kiosk
from tests.e2e.ledger import Ledger
from tests.e2e.screen import Item, Screen


@pytest.fixture
def screen(browser: Profile) -> Screen:
    """A screen that has never been used, able to sell on its own."""
    return Screen(browser.open()).ready()


@pytest.fixture
def ledger(cloud: Node) -> Ledger:
    """The cloud's books; `new()` is what this test has sold."""
    return Ledger(cloud)


@pytest.fixture
def goods(kiosk: Kiosk) -> list[Item]:
    """A page of products that can be sold without asking anybody, each with a name of its own."""
    items = kiosk.get("/api/shelf", timeout_s=20)["items"]
    plain = [i for i in items if i["policy"] in {"shelf", "untracked"} and i["availability"] == "in_stock"]
    return [Item(i["id"], i["name"], i["price_minor"]) for i in plain]
