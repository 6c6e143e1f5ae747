"""The story of the drill: which outage when, who buys what, what breaks in between. The seed moves all of it."""

import random
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import requests
from playwright.sync_api import Playwright
from playwright.sync_api import TimeoutError as PageTimeout

from bench.drill import goods, ledger
from bench.drill.shopper import Refused, Shopper, Sold
from edgeshop.qa.node import Part
from edgeshop.qa.stack import Kiosk, Stack

Say = Callable[[str], None]
_TENDERS = ("cash", "card", "counter", "invoice")
_UPLOAD_PATIENCE_S = 60.0
_FORGET = """async () => {
  const opened = ask => new Promise(done => { ask.onsuccess = () => done(ask.result); });
  for (const { name } of await indexedDB.databases()) {
    const db = await opened(indexedDB.open(name));
    if (db.objectStoreNames.contains('outbox')) {
      const change = db.transaction('outbox', 'readwrite');
      change.objectStore('outbox').clear();
      await new Promise(done => { change.oncomplete = done; });
    }
    db.close();
  }
}"""


@dataclass(slots=True)
class Story:
    """Everything that happened, for the count."""

    sold: list[Sold] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    wiped: set[str] = field(default_factory=set)
    unaccounted: set[str] = field(default_factory=set)
    strict: dict[int, int] = field(default_factory=dict)
    refused_strict: int = 0
    upload_delay_s: float | None = None


