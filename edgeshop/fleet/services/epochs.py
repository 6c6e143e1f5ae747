"""Epochs: the cloud numbers the lives of a kiosk's disk, so that a restored or cloned one is a new writer."""

import logging

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest

from edgeshop.fleet.models import Kiosk
from edgeshop.fleet.queries import this_kiosk
from edgeshop.journal.models import Record
from edgeshop.journal.services import open_chain, rebase_unsent
from edgeshop.journal.services.head_file import is_stale
from edgeshop.journal.services.lives import keep_up

log = logging.getLogger(__name__)


@transaction.atomic
def issue_epoch(kiosk_id: int, *, above: int = 0) -> int:
    """On the cloud: the next epoch of a kiosk, never given before.

    `above` is what the kiosk says it has: a cloud that was restored may have forgotten what it gave.
    """
    Kiosk.objects.filter(pk=kiosk_id).update(epoch=Greatest(F("epoch"), Value(above)) + 1)
    return Kiosk.objects.values_list("epoch", flat=True).get(pk=kiosk_id)


@transaction.atomic
def adopt_epoch(epoch: int) -> None:
    """On the kiosk: begin the epoch that the cloud has given, with a journal of its own that takes over what waits.

    An answer that comes late or twice changes nothing.
    """
    kiosk = this_kiosk()
    if epoch <= kiosk.epoch:
        return
    Kiosk.objects.filter(pk=kiosk.pk).update(epoch=epoch, is_epoch_stale=False)
    open_chain(device_id=kiosk.pk, epoch=epoch)
    rebase_unsent()


def recognise_past(*, epoch: int, seq: int, head: bytes) -> None:
    """On the kiosk: look for the cloud's last word of our journal. If we never wrote it, this disk is a copy or an
    older self, and the epoch is stale until the cloud gives a new one.

    Judged here and not in the cloud, where a request that was held up on its way would look like an older self.
    """
    kiosk = this_kiosk()
    written = Record.objects.filter(device_id=kiosk.pk, epoch=epoch, seq=seq).first()
    if epoch == kiosk.epoch and (written is None or bytes(written.chain) != head):
        log.warning("the cloud has a journal of this epoch that this disk does not know: waiting for a new epoch")
        Kiosk.objects.filter(pk=kiosk.pk).update(is_epoch_stale=True)


def notice_restore() -> bool:
    """At boot and before each contact: see whether the database is older than this device's last word, or the whole
    disk older than the chip remembers; if so, say so until the cloud has given a new epoch. Answers whether the epoch
    is stale."""
    kiosk = Kiosk.objects.filter(is_self=True).first()
    if kiosk is None:
        return False
    if not kiosk.is_epoch_stale and (is_stale() or not keep_up()):
        log.warning("this disk is older than its journal's last word: cleared tenders only until the next contact")
        Kiosk.objects.filter(pk=kiosk.pk).update(is_epoch_stale=True)
        return True
    return kiosk.is_epoch_stale
