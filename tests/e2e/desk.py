"""The admin, used in a tab as people behind the counter do."""

from playwright.sync_api import Page, expect

from edgeshop.qa.node import Node
from tests.e2e import office
from tests.e2e.screen import PATIENCE_MS

_STEPS = """steps => steps.map(step =>
  step.querySelector('.co-tier').textContent.trim() + '|' + step.querySelector('.co-what').textContent.trim())"""


class Desk:
    """The admin of a node in a tab of its own."""

    def __init__(self, page: Page, node: Node, name: str) -> None:
        """Log in."""
        self.page, self.url = page, node.url
        page.goto(f"{node.url}/admin/login/?next=/admin/")
        page.locator("input[name=username]").fill(name)
        page.locator("input[name=password]").fill(office.PASSWORD)
        page.locator("[type=submit]").first.click()
        expect(page).to_have_url(f"{node.url}/admin/", timeout=PATIENCE_MS)

    def search(self, model: str, number: str) -> None:
        """The list of orders, numbers or reviews, narrowed down to a receipt number."""
        self.page.goto(f"{self.url}/admin/checkout/{model}/?q={number}")

    def journey(self, number: str) -> list[tuple[str, str]]:
        """The steps of an order as its page shows them: where, what."""
        self.search("order", number)
        self.page.locator("#result_list").get_by_role("link", name=number).first.click()
        steps = self.page.locator(".co-journey .co-step")
        expect(steps.first).to_be_visible(timeout=PATIENCE_MS)
        return [tuple(step.split("|")) for step in steps.evaluate_all(_STEPS)]

    def act(self, action: str) -> None:
        """Do something with everything in the list."""
        self.page.locator("input.action-select").first.check()
        self.page.locator("select[name=action]").first.select_option(action)
        self.page.locator("button[name=index]").first.click()
