"""What the checkout registers with the journal: its facts, the orders stream, the grants section of a contact, how
checkouts go."""

from edgeshop.checkout.services import (
    counting,
    grant_issue,
    grants,
    ledger,
    numbers,
    orders,
    outcomes,
    progress,
    reviews,
    settling,
    shorthand,
)
from edgeshop.checkout.services import tokens as minting
from edgeshop.fleet import components
from edgeshop.fleet.services import health
from edgeshop.journal import contact, registry


def register() -> None:
    """Called once, when the apps are ready."""
    registry.apply_fact(minting.MINTED, ledger.take_minted)
    registry.apply_fact(numbers.ENDED, ledger.take_ended)
    registry.apply_fact(orders.COMPLETED, settling.take_completed)
    registry.apply_fact(orders.REPLAYED, ledger.take_replayed)
    registry.apply_fact(progress.MOVED, ledger.take_moved)
    registry.apply_fact(reviews.PROPOSED, ledger.take_proposed)
    registry.shorthand(minting.MINTED, shorthand.NUMBERS)
    registry.shorthand(orders.COMPLETED, shorthand.ORDERS)  # after the numbers, which tell whose seats they are
    registry.when_settled(orders.COMPLETED, outcomes.settle_acknowledged)
    registry.source("orders", registry.Source(outcomes.collect, outcomes.apply))  # the journal's chain vouches for them
    components.in_use(counting.is_selling)
    health.health_source(health.TRIED, counting.tried)
    health.health_source(health.FAILED, counting.refused)
    contact.section(
        "grants", ask=grants.ask_grant, answer=grant_issue.answer_grant, take=grants.take_grant, is_welcome=True
    )
