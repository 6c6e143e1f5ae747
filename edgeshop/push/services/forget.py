"""Keeping nobody longer than there is a reason to: their last order here is a month ago, or as the shop has set."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef

from edgeshop.kernel import clock
from edgeshop.push.models import ReceiptContact, Subscription
from edgeshop.push.services.subscribe import REVIEWS
from edgeshop.vault.models import Subject
from edgeshop.vault.services.erasing import destroy, scrub

_BATCH_MAX = 200


def forget_old_subjects() -> int:
    """Destroy the keys of people whom nothing is owed any more; answers how many. Safe to run twice.

    Staff who listen for reviews stay. No list and no fact: an older copy of the database is as old as it was, and the
    next sweep after a restore does the same again.
    """
    since = clock.now() - timedelta(days=settings.EDGESHOP.push.keep_days)
    theirs = Subscription.objects.filter(subject=OuterRef("pk"))
    old = Subject.objects.filter(erased_at=None, made_at__lt=since).exclude(
        Exists(theirs.filter(created_at__gte=since))
        | Exists(theirs.filter(topic=REVIEWS, ended_at=None))
        | Exists(ReceiptContact.objects.filter(subject=OuterRef("pk"), made_at__gte=since))
    )
    gone = destroy(list(old.order_by("made_at").values_list("pk", flat=True)[:_BATCH_MAX]), at=clock.now())
    if gone:
        scrub()
    return len(gone)
