"""pytest fixtures for tests in which things really fail: see docs/testing.md.

Imports are late on purpose: every run of pytest loads this file, most of them for tests that need none of it.
"""

from collections.abc import Generator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from edgeshop.qa.browser import Profile
    from edgeshop.qa.faults import Links, Power
    from edgeshop.qa.movable_clock import MovableClock
    from edgeshop.qa.node import Node
    from edgeshop.qa.softhsm import SoftHsm
    from edgeshop.qa.stack import Kiosk, Stack
    from edgeshop.qa.tpm import EmulatedTpm

_FRESH = "fresh_stack: give this test a stack that no test has used before (adds about ten seconds)"


class SharedStack:
    """The stack of a whole test run, with the copy that makes it fresh again."""

    def __init__(self, stack: "Stack", pristine: Path) -> None:
        """A running stack and its state from before it ran."""
        self.stack, self.pristine = stack, pristine
        self.is_fresh, self.is_spoilt = True, False

    def ready(self, *, fresh: bool) -> "Stack":
        """The stack, healed; restored where a test asks for it or the last one has moved the clock."""
        if self.is_spoilt or (fresh and not self.is_fresh):
            self.stack.restore(self.pristine)
        else:
            self.stack.heal()
            self.stack.wait_quiet()
        self.is_fresh = self.is_spoilt = False
        return self.stack


def pytest_configure(config: pytest.Config) -> None:
    """Make our marker known."""
    config.addinivalue_line("markers", _FRESH)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let fixtures know, while they are torn down, whether the test has failed."""
    from edgeshop.qa import failures  # noqa: PLC0415 -- see the top of the file

    report = yield
    failures.note(item, report)
    return report


@pytest.fixture(scope="session")
def shared_stack(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[SharedStack]":
    """One stack for the whole run: a start takes longer than most tests."""
    from edgeshop.qa import failures  # noqa: PLC0415 -- see the top of the file
    from edgeshop.qa.children import end_on_sigterm  # noqa: PLC0415 -- see the top of the file
    from edgeshop.qa.stack import Stack  # noqa: PLC0415 -- see the top of the file

    end_on_sigterm()
    root = tmp_path_factory.mktemp("stack")
    with Stack(root / "live") as stack:
        with failures.logs_kept_on_error(stack.root / "logs"):
            stack.set_up()
            stack.snapshot(root / "pristine")
            stack.start()
        yield SharedStack(stack, root / "pristine")


@pytest.fixture
def stack(shared_stack: SharedStack, request: pytest.FixtureRequest) -> "Iterator[Stack]":
    """A healthy cloud, kiosk and links. Nothing waits, but orders of earlier tests are in it: count from there."""
    from edgeshop.qa import failures  # noqa: PLC0415 -- see the top of the file

    stack = shared_stack.ready(fresh=request.node.get_closest_marker("fresh_stack") is not None)
    yield stack
    if failures.has_failed(request.node):
        failures.keep_logs(request.node, stack.root / "logs")
    shared_stack.is_spoilt = stack.clock.offset != timedelta()


@pytest.fixture
def cloud(stack: "Stack") -> "Node":
    """The cloud."""
    return stack.cloud


@pytest.fixture
def kiosk(stack: "Stack") -> "Kiosk":
    """The first kiosk; `stack.add_kiosk()` brings another."""
    return stack.kiosks[0]


@pytest.fixture
def links(stack: "Stack", kiosk: "Kiosk") -> "Links":
    """The kiosk's two links: `links.front`, `links.back`, `links.cut()`, `links.heal()`."""
    from edgeshop.qa.faults import Links  # noqa: PLC0415 -- see the top of the file

    return Links(kiosk, stack.links)


@pytest.fixture
def power() -> "Power":
    """The plugs: `power.pull(kiosk)`, `power.restore(kiosk)`, `power.cycle(kiosk, Part.WORKER)`."""
    from edgeshop.qa.faults import Power  # noqa: PLC0415 -- see the top of the file

    return Power()


@pytest.fixture
def clock(stack: "Stack", monkeypatch: pytest.MonkeyPatch) -> "MovableClock":
    """The time of every process and of the test itself: `clock.forward(timedelta(hours=13))`.

    The browser keeps real time; Playwright's `page.clock` moves its page.
    """
    monkeypatch.setenv("EDGESHOP_CLOCK_FILE", str(stack.clock.path))
    return stack.clock


@pytest.fixture
def browser(kiosk: "Kiosk", tmp_path: Path, request: pytest.FixtureRequest) -> "Iterator[Profile]":
    """A Chromium that has never seen the shop, not yet open; it reaches the kiosk through `links.front`."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 -- see the top of the file

    from edgeshop.qa import failures  # noqa: PLC0415 -- see the top of the file
    from edgeshop.qa.browser import Profile  # noqa: PLC0415 -- see the top of the file

    with sync_playwright() as playwright:
        profile = Profile(playwright, url=kiosk.front.url, folder=tmp_path / "profile", is_traced=True)
        yield profile
        if failures.has_failed(request.node):
            profile.keep_evidence(failures.folder_for(request.node))
        profile.close()


@pytest.fixture
def shopper(browser: "Profile") -> "Page":
    """A Playwright page on the PWA, opened through `links.front` and ready to sell alone."""
    browser.open()
    return browser.wait_ready()


@pytest.fixture
def softhsm(tmp_path: Path) -> "Iterator[SoftHsm]":
    """An HSM of files with one fresh token; this process sees it while the test runs."""
    from edgeshop.qa.softhsm import SoftHsm  # noqa: PLC0415 -- see the top of the file
    from edgeshop.qa.tokens import seen  # noqa: PLC0415 -- see the top of the file

    hsm = SoftHsm(tmp_path / "hsm")
    hsm.set_up()
    with seen(hsm.module, hsm.env):
        yield hsm


@pytest.fixture(scope="session")
def tpm_chip(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[EmulatedTpm]":
    """One emulated TPM for the whole run, powered on."""
    from edgeshop.qa.tpm import EmulatedTpm  # noqa: PLC0415 -- see the top of the file

    chip = EmulatedTpm(tmp_path_factory.mktemp("tpm"))
    try:
        chip.start()
        yield chip
    finally:
        chip.remove()


@pytest.fixture
def tpm(tpm_chip: "EmulatedTpm") -> "Iterator[EmulatedTpm]":
    """The emulated TPM with an empty PKCS#11 store; this process sees it while the test runs."""
    from edgeshop.qa.tokens import seen  # noqa: PLC0415 -- see the top of the file

    tpm_chip.start()
    tpm_chip.set_up()
    with seen(tpm_chip.module, tpm_chip.env):
        yield tpm_chip
