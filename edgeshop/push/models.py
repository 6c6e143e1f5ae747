"""Who asked to be told, and what is to be told. A notice is a row, so a lost broker or a dead link only delays it.

How people are reached is sealed under a key of their own, on the node that they gave it to; it never travels.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from edgeshop.kernel.ids import uuid7
from edgeshop.vault.fields import EncryptedTextField


class Subscription(models.Model):
    """One browser's push endpoint and the one thing it wants to hear of: an order, or `reviews`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    topic = models.CharField(max_length=80)
    subject = models.ForeignKey("vault.Subject", models.PROTECT, related_name="+")
    endpoint = EncryptedTextField()
    p256dh = EncryptedTextField()
    auth = EncryptedTextField()
    vapid_kid = models.CharField(max_length=43, blank=True, default="")
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+")
    language = models.CharField(max_length=8, default="en")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "subject"], name="subscription_once")]

    def __str__(self) -> str:
        return self.topic


class Notice(models.Model):
    """One message for one subscription; `key` makes it once-only."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="+")
    key = models.CharField(max_length=80)
    body = models.JSONField()
    attempts = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    next_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subscription", "key"], name="notice_once")]
        indexes = [
            models.Index(
                fields=["next_at"], condition=Q(sent_at__isnull=True, given_up_at__isnull=True), name="notice_due"
            )
        ]

    def __str__(self) -> str:
        return self.key


class ContactKind(models.TextChoices):
    """How a shopper may be reached about a receipt."""

    EMAIL = "email", "e-mail"
    PHONE = "phone"


class ReceiptContact(models.Model):
    """Where one order's receipt is to go, or whom the shop may call about it; its delivery stands in the row."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(max_length=44)
    subject = models.ForeignKey("vault.Subject", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=5, choices=ContactKind.choices)
    address = EncryptedTextField()
    language = models.CharField(max_length=8, default="en")
    made_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["number", "subject"], name="contact_once")]
        indexes = [
            models.Index(
                fields=["next_at"], condition=Q(sent_at__isnull=True, given_up_at__isnull=True), name="contact_due"
            )
        ]

    def __str__(self) -> str:
        return self.number
