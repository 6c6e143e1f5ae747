"""Reviews, voids and refunds: what people do about an order, in rows of their own."""

from django.db import models
from django.db.models import Q

from edgeshop.checkout.enums import Decision, Reason
from edgeshop.checkout.models.orders import Order


class Review(models.Model):
    """One reason for a person to look at an order. `subject` tells two cases of one reason apart.

    A kiosk proposes, the cloud decides. `evidence` holds sold-as against now, by what the reason is about.
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="reviews")
    reason = models.CharField(max_length=20, choices=Reason.choices)
    subject = models.CharField(max_length=64, blank=True)
    evidence = models.JSONField(default=dict)
    opened_at = models.DateTimeField()
    proposal = models.CharField(max_length=8, choices=Decision.choices, blank=True)
    proposed_by = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.CharField(max_length=8, choices=Decision.choices, blank=True)
    decided_by = models.CharField(max_length=150, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["opened_at", "pk"]
        permissions = [("decide_review", "Can decide reviews")]
        constraints = [
            models.UniqueConstraint(fields=["order", "reason", "subject"], name="review_once"),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decision="") | (Q(decided_at__isnull=False) & ~Q(decision="")),
                name="review_decided_whole",
            ),
        ]
        indexes = [models.Index(fields=["opened_at"], condition=Q(decided_at__isnull=True), name="review_queue")]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.reason}"


class Void(models.Model):
    """An order undone by a person. The order stays as it was; this row says that it does not count."""

    order = models.OneToOneField(Order, models.PROTECT, related_name="void")
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    note = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.order_id} void"


class Refund(models.Model):
    """Money given back on an order by a person. Units: minor units of the order's currency."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="refunds")
    amount_minor = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(condition=Q(amount_minor__gt=0), name="refund_of_something")]

    def __str__(self) -> str:
        return f"{self.amount_minor} on {self.order_id}"
