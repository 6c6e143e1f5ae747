"""The table that `make demo` ends with: where to go, who to be, what to try."""

from edgeshop.qa.stack import Stack

PASSWORD = "candle-and-card"  # noqa: S105 -- the demo's staff, made by `manage.py seed`; a real shop has its own
LOGINS = ("olga", "mia", "ben")


def welcome(stack: Stack, panel_url: str) -> list[tuple[str, str]]:
    """Rows of the table."""
    kiosk = stack.kiosks[0]
    return [
        ("Panel", f"{panel_url}   the two links as switches, and a plug to pull"),
        ("Shop", f"{kiosk.front.url}/   as a shopper sees it, through the browser–kiosk link"),
        ("Cloud admin", f"{stack.cloud.url}/admin/   {LOGINS[0]} (operator) or {LOGINS[1]} (manager), {PASSWORD}"),
        ("Kiosk admin", f"{kiosk.front.url}/admin/   {LOGINS[2]} (attendant), {PASSWORD}"),
        ("Logs", str(stack.root / "logs")),
        ("", ""),
        ("Try", "1. Open the panel and the shop side by side and sell something."),
        ("", "2. Cut kiosk–cloud: the shop sells on, orders wait on the kiosk. Heal it and watch them leave."),
        ("", "3. Cut browser–kiosk too, sell, reload the page, even pull the plug: nothing is lost."),
        ("", "4. Change a price in the cloud's admin, publish, and see it on the shelf."),
        ("Stop", "Ctrl-C. The next start goes on from here; make demo-reset begins anew."),
    ]
