"""A house whose kiosk mails receipts, and the mail server that takes them."""

from collections.abc import Iterator

import pytest

from edgeshop.qa import failures
from edgeshop.qa.children import end_on_sigterm
from edgeshop.qa.stack import Stack
from tests.factories.mail_server import MailServer


@pytest.fixture(scope="module")
def post() -> Iterator[MailServer]:
    """Where receipts go."""
    with MailServer() as server:
        yield server


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, post: MailServer) -> Iterator[Stack]:
    """A cloud and a kiosk, running."""
    end_on_sigterm()
    settings = {"EDGESHOP_MAIL_URL": f"smtp://127.0.0.1:{post.port}", "EDGESHOP_MAIL_FROM": "till@shop.example"}
    with Stack(tmp_path_factory.mktemp("personal"), settings=settings | {"EDGESHOP_LOG_LEVEL": "DEBUG"}) as stack:
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
