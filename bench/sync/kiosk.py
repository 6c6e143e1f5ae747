"""The kiosk's end of the measurements: one process with one connection, told by lines of JSON what to do next."""

import json
import sys
import time
from typing import Any

import django


class Till:
    """A kiosk that makes contacts and sells the workload's orders on tokens of its seats."""

    def __init__(self) -> None:
        from edgeshop.fleet.services import CloudClient  # noqa: PLC0415 -- Django has just been set up

        self._client = CloudClient()

    def meet(self) -> dict[str, Any]:
        """Contacts until neither side has anything to say."""
        from edgeshop.sync.services import synchronise  # noqa: PLC0415 -- as above

        report = synchronise(self._client)
        return {"contacts": report.contacts, "failed": report.failed, "acknowledged": report.acknowledged}

    def ask(self) -> dict[str, Any]:
        """One contact, and whether another would bring more."""
        from edgeshop.sync.services.contact import Report, _one_contact  # noqa: PLC0415 -- as above
        from edgeshop.sync.services.egress.account import Account  # noqa: PLC0415 -- as above

        report = Report()
        is_more = _one_contact(self._client, report, Account())
        return {"failed": report.failed, "is_more": is_more}

    def fetch(self, count: int = 1) -> dict[str, Any]:
        """The next bundles, and whether this box could sell now."""
        from edgeshop.sync.models import Download  # noqa: PLC0415 -- as above
        from edgeshop.sync.services import downloads  # noqa: PLC0415 -- as above

        began = time.monotonic()
        for wanted in list(Download.objects.order_by("place"))[:count]:
            downloads._take(wanted, downloads._fetch(self._client, wanted, lambda: None))
        return {"left": Download.objects.count(), "seconds": time.monotonic() - began}

    def attempt(self, step: str) -> dict[str, Any]:
        """The same as `step`, on a link that may break: whether it did."""
        from edgeshop.fleet.errors import CloudUnreachable  # noqa: PLC0415 -- as above

        try:
            told: dict[str, Any] = getattr(self, step)()
        except CloudUnreachable:
            return {"broken": True}
        return told | {"broken": False}

    def have(self) -> dict[str, Any]:
        """How much of the next bundle is here, and its size; a size of 0 when none is to come. Units: bytes."""
        from edgeshop.sync.models import Download  # noqa: PLC0415 -- as above
        from edgeshop.sync.services import downloads  # noqa: PLC0415 -- as above

        wanted = Download.objects.order_by("place").first()
        return {"bytes": downloads._got(wanted), "size": wanted.size} if wanted else {"bytes": 0, "size": 0}

    def spoil(self) -> dict[str, Any]:
        """Let one product be otherwise than the cloud's without a word in the books, and count the rows again."""
        from edgeshop.catalog.models import Product  # noqa: PLC0415 -- as above
        from edgeshop.journal.services import verify_streams  # noqa: PLC0415 -- as above

        one = Product.objects.order_by("pk")[Product.objects.count() // 2]
        Product.objects.filter(pk=one.pk).update(texts={"en": {"name": "Nonsense"}})
        verify_streams()
        return {}

    def forget_keys(self) -> dict[str, Any]:
        """As on the first contact of a day: the hot key has to be introduced."""
        self._client._introduced = None
        return {}

    def state(self) -> dict[str, Any]:
        """What this box knows: how many products with which names, texts and times, prices and stock."""
        from edgeshop.catalog.models import Allotment, Product  # noqa: PLC0415 -- as above
        from edgeshop.catalog.queries import current_book, prices  # noqa: PLC0415 -- as above
        from edgeshop.fleet.queries import this_kiosk  # noqa: PLC0415 -- as above

        rows = Product.objects.order_by("pk").values_list("pk", "sku", "texts", "changed_at", "category_id")
        book = current_book(this_kiosk().shop_id) if rows else 0
        stock = Allotment.objects.order_by("product").values_list("product", "granted")
        return {
            "products": list(map(list, rows)),
            "book": book,
            "prices": sorted(prices(book).items()),
            "stock": list(map(list, stock)),
        }

    def sell(self, orders: list[dict[str, Any]]) -> dict[str, Any]:
        """Place these orders on seats' tokens, each at its own time. Answers how many facts that wrote."""
        from bench.sync.selling import sell_all  # noqa: PLC0415 -- as above

        return sell_all(orders)


def main() -> None:
    """Read a line, do it, answer with a line."""
    django.setup()
    till = Till()
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            told = getattr(till, asked.pop("do"))(**asked)
        except Exception as error:  # noqa: BLE001 -- the other end decides what a failure means
            told = {"error": repr(error)}
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
