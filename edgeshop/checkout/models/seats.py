"""Seats: browser profiles that this kiosk knows."""

from django.db import models

from edgeshop.checkout.enums import Purpose
from edgeshop.kernel.ids import uuid7


class Seat(models.Model):
    """One browser profile, named by its key. A screen without `admitted_at` waits for staff.

    `serial`: the how many-eth of its epoch it is, and bits of its key; its id follows from that. A restored disk does
    not count.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    epoch = models.PositiveIntegerField(default=0)
    serial = models.PositiveIntegerField(null=True)
    jkt = models.CharField("key thumbprint", max_length=64, unique=True)
    jwk = models.JSONField()
    purpose = models.CharField(max_length=8, choices=Purpose.choices)
    address = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    admitted_at = models.DateTimeField(null=True, blank=True)
    admitted_by = models.CharField(max_length=150, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at"]
        constraints = [models.UniqueConstraint(fields=["epoch", "serial"], name="seat_serial_once")]
        indexes = [models.Index(fields=["purpose", "expires_at"], name="seat_live")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.id}"
