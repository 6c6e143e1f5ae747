"""Orders: what was sold, frozen when it was placed, and three columns that only move forward."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from edgeshop.checkout.enums import Delivery, Handover, Origin, Payment, TenderCode
from edgeshop.checkout.models.numbers import Number


class Order(models.Model):
    """One sale. Its id is derived from its receipt number; its content never changes (a trigger refuses it).

    `envelope` is the signed order as the seat sent it, evidence that may be dropped after 30 days; `envelope_sha256`
    is the hash of what it says, which anybody can make again from the order itself.
    Units: minor units of `currency`; `tax_by_rate` maps basis points to minor units.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    number = models.OneToOneField(Number, models.PROTECT, related_name="order")
    kiosk = models.ForeignKey("fleet.Kiosk", models.PROTECT, related_name="+")
    epoch = models.PositiveIntegerField()
    origin = models.CharField(max_length=8, choices=Origin.choices)
    seat_id = models.UUIDField(null=True, blank=True)
    sold_by = models.CharField(max_length=150, blank=True)
    book = models.PositiveIntegerField()
    tender = models.CharField(max_length=8, choices=TenderCode.choices)
    is_on_grant = models.BooleanField("spends the grant", default=False)
    is_slip_shown = models.BooleanField("made without the kiosk", default=False)
    currency = models.CharField(max_length=3)
    net_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    total_minor = models.PositiveBigIntegerField()
    tax_by_rate = models.JSONField(default=dict)
    language = models.CharField(max_length=8, blank=True)
    placed_at = models.DateTimeField()
    committed_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    business_day = models.DateField()
    receipt_key = models.CharField(max_length=22, unique=True)
    envelope = models.TextField(blank=True)
    envelope_sha256 = models.CharField(max_length=64)
    fact = models.CharField("journal entry", max_length=40, blank=True)
    delivery = models.CharField(max_length=12, choices=Delivery.choices, default=Delivery.COMMITTED)
    payment = models.CharField(max_length=8, choices=Payment.choices, default=Payment.DUE)
    handover = models.CharField(max_length=12, choices=Handover.choices, default=Handover.OPEN)

    class Meta:
        ordering = ["-committed_at"]
        constraints = [
            models.CheckConstraint(condition=Q(total_minor=F("net_minor") + F("tax_minor")), name="order_adds_up"),
            models.CheckConstraint(condition=Q(delivery__in=Delivery.values), name="order_delivery_known"),
            models.CheckConstraint(condition=Q(payment__in=Payment.values), name="order_payment_known"),
            models.CheckConstraint(condition=Q(handover__in=Handover.values), name="order_handover_known"),
        ]
        indexes = [
            models.Index(fields=["-committed_at"], name="order_newest"),
            models.Index(fields=["business_day", "kiosk"], name="order_by_day"),
            models.Index(fields=["committed_at"], condition=~Q(delivery="settled"), name="order_unsettled"),
            models.Index(fields=["kiosk", "epoch"], condition=Q(is_on_grant=True), name="order_on_grant"),
        ]

    def __str__(self) -> str:
        return self.number_id


class OrderLine(models.Model):
    """One line as sold: price shown is price charged. `name` is what the shopper read."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    product_id = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    qty = models.PositiveIntegerField()
    unit_minor = models.PositiveBigIntegerField()
    rate_bp = models.PositiveIntegerField()
    discount_minor = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ["order", "position"]
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="line_once"),
            models.CheckConstraint(condition=Q(qty__gt=0), name="line_has_quantity"),
        ]

    def __str__(self) -> str:
        return f"{self.qty} × {self.name}"

    @property
    def line_minor(self) -> int:
        """What the line comes to after its discount."""
        return self.qty * self.unit_minor - self.discount_minor


class Move(models.Model):
    """One step of an order's payment or hand-over: when, and by whom. Never changed, for the journey."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="moves")
    field = models.CharField(max_length=8)
    before = models.CharField(max_length=12)
    after = models.CharField(max_length=12)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["order", "field", "after"], name="move_once")]

    def __str__(self) -> str:
        return f"{self.order_id} {self.field}: {self.before} → {self.after}"


class Transition(models.Model):
    """The moves an order's columns may make. The triggers read this table, so the database itself holds the rule."""

    field = models.CharField(max_length=8)
    before = models.CharField(max_length=12)
    after = models.CharField(max_length=12)

    FORWARD: ClassVar[dict[str, tuple[str, ...]]] = {
        "delivery": ("committed", "acknowledged", "settled"),
        "payment": ("due", "paid", "declined", "cleared"),
        "handover": ("open", "handed_over"),
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["field", "before", "after"], name="transition_once")]

    def __str__(self) -> str:
        return f"{self.field}: {self.before} → {self.after}"

    @staticmethod
    def fill(*, using: str = "default") -> None:
        """Make every move forward known, in each column from any place to any later one. Safe to repeat."""
        moves = [
            Transition(field=field, before=before, after=after)
            for field, path in Transition.FORWARD.items()
            for place, before in enumerate(path)
            for after in path[place + 1 :]
        ]
        Transition.objects.using(using).bulk_create(moves, ignore_conflicts=True)
