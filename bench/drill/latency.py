"""From the tap to the rendered list of suggestions, measured inside the page, on three ways in the same run."""

import statistics
import time
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Error, Page, Playwright

from bench.drill.shopper import enter, leave
from edgeshop.qa.browser import FLAGS, find_chromium
from edgeshop.qa.links import Link

_WARM, _SHOPPERS, _BASKET = 2, 4, 6
_BUSY_MAX, _REST_S_MAX = 0.5, 15
_SIZE = {"width": 1920, "height": 1080}
# A tap on an "add" button, until the row that answers the new basket is in the page, and until it is laid out as well.
# Style, layout and paint belong to the frame it is shown in: they cost the same on every way.
_TAP = """id => new Promise((done, failed) => {
  const button = document.querySelector(`[data-testid="add-${id}"]`);
  const row = () => document.querySelector('[data-testid="suggestions"]');
  const began = performance.now();
  const watch = new MutationObserver(() => {
    if (!row()?.dataset.for?.split(' ').includes(String(id))) return;
    watch.disconnect();
    const inPage = performance.now() - began;
    row().getBoundingClientRect();
    done([inPage, performance.now() - began]);
  });
  watch.observe(document.body, { subtree: true, childList: true, attributes: true });
  setTimeout(() => failed(new Error('no suggestions')), 15000);
  button.click();
})"""
# A page whose manifest has no table and that draws no numbers. Playwright's own routing would delay all its requests.
_HOLDS_NOTHING = """(() => {
  const ask = window.fetch;
  window.fetch = async (...request) => {
    const url = String(request[0].url ?? request[0]);
    if (url.includes('/api/seats')) throw new TypeError('no seats here');
    const answer = await ask(...request);
    if (!url.includes('/api/seeds?')) return answer;
    const manifest = await answer.json();
    for (const stage of manifest.stages) stage.items = stage.items.filter(item => item.kind !== 'table');
    return new Response(JSON.stringify(manifest), answer);
  };
})()"""


@dataclass(frozen=True, slots=True)
class Taps:
    """Medians of one way. Units: milliseconds."""

    in_page_ms: float
    laid_out_ms: float


@dataclass(frozen=True, slots=True)
class Latencies:
    """The three ways, and what the cloud-only shop could not do in an outage."""

    cloud: Taps
    kiosk: Taps
    browser: Taps
    failed_cloud_only: int
    tried_cloud_only: int


def taps(page: Page, names: dict[int, str]) -> Taps:
    """Shoppers one after the other, each with a basket of products found by name and tapped; the first ones warm what
    any shop has warm."""
    ids = list(names)
    baskets = [ids[at : at + _BASKET] for at in range(0, _BASKET * (_WARM + _SHOPPERS), _BASKET)]
    _wait_for_rest()
    found = [tap for basket in baskets for tap in _shopper(page, {each: names[each] for each in basket})]
    in_page, laid_out = zip(*found[_WARM * _BASKET :], strict=True)
    return Taps(statistics.median(in_page), statistics.median(laid_out))


def _shopper(page: Page, basket: dict[int, str]) -> list[tuple[float, float]]:
    search = enter(page)
    found = []
    for product_id, name in basket.items():
        search.fill(name)
        page.get_by_test_id(f"add-{product_id}").first.wait_for()
        found.append(page.evaluate(_TAP, product_id))
    leave(page)
    return found


def _wait_for_rest() -> None:
    """Return when this machine is mostly idle, or after a while: what the story has started again is not measured."""
    give_up_at = time.monotonic() + _REST_S_MAX
    while _busy_share() > _BUSY_MAX and time.monotonic() < give_up_at:
        pass


def _busy_share() -> float:
    """How much of its processors' time this machine spends on work, over a second."""
    idle, total = _spent()
    time.sleep(1)
    later_idle, later_total = _spent()
    return 1 - (later_idle - idle) / max(later_total - total, 1)


def _spent() -> tuple[int, int]:
    times = [int(number) for number in Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()[1:]]
    return times[3] + times[4], sum(times)


def by_server(browser: Browser, url: str, names: dict[int, str]) -> Taps:
    """A page without worker and without vectors: every suggestion is a request to whoever is behind `url`."""
    context = browser.new_context(viewport=_SIZE, service_workers="block", locale="en-GB", reduced_motion="reduce")
    try:
        context.add_init_script(_HOLDS_NOTHING)
        page = context.new_page()
        page.goto(url, timeout=60_000)
        page.wait_for_function(
            "() => window.edgeshop?.stages().some(s => s.name === 'core' && s.state === 'done')", timeout=60_000
        )
        return taps(page, names)
    finally:
        context.close()


def checkouts_in_outage(browser: Browser, link: Link, *, tries: int) -> int:
    """How many of `tries` shoppers of a cloud-only shop leave without their things while its link is down."""
    failed = 0
    link.down()
    for _ in range(tries):
        context = browser.new_context(service_workers="block")
        try:
            context.new_page().goto(link.url, timeout=5000)
        except Error:
            failed += 1
        finally:
            context.close()
    link.up()
    return failed


def measure(playwright: Playwright, *, baseline: Link, edge: Page, names: dict[int, str], tries: int) -> Latencies:
    """All ways, side by side. `baseline` leads to a kiosk-role server as a cloud-only shop would reach it; `edge` is a
    page of the PWA that is cut from its kiosk."""
    alone = taps(edge, names)
    browser = playwright.chromium.launch(executable_path=find_chromium(), args=[*FLAGS, "--no-sandbox"])
    try:
        near = by_server(browser, baseline.url, names)
        baseline.set("slow4g")
        far = by_server(browser, baseline.url, names)
        failed = checkouts_in_outage(browser, baseline, tries=tries)
    finally:
        browser.close()
    return Latencies(far, near, alone, failed, tries)