class Drill:
    """Two kiosks, a screen at each, a third screen that will be wiped."""

    def __init__(
        self, stack: Stack, playwright: Playwright, *, last: int, seed: int, say: Say, forgetful: bool = False
    ) -> None:
        """`last` is the product of which there is one. `forgetful` is the broken variant: browsers throw their outbox
        away before anybody acknowledged it."""
        self.stack, self.playwright, self.say, self.forgetful = stack, playwright, say, forgetful
        self.rng = random.Random(seed)
        self.story = Story()
        self.goods = self._shelf(stack.kiosks[0])
        self.near, self.far = stack.kiosks
        self.last = last
        self.goods[self.last] = goods.LAST_NAME
        self.story.strict[self.last] = 1
        self.ann = self._shopper(self.near, "ann")
        self.bob = self._shopper(self.far, "bob")

    def _shelf(self, kiosk: Kiosk) -> dict[int, str]:
        """Products that can be sold without asking, by name, a few of each page."""
        pages = int(kiosk.get("/api/shelf")["pages"])
        wanted = sorted(self.rng.sample(range(1, pages + 1), min(pages, 6)))
        items = [item for page in wanted for item in kiosk.get(f"/api/shelf?page={page}")["items"]]
        plain = [item for item in items if item["policy"] in {"shelf", "untracked"} and item["price_minor"] > 0]
        counted = [item["name"] for item in plain]
        return {item["id"]: item["name"] for item in plain if counted.count(item["name"]) == 1}

    def _shopper(self, kiosk: Kiosk, name: str) -> Shopper:
        return Shopper(self.playwright, kiosk, self.stack.root / "profiles" / name, self.goods)

    # The story

    def run(self) -> Story:
        """Play it from the first sale to the last acknowledgement."""
        self._wait_for_product(self.last)
        for shopper in (self.ann, self.bob):
            shopper.wait_ready()
        self._step("selling with every link up", self._online)
        self._step("cloud out of reach", self._without_cloud)
        self._step("kiosk out of reach too; browser restarted cold", self._without_kiosk)
        self._step("a screen is wiped with an order on it", self._wipe)
        self._step("power cut in the middle of a checkout", self._power_cut)
        self._step("an answer lost at Pay, then silence", self._lost_answer)
        self._step("only the kiosk out of reach", self._only_browser_cut)
        self._step("links heal; answers lost, worker and Redis killed on the way up", self._heal)
        self._step("waiting for the ledger", self._settle)
        return self.story

    def _step(self, title: str, act: Callable[[], None]) -> None:
        self.say(title)
        act()

    def _basket(self) -> list[int]:
        plain = [p for p in self.goods if p not in self.story.strict]
        return self.rng.sample(plain, self.rng.randint(1, 3))

    def _sell(self, shopper: Shopper, times: int, *, meanwhile: Callable[[], None] = lambda: None) -> list[Sold]:
        made = []
        for _ in range(times):
            try:
                made.append(shopper.sell(self._basket(), self.rng.choice(_TENDERS), meanwhile=meanwhile))
            except (Refused, PageTimeout) as problem:
                self.story.failed.append(f"{type(problem).__name__}: {problem}"[:200])
        self.story.sold += made
        if self.forgetful:
            self._forget(shopper)
        return made

    def _forget(self, shopper: Shopper) -> None:
        """The broken variant of the harness: what waits in the browser is deleted before its acknowledgement."""
        shopper.page.evaluate(_FORGET)

    def _online(self) -> None:
        self._sell(self.ann, self.rng.randint(2, 4))
        self._sell(self.bob, self.rng.randint(2, 3))

    def _without_cloud(self) -> None:
        for kiosk in self.stack.kiosks:
            kiosk.back.set(self.rng.choice(["down", "half_open", "captive"]))
        dearer = self.rng.sample([p for p in self.goods if p != self.last], 5)
        goods.raise_prices(self.stack.cloud, dearer)
        self._sell(self.ann, self.rng.randint(2, 4))
        self._sell(self.bob, self.rng.randint(2, 3))
        for shopper in self.rng.sample([self.ann, self.bob], 2):
            try:
                self.story.sold.append(shopper.sell([self.last], "cash"))
            except Refused:
                self.story.refused_strict += 1
        for kiosk in self.stack.kiosks:
            kiosk.back.down()

    def _without_kiosk(self) -> None:
        self.near.front.down()
        self.ann.wait_for_mode("screen_alone")
        self._sell(self.ann, self.rng.randint(1, 3))
        self.ann.restart()
        self._sell(self.ann, self.rng.randint(1, 2))
        self.near.front.up()

    def _wipe(self) -> None:
        cleo = self._shopper(self.near, "cleo")
        cleo.wait_ready()
        self.near.front.down()
        cleo.wait_for_mode("screen_alone")
        lost = cleo.sell(self._basket(), "cash")
        self.story.wiped.add(lost.number)
        self.story.unaccounted |= ledger.open_numbers_of_seat(self.near.state / "kiosk.sqlite3", lost.number)
        self.story.sold.append(lost)
        cleo.profile.wipe()
        cleo.close()
        self.near.front.up()

    def _power_cut(self) -> None:
        self.ann.wait_for_mode("shop_alone", "connected")

        def pull_the_plug() -> None:
            time.sleep(self.rng.random() * 0.25)
            self.near.kill()

        self._sell(self.ann, 1, meanwhile=pull_the_plug)
        self._sell(self.ann, 1)
        self.near.start()
        self.near.wait_healthy()

    def _lost_answer(self) -> None:
        self.ann.wait_for_mode("shop_alone", "connected")
        self.near.front.lose_answers(1, path="/api/orders")

        def then_silence() -> None:
            give_up_at = time.monotonic() + 10
            while self.near.front.answers_lost == 0 and time.monotonic() < give_up_at:
                time.sleep(0.01)
            self.near.front.down()

        self._sell(self.ann, 1, meanwhile=then_silence)
        self.near.front.up()

    def _only_browser_cut(self) -> None:
        self.far.front.down()
        self.bob.wait_for_mode("screen_alone")
        self._sell(self.bob, self.rng.randint(1, 2))

    def _heal(self) -> None:
        self.far.front.up()
        self.ann.wait_for_mode("shop_alone", "connected")
        self.far.back.lose_answers(self.rng.randint(1, 3), path="/sync")
        before = ledger.facts_of(self._cloud_db())
        began = time.monotonic()
        self.near.back.up()
        self.story.upload_delay_s = self._first_upload(before, began)
        self.near.kill(self.rng.choice([Part.WORKER, Part.REDIS]))
        self.far.back.set("up")
        time.sleep(self.rng.random() * 2)
        self.far.kill(Part.WORKER, Part.REDIS)
        for kiosk in self.stack.kiosks:
            kiosk.start()
            kiosk.wait_healthy()

    def _settle(self) -> None:
        for kiosk in self.stack.kiosks:
            self._until(lambda kiosk=kiosk: kiosk.unsent() == 0, "an empty outbox on the kiosk")
        for shopper in (self.ann, self.bob):
            with suppress(PageTimeout):  # what a screen waits for in vain, the count names
                shopper.wait_settled()

    # Waiting

    def _cloud_db(self) -> Path:
        return self.stack.cloud.state / "cloud.sqlite3"

    def _first_upload(self, before: int, began: float) -> float | None:
        while time.monotonic() - began < _UPLOAD_PATIENCE_S:
            if ledger.facts_of(self._cloud_db()) > before:
                return time.monotonic() - began
            time.sleep(0.02)
        return None

    def _wait_for_product(self, product_id: int) -> None:
        """The last one must have reached exactly one kiosk before the cloud goes away."""

        def stocked(kiosk: Kiosk) -> str:
            try:
                return str(kiosk.get(f"/api/products/{product_id}")["availability"])
            except requests.RequestException:
                return ""

        def arrived() -> bool:
            said = [stocked(kiosk) for kiosk in self.stack.kiosks]
            return all(said) and sum(word != "ask_staff" for word in said) == 1

        self._until(arrived, "the last one on a kiosk")

    def _until(self, holds: Callable[[], bool], what: str, *, timeout_s: float = 90) -> None:
        give_up_at = time.monotonic() + timeout_s
        while not holds():
            if time.monotonic() > give_up_at:
                raise TimeoutError(f"No {what} after {timeout_s:.0f} s.")
            time.sleep(0.1)

    def close(self) -> None:
        """Close the browsers."""
        for shopper in (self.ann, self.bob):
            shopper.close()
