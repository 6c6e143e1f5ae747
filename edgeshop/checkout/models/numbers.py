"""Receipt numbers: drawn without a gap, and each one followed to its end."""

from django.db import models
from django.db.models import Q

from edgeshop.checkout.enums import NumberState, Purpose


class Allocator(models.Model):
    """Where the numbers of one kiosk's epoch come from, and how much uncleared money it has let go so far.

    One row, so that whoever draws a number or spends the grant waits for whoever does so now. `receipt_secret` [32] is
    what the keys of its receipts come from: the cloud makes it and gives it to the kiosk along with the grant.
    """

    kiosk = models.ForeignKey("fleet.Kiosk", models.PROTECT, related_name="+")
    epoch = models.PositiveIntegerField()
    last_seq = models.PositiveIntegerField(default=0)
    receipt_secret = models.BinaryField(default=bytes, editable=False)
    spent_minor = models.PositiveBigIntegerField(default=0)
    spent_count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kiosk", "epoch"], name="allocator_once")]

    def __str__(self) -> str:
        return f"{self.kiosk_id}/{self.epoch} at {self.last_seq}"


class Number(models.Model):
    """One receipt number `SHOP-KIOSK-EPOCH-SEQ` and where it stands, on the kiosk that drew it and in the cloud.

    `max_minor` is the value at risk: what its token may sell without asking. Numbers of counter sales have none.
    """

    number = models.CharField(max_length=44, primary_key=True)
    kiosk = models.ForeignKey("fleet.Kiosk", models.PROTECT, related_name="+")
    epoch = models.PositiveIntegerField()
    seq = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=NumberState.choices, default=NumberState.OUTSTANDING)
    reason = models.CharField(max_length=80, blank=True)
    seat_id = models.UUIDField(null=True, blank=True)
    purpose = models.CharField(max_length=8, choices=Purpose.choices, blank=True)
    grant_id = models.UUIDField(null=True, blank=True)
    max_minor = models.PositiveBigIntegerField(default=0)
    book_min = models.PositiveIntegerField(default=1)
    minted_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    request_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["kiosk", "epoch", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["kiosk", "epoch", "seq"], name="number_once"),
            models.CheckConstraint(condition=Q(state__in=NumberState.values), name="number_state_known"),
            models.CheckConstraint(
                condition=Q(state=NumberState.OUTSTANDING, ended_at__isnull=True)
                | (~Q(state=NumberState.OUTSTANDING) & Q(ended_at__isnull=False)),
                name="number_ends_once_dated",
            ),
        ]
        indexes = [
            models.Index(fields=["expires_at"], condition=Q(state="outstanding"), name="number_to_sweep"),
            models.Index(fields=["seat_id", "state"], name="number_of_seat"),
            models.Index(fields=["state", "ended_at"], name="number_by_state"),
        ]

    def __str__(self) -> str:
        return self.number
