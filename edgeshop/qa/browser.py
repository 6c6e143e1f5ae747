"""A real Chromium with a profile on disk, so that a test can close it like a shopper does and open it again."""

import contextlib
import os
import shutil
from pathlib import Path

from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page, Playwright

from edgeshop.kernel.errors import EdgeShopError

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# In one call: a later grant, or a missing name, would mean denied.
_PERMISSIONS = ["notifications", "background-sync"]
# What a screen needs to sell alone: the shelf it prices from, and a token.
_CAN_SELL_ALONE = """() => window.edgeshop !== undefined && window.edgeshop.tokensLeft() > 0
    && window.edgeshop.stages().some((stage) => stage.name === 'core' && stage.state === 'done')"""
_KIOSK = {"width": 1280, "height": 800}
# No vendor's services and no software GPU: both only cost time where there is neither network nor graphics.
FLAGS = [
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
]


class ChromiumMissing(EdgeShopError):
    """There is no Chromium on this machine."""

    code = "qa.chromium_missing"


def find_chromium() -> str:
    """The browser's program. Raises: ChromiumMissing with what to install."""
    named = os.environ.get("EDGESHOP_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        raise ChromiumMissing("No Chromium here: apt-get install chromium, or name one in EDGESHOP_CHROMIUM.")
    return found


class Profile:
    """One browser profile on the PWA of one kiosk. `page` is its only tab, a new object after each `open`."""

    page: Page

    def __init__(
        self,
        playwright: Playwright,
        *,
        url: str,
        folder: Path,
        size: dict[str, int] | None = None,
        is_traced: bool = False,
    ) -> None:
        """A profile kept in `folder`; `open` starts the browser. A traced one is slower, and leaves evidence.
        Units: the size in CSS pixels."""
        self.url, self._is_traced = url, is_traced
        self._playwright, self._folder, self._size = playwright, folder, size or _KIOSK
        self._context: BrowserContext | None = None
        self._said: list[str] = []

    def open(self, path: str = "/") -> Page:
        """Start the browser and go to the shop, with whatever the profile holds. Answers the page."""
        self._context = self._playwright.chromium.launch_persistent_context(
            self._folder,
            executable_path=find_chromium(),
            args=FLAGS + ([] if os.geteuid() else ["--no-sandbox"]),  # Chromium refuses its sandbox to root
            reduced_motion="reduce",
            permissions=_PERMISSIONS,
            viewport={"width": self._size["width"], "height": self._size["height"]},
            locale="en-GB",
            service_workers="allow",
        )
        if self._is_traced:
            self._context.tracing.start(screenshots=True, snapshots=True)
        self._context.on("console", self._note)
        self.page = self._context.pages[0]
        self.page.goto(self.url + path)
        return self.page

    def wait_ready(self, timeout_s: float = 30) -> Page:
        """Return the page when it could sell with both links cut. Raises: playwright's TimeoutError."""
        self.page.wait_for_function(_CAN_SELL_ALONE, timeout=1000 * timeout_s)
        return self.page

    def restart(self, path: str = "/") -> Page:
        """Close the browser and open it again on the same profile. Answers the new page."""
        self.close()
        return self.open(path)

    def wipe(self) -> None:
        """Clear all site data, as a visitor to the browser's settings would: storage, caches, workers."""
        session = self._live().new_cdp_session(self.page)
        session.send("Storage.clearDataForOrigin", {"origin": self.url, "storageTypes": "all"})
        session.detach()

    def close(self) -> None:
        """Close the browser, which may have been killed meanwhile; the profile stays on disk."""
        if self._context is not None:
            with contextlib.suppress(Error):  # Playwright may still be hearing of its end
                self._context.close()
            self._context = None

    def keep_evidence(self, folder: Path) -> None:
        """Leave a screenshot, the trace and the console of the present session in `folder`."""
        if self._context is None:
            return
        with contextlib.suppress(Error):  # the page may be what failed; the trace is worth having without it
            self.page.screenshot(path=folder / "page.png", timeout=5000)
        if self._is_traced:
            with contextlib.suppress(Error):  # or the whole browser; the console is worth having without both
                self._context.tracing.stop(path=folder / "trace.zip")
        (folder / "console.log").write_text("\n".join(self._said), encoding="utf-8")

    def _note(self, message: ConsoleMessage) -> None:
        self._said.append(f"{message.type}: {message.text}")

    def _live(self) -> BrowserContext:
        if self._context is None:
            raise RuntimeError("The browser is closed; open it first.")
        return self._context
