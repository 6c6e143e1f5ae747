"""Grants: the cloud's signed word on how much uncleared money a kiosk may let walk out of the door."""

from django.db import models
from django.db.models import F, Q

from edgeshop.kernel.ids import uuid7


class Grant(models.Model):
    """One grant, as signed. The ceilings are cumulative over the epoch, so an old answer never lowers a new one.

    `window_minor` is how much of the ceiling had not come home when the grant was issued: what it may cost at most.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kiosk = models.ForeignKey("fleet.Kiosk", models.PROTECT, related_name="+")
    epoch = models.PositiveIntegerField()
    jws = models.TextField()
    claims = models.JSONField()
    issued_at = models.DateTimeField()
    soft_at = models.DateTimeField()
    hard_at = models.DateTimeField()
    order_max_minor = models.PositiveBigIntegerField()
    sum_ceil_minor = models.PositiveBigIntegerField()
    count_ceil = models.PositiveIntegerField()
    window_minor = models.PositiveBigIntegerField(default=0)
    book_min = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-issued_at"]
        constraints = [models.CheckConstraint(condition=Q(soft_at__lte=F("hard_at")), name="grant_soft_before_hard")]
        indexes = [models.Index(fields=["kiosk", "epoch", "-issued_at"], name="grant_latest")]

    def __str__(self) -> str:
        return f"{self.kiosk_id}/{self.epoch} {self.id}"


class ClosedEpoch(models.Model):
    """An older epoch of which the ledger knows every sale: its journal is complete, or a person has counted.

    Until then a new epoch must reckon that all of the old one's window is gone.
    """

    kiosk = models.ForeignKey("fleet.Kiosk", models.PROTECT, related_name="+")
    epoch = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.CharField(max_length=150)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kiosk", "epoch"], name="epoch_closed_once")]

    def __str__(self) -> str:
        return f"{self.kiosk_id}/{self.epoch} by {self.by}"


class UnclearedPause(models.Model):
    """While there is a row, this kiosk lets no uncleared money out: staff have paused that. On a kiosk only."""

    at = models.DateTimeField()
    by = models.CharField(max_length=150)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="uncleared_pause_once")]

    def __str__(self) -> str:
        return f"by {self.by}"
