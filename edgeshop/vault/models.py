"""Keys of people, wrapped: what makes a person's data unreadable when it is overwritten. No datum is in here.

A subject is one person as known here by one handle: an e-mail address, a phone number or a browser's push endpoint.
"""

import uuid

from django.db import models
from django.db.models import Q


class MonthKey(models.Model):
    """The key that wraps the keys of one month's new subjects [32], itself wrapped for this node's hardware key.

    `key_id` names that hardware key: a node with new keys begins a new month's key and cannot open the old one.
    """

    month = models.CharField(max_length=7)
    key_id = models.CharField(max_length=43)
    wrapped = models.BinaryField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["month", "key_id"], name="month_key_once")]

    def __str__(self) -> str:
        return self.month


class Subject(models.Model):
    """One person's key [32] in AES key wrap [40] under the month's; noise once erased.

    The id is random and says nothing, not even when: it is what the cloud is told when a subject is erased.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    month = models.ForeignKey(MonthKey, models.PROTECT, related_name="+")
    version = models.PositiveSmallIntegerField(default=1)
    wrapped = models.BinaryField()
    made_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["made_at"], condition=Q(erased_at__isnull=True), name="subject_kept")]

    def __str__(self) -> str:
        return str(self.pk)


class Handle(models.Model):
    """The blind index [32, hex] of what a subject is known by; gone once erased."""

    kind = models.CharField(max_length=10)
    index = models.CharField(max_length=64)
    subject = models.ForeignKey(Subject, models.CASCADE, related_name="handles")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "index"], name="handle_once")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.subject_id}"


class IndexKey(models.Model):
    """A key for blind indexes [32], sealed by this node. The first that opens is in use: one row, unless the node was
    given other hardware keys."""

    id = models.PositiveSmallIntegerField(primary_key=True, editable=False)
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"index key {self.pk}"
