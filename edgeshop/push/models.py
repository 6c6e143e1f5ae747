"""Who asked to be told, and what is to be told. A notice is a row, so a lost broker or a dead link only delays it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from edgeshop.kernel.ids import uuid7


class Subscription(models.Model):
    """One browser's push endpoint and the one thing it wants to hear of: an order, or `reviews`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    topic = models.CharField(max_length=80)
    endpoint = models.URLField(max_length=1000)
    p256dh = models.CharField(max_length=120)
    auth = models.CharField(max_length=40)
    vapid_kid = models.CharField(max_length=43, blank=True, default="")
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+")
    language = models.CharField(max_length=8, default="en")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "endpoint"], name="subscription_once")]

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
