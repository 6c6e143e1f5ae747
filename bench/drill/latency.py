"""From the tap to the rendered list of suggestions, measured inside the page, on three ways in the same run."""

import statistics
from dataclasses import dataclass, field

from playwright.sync_api import Browser, Error, Page, Playwright, Route

from bench.drill.shopper import enter
from edgeshop.qa.browser import FLAGS, find_chromium
from edgeshop.qa.links import Link

_TAPS = 15
_SIZE = {"width": 1920, "height": 1080}
# A tap on an "add" button, until the row that answers the new basket is in the page and laid out. The frame it is then
# shown in is the display's, the same on every way, and left out.
_TAP = """id => new Promise((done, failed) => {
  const button = document.querySelector(`[data-testid="add-${id}"]`);
  const row = () => document.querySelector('[data-testid="suggestions"]');
  const shown = () => row()?.dataset.for?.split(' ').includes(String(id));
  const began = performance.now();
  const watch = new MutationObserver(() => {
    if (!shown()) return;
    watch.disconnect();
    row().getBoundingClientRect();
    done(performance.now() - began);
  });
  watch.observe(document.body, { subtree: true, childList: true, attributes: true });
  setTimeout(() => failed(new Error('no suggestions')), 15000);
  button.click();
})"""


@dataclass(slots=True)
class Latencies:
    """Medians in milliseconds, and what the cloud-only shop could not do in an outage."""

    cloud_ms: float = 0.0
    kiosk_ms: float = 0.0
    browser_ms: float = 0.0
    failed_cloud_only: int = 0
    tried_cloud_only: int = 0
    samples: dict[str, list[float]] = field(default_factory=dict)


def taps(page: Page, product_ids: list[int]) -> list[float]:
    """Milliseconds for each product put into the basket, the first left out: it warms what any shop has warm."""
    enter(page)
    found: list[float] = []
    for product_id in product_ids:
        page.locator(f"[data-testid='add-{product_id}']").first.wait_for(state="attached")
        found.append(float(page.evaluate(_TAP, product_id)))
    return found[1:]


def _without_table(route: Route) -> None:
    """The hydration manifest without vectors: such a page must ask a server for every suggestion."""
    answer = route.fetch()
    manifest = answer.json()
    for stage in manifest["stages"]:
        stage["items"] = [item for item in stage["items"] if item["kind"] != "table"]
    route.fulfill(response=answer, json=manifest)


def by_server(browser: Browser, url: str, product_ids: list[int]) -> list[float]:
    """A page without worker and without vectors: every suggestion is a request to whoever is behind `url`."""
    context = browser.new_context(viewport=_SIZE, service_workers="block", locale="en-GB")
    try:
        context.route("**/api/seeds?*", _without_table)
        context.route("**/api/seats", lambda route: route.abort())  # it takes no numbers that nobody would account for
        page = context.new_page()
        page.goto(url, timeout=60_000)
        page.wait_for_function(
            "() => window.edgeshop?.stages().some(s => s.name === 'core' && s.state === 'done')", timeout=60_000
        )
        return taps(page, product_ids)
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


def measure(playwright: Playwright, *, baseline: Link, edge: Page, product_ids: list[int], tries: int) -> Latencies:
    """All ways, side by side. `baseline` leads to a kiosk-role server as a cloud-only shop would reach it; `edge` is a
    page of the PWA that is cut from its kiosk."""
    browser = playwright.chromium.launch(executable_path=find_chromium(), args=[*FLAGS, "--no-sandbox"])
    ids = product_ids[: _TAPS + 1]
    try:
        near = by_server(browser, baseline.url, ids)
        baseline.set("slow4g")
        far = by_server(browser, baseline.url, ids)
        failed = checkouts_in_outage(browser, baseline, tries=tries)
    finally:
        browser.close()
    alone = taps(edge, ids)
    median = statistics.median
    samples = {"cloud": far, "kiosk": near, "browser": alone}
    return Latencies(median(far), median(near), median(alone), failed, tries, samples)
