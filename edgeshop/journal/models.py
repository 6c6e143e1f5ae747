"""Facts (up), changes (down) and how far each side has come.

The same tables serve both roles: on a kiosk they hold its own journal and its outbox, on the cloud everybody's.
"""

from django.db import models
from django.db.models import Q


class Chain(models.Model):
    """The journal of one device in one epoch. `seq` and `head` are its last fact, `acked_seq` what the cloud has.

    `forked_at`: on the cloud, since when two disks tell two stories under this name.
    `moved_after`: on a kiosk, in an epoch that is over, the fact after which all were told again under a later one.
    """

    device_id = models.PositiveIntegerField()
    epoch = models.PositiveIntegerField()
    seq = models.PositiveBigIntegerField(default=0)
    head = models.BinaryField(max_length=32)
    acked_seq = models.PositiveBigIntegerField(default=0)
    is_own = models.BooleanField(default=False)
    forked_at = models.DateTimeField(null=True, blank=True)
    moved_after = models.PositiveBigIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["device_id", "epoch"], name="chain_once"),
            models.CheckConstraint(condition=Q(acked_seq__lte=models.F("seq")), name="chain_acked_within"),
        ]

    def __str__(self) -> str:
        return f"{self.device_id}/{self.epoch}"


class Record(models.Model):
    """One fact, as hashed and signed: `body` is canonical JSON and never changes.

    `outcome`: in the cloud, what became of it when it came, where that was anything but settled.
    """

    device_id = models.PositiveIntegerField()
    epoch = models.PositiveIntegerField()
    seq = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=80)
    body = models.BinaryField()
    chain = models.BinaryField(max_length=32)
    at = models.DateTimeField()
    outcome = models.CharField(max_length=12, default="", db_default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device_id", "epoch", "seq"], name="record_once")]

    def __str__(self) -> str:
        return f"{self.device_id}/{self.epoch}/{self.seq} {self.kind}"


class AuditEntry(models.Model):
    """An audit fact in the form that lists are made of. What it says is read from the fact itself, every time.

    `id` was born with the fact: one that is told again under a new epoch is the same entry.
    """

    id = models.UUIDField(primary_key=True)
    record = models.OneToOneField(Record, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=80)
    by = models.CharField(max_length=150, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-record_id"]
        verbose_name = "audit entry"
        verbose_name_plural = "audit log"
        indexes = [
            models.Index(fields=["-at"], name="audit_newest"),
            models.Index(fields=["kind", "-at"], name="audit_by_kind"),
            models.Index(fields=["by", "-at"], name="audit_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class AuditHead(models.Model):
    """How far a journal had come when its writer signed that: what was cut off since then is seen to be missing.

    `occasion` is `contact`, or the business day that was closed. `acked_seq` is how far the cloud had it by then.
    `signer` is the public key that vouches for the signature, as it was when the head was kept.
    """

    device_id = models.PositiveIntegerField()
    epoch = models.PositiveIntegerField()
    occasion = models.CharField(max_length=10)
    seq = models.PositiveBigIntegerField()
    acked_seq = models.PositiveBigIntegerField()
    chain = models.BinaryField(max_length=32)
    jws = models.TextField()
    signer = models.JSONField()
    at = models.DateTimeField()
    is_told = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device_id", "epoch", "occasion"], name="audit_head_once")]

    def __str__(self) -> str:
        return f"{self.device_id}/{self.epoch}/{self.seq} {self.occasion}"


class Quarantine(models.Model):
    """A fact that could not be applied, kept with its error until a person has looked. Nothing is ever dropped."""

    record = models.OneToOneField(Record, models.PROTECT, related_name="+")
    code = models.CharField(max_length=80)
    message = models.TextField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.record}: {self.code}"


class Change(models.Model):
    """`key` of `stream` has a new value. `seq` is given in commit order by the one sequencer, hence empty at first.

    `fields`: the names of what has changed in it, separated by spaces; empty stands for all of it.
    `known_to`: the life (epoch) of the kiosk that knows it by an acknowledgement; only its later lives are told.
    """

    stream = models.CharField(max_length=40)
    key = models.CharField(max_length=60)
    seq = models.PositiveBigIntegerField(null=True)
    fields = models.CharField(max_length=200, default="", db_default="")
    known_to = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stream", "seq"], name="change_numbered_once")]
        indexes = [
            models.Index(fields=["stream", "seq"], name="change_by_seq"),
            models.Index(fields=["id"], condition=Q(seq__isnull=True), name="change_unnumbered"),
        ]

    def __str__(self) -> str:
        return f"{self.stream}#{self.seq} {self.key}"


SEQUENCER = "sequencer"  # a stream's row that is only ever locked: one numbers and sums at a time


class Stream(models.Model):
    """How far a down stream has come: on the cloud the last number given, on a kiosk the last one applied.

    A new `epoch` tells readers that this is another database: they compare, or start again from nothing. It began at
    `seq_restored`; None in a cloud that was never put back.
    `is_summed`: the digests of its rows are kept here. On a kiosk, `told` [8] is the cloud's digest at this place,
    `verified_at` when the rows themselves were last looked at, and `mends` how often some of them were put right.
    """

    name = models.CharField(max_length=40, primary_key=True)
    epoch = models.PositiveIntegerField(default=1)
    seq = models.PositiveBigIntegerField(default=0)
    seq_restored = models.PositiveBigIntegerField(null=True)
    is_summed = models.BooleanField(default=False, db_default=False)
    told = models.BinaryField(max_length=8, null=True)
    verified_at = models.DateTimeField(null=True)
    mends = models.PositiveIntegerField(default=0, db_default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.epoch}:{self.seq}"


class RowDigest(models.Model):
    """What one row of a stream is like here, in 16 bytes. `audience`: whom it is for; 0 for everybody.

    `is_gone`: the cloud has no such row; what a kiosk keeps of it, for its old orders say, does not count.
    """

    stream = models.CharField(max_length=40)
    key = models.CharField(max_length=60)
    audience = models.PositiveIntegerField(default=0)
    digest = models.BinaryField(max_length=16)
    is_gone = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stream", "key"], name="row_digest_once")]

    def __str__(self) -> str:
        return f"{self.stream} {self.key}"

    @property
    def weight(self) -> int:
        """What the row adds to the sum of its stream."""
        return 0 if self.is_gone else int.from_bytes(bytes(self.digest))


class SetDigest(models.Model):
    """The sum, modulo 2^128, of the digests of a stream's rows for one audience."""

    stream = models.CharField(max_length=40)
    audience = models.PositiveIntegerField()
    total = models.BinaryField(max_length=16)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stream", "audience"], name="set_digest_once")]

    def __str__(self) -> str:
        return f"{self.stream} for {self.audience}"


class Repair(models.Model):
    """On a kiosk: a stream that is not as the cloud's, and how far finding out and mending have come.

    `is_verified`: the digests were taken from the rows themselves since. `buckets`: into how many the rows were parted,
    0 until the cloud has been asked; `left`: those of them that differ and are not mended yet. After some `tries` it
    rests until then, and a person is told.
    """

    stream = models.CharField(max_length=40, primary_key=True)
    since = models.DateTimeField()
    is_verified = models.BooleanField(default=False)
    tries = models.PositiveSmallIntegerField(default=0)
    buckets = models.PositiveSmallIntegerField(default=0)
    left = models.JSONField(default=list)
    mended = models.PositiveIntegerField("rows mended", default=0)
    rests_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.stream
