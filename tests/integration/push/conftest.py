"""A house whose nodes may call push services on this machine, and such a service."""

from collections.abc import Iterator

import pytest

from edgeshop.qa import failures
from edgeshop.qa.children import end_on_sigterm
from edgeshop.qa.stack import Stack
from tests.integration.push.receiver import Receiver


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A cloud and a kiosk, running."""
    end_on_sigterm()
    settings = {"EDGESHOP_PUSH_LOOPBACK": "yes", "EDGESHOP_PUSH_CONTACT": "mailto:operations@example.org"}
    with Stack(tmp_path_factory.mktemp("push"), settings=settings) as stack:
        with failures.logs_kept_on_error(stack.root / "logs"):
            stack.start()
        yield stack


@pytest.fixture
def stack(house: Stack, request: pytest.FixtureRequest) -> Iterator[Stack]:
    """The house, healed, in place of the one that other tests share."""
    house.heal()
    yield house
    if failures.has_failed(request.node):
        failures.keep_logs(request.node, house.root / "logs")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """What browsers' push endpoints lead to."""
    receiver = Receiver()
    yield receiver
    receiver.close()
