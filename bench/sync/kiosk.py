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
        """One contact, and whether another would bring more. Units: `seconds` until all of it was taken."""
        from edgeshop.sync.services.contact import Report, _one_contact  # noqa: PLC0415 -- as above
        from edgeshop.sync.services.egress.account import Account  # noqa: PLC0415 -- as above

        report, began = Report(), time.monotonic()
        is_more = _one_contact(self._client, report, Account())
        return {"failed": report.failed, "is_more": is_more, "seconds": time.monotonic() - began}

    def fetch(self) -> dict[str, Any]:
        """The next bundle. Units: `seconds` until it was taken; `decoding_s` are those of them that read its rows."""
        from edgeshop.sync.models import Download  # noqa: PLC0415 -- as above
        from edgeshop.sync.services import downloads  # noqa: PLC0415 -- as above

        wanted = Download.objects.order_by("place")[0]
        began = time.monotonic()
        data = downloads._fetch(self._client, wanted, lambda: None)
        fetched = time.monotonic()
        _decode(data)
        decoded = time.monotonic()
        downloads._take(wanted, data)
        taken = time.monotonic()
        return {"seconds": taken - decoded + fetched - began, "decoding_s": decoded - fetched}

    def attempt(self, step: str) -> dict[str, Any]:
        """The same as `step`, on a link that may break: whether it did."""
        from edgeshop.fleet.errors import CloudUnreachable  # noqa: PLC0415 -- as above

        try:
            told: dict[str, Any] = getattr(self, step)()
        except CloudUnreachable:
            return {"broken": True}
        return told | {"broken": False}

    def have(self) -> dict[str, Any]:
        """How much is here of what broke off, an answer or the next bundle, and that one's size; a size of 0 when none
        is to come. Units: bytes.
        """
        from edgeshop.sync.models import Download  # noqa: PLC0415 -- as above
        from edgeshop.sync.services import downloads  # noqa: PLC0415 -- as above

        wanted = Download.objects.order_by("place").first()
        begun = len(self._client._reading._begun) if self._client._reading.headers else 0
        return {"bytes": begun + (downloads._got(wanted) if wanted else 0), "size": wanted.size if wanted else 0}

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
        from edgeshop.catalog.errors import NoPriceBook  # noqa: PLC0415 -- as above
        from edgeshop.catalog.models import Allotment, Product  # noqa: PLC0415 -- as above
        from edgeshop.catalog.queries import current_book, prices  # noqa: PLC0415 -- as above
        from edgeshop.fleet.queries import this_kiosk  # noqa: PLC0415 -- as above

        rows = Product.objects.order_by("pk").values_list("pk", "sku", "texts", "changed_at", "category_id")
        try:
            book = current_book(this_kiosk().shop_id)
        except NoPriceBook:
            book = 0
        stock = Allotment.objects.order_by("product").values_list("product", "granted")
        return {
            "products": list(map(list, rows)),
            "book": book,
            "prices": sorted(prices(book).items()) if book else [],
            "stock": list(map(list, stock)),
        }

    def sell(self, orders: list[dict[str, Any]]) -> dict[str, Any]:
        """Place these orders on seats' tokens, each at its own time. Answers how many facts that wrote."""
        from bench.sync.selling import sell_all  # noqa: PLC0415 -- as above

        return sell_all(orders)


def _decode(bundle: bytes) -> None:
    """Read all rows, once more than is needed: the taking of a bundle does it as it goes."""
    from edgeshop.fleet.queries import this_kiosk_id  # noqa: PLC0415 -- as above
    from edgeshop.sync.services.bundles import unpack_bundle  # noqa: PLC0415 -- as above
    from edgeshop.sync.services.feed import unpack_page  # noqa: PLC0415 -- as above

    for said in unpack_bundle(bundle):
        unpack_page(said, kiosk_id=this_kiosk_id())


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
