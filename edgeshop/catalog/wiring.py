"""What the catalogue registers with the journal: three streams down, one fact up."""

from typing import Any
from uuid import UUID

from edgeshop.catalog.services.allotments import settle_return
from edgeshop.catalog.services.taking import RETURNED
from edgeshop.catalog.streams import CATALOGUE, PRICES, STOCK
from edgeshop.journal import registry
from edgeshop.journal.registry import Outcome
from edgeshop.kernel.facts import Fact


def register() -> None:
    """Called once, when the apps are ready. The catalogue comes first, so that goods arrive before their prices."""
    registry.source("catalogue", CATALOGUE)
    registry.source("prices", PRICES)
    registry.source("stock", STOCK)
    registry.apply_fact(RETURNED, _stock_returned)


def _stock_returned(fact: Fact, body: dict[str, Any]) -> Outcome:
    lines = [(int(product_id), int(qty)) for product_id, qty in body["lines"]]
    settle_return(return_id=UUID(body["id"]), kiosk_id=fact.device_id, epoch=int(body["epoch"]), lines=lines)
    return Outcome()
