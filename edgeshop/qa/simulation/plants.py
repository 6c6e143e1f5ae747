"""Bugs to put in: each is one that real systems have had, in the services themselves, for one run only."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models import Max

from edgeshop.checkout.queries import standings
from edgeshop.fleet import wiring
from edgeshop.fleet.models import Kiosk
from edgeshop.journal.models import Chain, Record
from edgeshop.journal.services import Received, receive, unsent_batch
from edgeshop.qa.simulation import front
from edgeshop.qa.simulation.disk import PowerCut
from edgeshop.qa.simulation.swap import Swap, swapped
from edgeshop.sync.services import answer, contact


@contextmanager
def planted(name: str) -> Iterator[None]:
    """The bug of this name is in; none for an empty name. Raises: KeyError for one that is not known."""
    with swapped(*(PLANTS[name]() if name else ())):
        yield


def _ack_before_commit() -> list[Swap]:
    """The acknowledgement is on its way before the commit: a crash or a full disk takes the facts, not the word."""

    def eager(**batch: Any) -> Received:
        try:
            with transaction.atomic():
                return receive(**batch)
        except (PowerCut, DatabaseError):
            return Received(batch["first_seq"] + len(batch["bodies"]) - 1, [], [])

    return [(answer, "receive", eager)]


def _mark_by_wall_clock() -> list[Swap]:
    """What is newer than the newest acknowledged fact is unsent: by the wall clock, and not by its number."""

    def by_clock(limit: int) -> tuple[Chain, list[Record]] | None:
        found = unsent_batch(limit)
        if found is None:
            return None
        chain, records = found
        known = Record.objects.filter(device_id=chain.device_id, epoch=chain.epoch, seq__lte=chain.acked_seq)
        mark = known.aggregate(at=Max("at"))["at"]
        news = [record for record in records if mark is None or record.at >= mark]
        return (chain, news) if news else None

    return [(contact, "unsent_batch", by_clock)]


def _epoch_not_raised() -> list[Swap]:
    """A restored disk goes on in the epoch that it had."""

    def as_before(kiosk_id: int, *, above: int = 0) -> int:
        return max(above, Kiosk.objects.values_list("epoch", flat=True).get(pk=kiosk_id))

    def no_matter(epoch: int) -> None:
        Kiosk.objects.filter(is_self=True).update(is_epoch_stale=False)

    return [(wiring, "issue_epoch", as_before), (answer, "issue_epoch", as_before), (wiring, "adopt_epoch", no_matter)]


def _standing_by_number() -> list[Swap]:
    """Where an order stands is told by its number alone, which a disk put back whole gives to somebody else again."""
    return [(front, "standings", lambda numbers, _contents: standings(numbers))]


PLANTS: dict[str, Callable[[], list[Swap]]] = {
    "ack_before_commit": _ack_before_commit,
    "mark_by_wall_clock": _mark_by_wall_clock,
    "epoch_not_raised": _epoch_not_raised,
    "standing_by_number": _standing_by_number,
}
