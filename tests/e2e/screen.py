"""One tab of the PWA, used by what is on it, as a shopper would."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page

from tests.e2e.ledger import Entry

PATIENCE_MS = 20_000  # a bound for a busy machine; every wait ends as soon as its state is there
STAGES = ("shell", "core", "vectors", "tokens", "pictures", "rest")
_DONE = """([names, tokens]) => {
  const state = window.edgeshop;
  const done = state?.stages().filter(stage => stage.state === 'done').map(stage => stage.name) ?? [];
  return names.every(name => done.includes(name)) && state.tokensLeft() >= tokens;
}"""
_SLIP_IS = """([number, states]) =>
  states.includes(window.edgeshop?.slips().find(slip => slip.number === number)?.state)"""

_ASK_AGAIN = """async (ask, patience) => {
  const end = Date.now() + patience;
  let answer = await ask();
  for (; !answer && Date.now() < end; answer = await ask()) await new Promise(done => setTimeout(done, 50));
  return answer;
}"""


@dataclass(frozen=True, slots=True)
class Item:
    """A product as the shelf offers it. Units: minor units."""

    id: int
    name: str
    price_minor: int


@dataclass(frozen=True, slots=True)
class Slip:
    """What a shopper was shown after Pay. Shapes: lines {product: (quantity, unit price)}."""

    number: str
    total_minor: int
    tender: str
    lines: dict[int, tuple[int, int]]
    state: str

    @property
    def settled(self) -> Entry:
        """The line in the cloud's ledger that this slip promises."""
        return Entry(self.total_minor, self.tender, self.lines, "settled")


class Screen:
    """A tab. `page` is Playwright's; everything here goes through the screen or its read-only state."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def at(self, testid: str) -> Locator:
        """The first element with this test id."""
        return self.page.get_by_test_id(testid).first

    def says(self, what: str) -> Any:
        """One value of the page's own state: stages, unsent, connection, tokensLeft, slips, lines."""
        return self.page.evaluate("what => window.edgeshop[what]()", what)

    # Waiting

    def ready(self, *stages: str, tokens: int = 5) -> "Screen":
        """Return when these stages are done (by default what selling alone needs) and tokens are here."""
        names = list(stages or STAGES[:4])
        self.page.wait_for_function(_DONE, arg=[names, tokens], timeout=2 * PATIENCE_MS)
        return self

    def connected(self, state: str) -> "Screen":
        """Return when the screen shows this connection: connected, shop_alone or screen_alone."""
        self.page.wait_for_function("state => window.edgeshop?.connection() === state", arg=state, timeout=PATIENCE_MS)
        return self

    def slip_is(self, number: str, *states: str) -> None:
        """Return when the slip has come to one of these states, without anybody touching the screen."""
        self.page.wait_for_function(_SLIP_IS, arg=[number, list(states)], timeout=2 * PATIENCE_MS)

    def unsent_is(self, count: int) -> None:
        """Return when so many orders wait in this browser."""
        self.page.wait_for_function("n => window.edgeshop?.unsent() === n", arg=count, timeout=2 * PATIENCE_MS)

    def until(self, ask: str) -> None:
        """Return when this async function of the page answers true. (Playwright's own wait does not await answers.)"""
        assert self.page.evaluate(again(ask)), ask

    # Using it

    def enter(self) -> Locator:
        """Get to the shelf; answers the search field."""
        start, search, stay = self.at("attract-start"), self.at("search"), self.at("idle-stay")
        start.or_(search).first.wait_for(timeout=PATIENCE_MS)
        if stay.is_visible():
            stay.click()
        if start.is_visible():
            start.click()
        search.wait_for(timeout=PATIENCE_MS)
        return search

    def find(self, text: str) -> Locator:
        """Type into the search field; answers the cards on the shelf."""
        self.enter().fill(text)
        return self.page.locator("main article.card")

    def add(self, *items: Item) -> None:
        """Put products into the basket: search by name, tap."""
        search = self.enter()
        for item in items:
            search.fill(item.name)
            self.at(f"add-{item.id}").click(timeout=PATIENCE_MS)
        search.fill("")

    def to_pay(self, *items: Item) -> "Screen":
        """Fill the basket and go to where one chooses how to pay."""
        self.add(*items)
        self.at("pay").click(timeout=PATIENCE_MS)
        self.at("tender-cash").wait_for(timeout=PATIENCE_MS)
        return self

    def choose(self, tender: str) -> None:
        """Tap a way of paying; nothing is waited for."""
        self.at(f"tender-{tender}").click(timeout=PATIENCE_MS)

    def receipt(self) -> Slip:
        """The slip on the screen, as soon as it is there."""
        number = self.at("receipt-number")
        number.wait_for(timeout=PATIENCE_MS)
        return self.slip(number.inner_text().strip())

    def slip(self, number: str) -> Slip:
        """The slip with this number, from the page's state."""
        return next(slip for slip in self.slips() if slip.number == number)

    def slips(self) -> list[Slip]:
        """Every slip of this browser, newest first."""
        return [_slip(said) for said in self.says("slips")]

    def sell(self, *items: Item, tender: str = "cash") -> Slip:
        """One whole purchase; the screen is then ready for the next shopper."""
        self.to_pay(*items).choose(tender)
        slip = self.receipt()
        self.at("receipt-done").click()
        self.at("attract-start").wait_for(timeout=PATIENCE_MS)
        return slip

    def refused(self) -> str:
        """The kind of refusal on the screen, as soon as it is there: limit, stock, price, tender or other."""
        cannot = self.page.locator("[data-testid^='cant-'].screen").first
        cannot.wait_for(timeout=PATIENCE_MS)
        return str(cannot.get_attribute("data-testid")).removeprefix("cant-")


def again(ask: str) -> str:
    """A script that asks this async function, in a page or in a worker, until it answers true."""
    return f"({_ASK_AGAIN})({ask}, {PATIENCE_MS})"


def numbers(slips: Iterable[Slip]) -> list[str]:
    """Their receipt numbers."""
    return [slip.number for slip in slips]


def _slip(said: dict[str, Any]) -> Slip:
    lines = {line["productId"]: (line["qty"], line["unitMinor"]) for line in said["lines"]}
    return Slip(said["number"], said["totalMinor"], said["tender"], lines, said["state"])
