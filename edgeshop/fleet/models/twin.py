"""What each kiosk should be and what it is. The first four are the cloud's, the rest a kiosk's own."""

from django.db import models

from edgeshop.fleet.models.house import Kiosk


class Policy(models.Model):
    """One version of the rules of all node classes, as it was loaded. It never changes: the database refuses."""

    version = models.PositiveIntegerField(primary_key=True)
    text = models.TextField()
    sha256 = models.CharField(max_length=64, unique=True)
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ["-version"]
        verbose_name_plural = "policies"

    def __str__(self) -> str:
        return f"policy {self.version}"


class Baseline(models.Model):
    """The version of a component that every kiosk should have which no running rollout says otherwise of."""

    component = models.CharField(max_length=30, primary_key=True)
    version = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.component} {self.version}"


class Twin(models.Model):
    """One kiosk's desired document, with the version each component last changed in; and what it last reported.

    `overrides` is laid over the policy of its class. `again` counts how often a person asked for a rejected target to
    be tried once more. `health` holds counts since the kiosk was enrolled.
    """

    kiosk = models.OneToOneField(Kiosk, models.CASCADE, primary_key=True, related_name="twin")
    version = models.PositiveIntegerField(default=0)
    targets = models.JSONField(default=dict)
    since = models.JSONField(default=dict)
    desired_at = models.DateTimeField(null=True, blank=True)
    overrides = models.TextField(blank=True)
    again = models.JSONField(default=dict)
    held_version = models.PositiveIntegerField(default=0)
    reported = models.JSONField(default=dict)
    reported_hash = models.CharField(max_length=16, blank=True)
    reported_at = models.DateTimeField(null=True, blank=True)
    health = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"twin of {self.kiosk}"


class HeldTwin(models.Model):
    """What this kiosk holds of its desired document, and the hash of the report it has told last. One row."""

    version = models.PositiveIntegerField(default=0)
    targets = models.JSONField(default=dict)
    told = models.CharField(max_length=16, blank=True)
    health = models.JSONField(default=dict)
    health_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"version {self.version}"


class Applied(models.Model):
    """The apply machine's one row per component; its columns are the fields of `Progress`."""

    component = models.CharField(max_length=30, primary_key=True)
    target = models.JSONField(null=True)
    state = models.CharField(max_length=10)
    is_begun = models.BooleanField(default=False)
    is_touched = models.BooleanField(default=False)
    at_s = models.FloatField(default=0)
    retry_at_s = models.FloatField(default=0)
    failures = models.PositiveSmallIntegerField(default=0)
    interruptions = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=200, blank=True)
    committed = models.JSONField(null=True)
    rejected = models.JSONField(default=list)

    class Meta:
        verbose_name_plural = "applied"

    def __str__(self) -> str:
        return f"{self.component} {self.state}"


class ApplyStep(models.Model):
    """A step of the apply machine, for people: it is not read back by the machine."""

    component = models.CharField(max_length=30)
    target_hash = models.CharField(max_length=16)
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=10)
    at = models.DateTimeField()
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.component} {self.version} {self.state}"


class ActivePolicy(models.Model):
    """The rules that this kiosk goes by: `active`, and `staged` for what comes next."""

    slot = models.CharField(max_length=6, primary_key=True)
    version = models.PositiveIntegerField()
    node_class = models.CharField(max_length=12)
    rules = models.JSONField()

    class Meta:
        verbose_name_plural = "active policies"

    def __str__(self) -> str:
        return f"{self.slot} {self.version}"


class Tally(models.Model):
    """How often something has happened on this kiosk since it was enrolled, and when it was last counted."""

    name = models.CharField(max_length=30, primary_key=True)
    count = models.PositiveBigIntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "tallies"

    def __str__(self) -> str:
        return f"{self.name}: {self.count}"
