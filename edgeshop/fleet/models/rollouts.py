"""A new version on its way into the fleet, stage by stage. Kept in the cloud."""

from django.db import models
from django.db.models import Q

from edgeshop.fleet.models.house import Kiosk


class RolloutState(models.TextChoices):
    """`running` until it is `done`, or `halted`: then the version before counts again."""

    RUNNING = "running"
    DONE = "done"
    HALTED = "halted"


class Rollout(models.Model):
    """One component from one version to another. A kiosk is in the cohort when its place is below `threshold`.

    `evidence`: by signal, the logarithm of the likelihood ratio of each harm that is looked for; it goes through all
    stages. `stage_evidence` is what it was when this stage began.
    """

    component = models.CharField(max_length=30)
    from_version = models.PositiveIntegerField()
    to_version = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=RolloutState.choices, default=RolloutState.RUNNING)
    stage = models.PositiveSmallIntegerField(default=0)
    threshold = models.PositiveBigIntegerField(default=0)
    started_at = models.DateTimeField()
    stage_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    started_by = models.CharField(max_length=150, blank=True)
    evidence = models.JSONField(default=dict)
    stage_evidence = models.JSONField(default=dict)
    verdict = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["component"], condition=Q(state=RolloutState.RUNNING), name="rollout_one_running"
            )
        ]

    def __str__(self) -> str:
        return f"{self.component} {self.from_version} to {self.to_version}"


class RolloutKiosk(models.Model):
    """How far a kiosk's counts were when the rollout last looked, and how often it fails usually, by signal."""

    rollout = models.ForeignKey(Rollout, models.CASCADE, related_name="kiosks")
    kiosk = models.ForeignKey(Kiosk, models.CASCADE, related_name="+")
    seen = models.JSONField(default=dict)
    usual = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rollout", "kiosk"], name="rolloutkiosk_once")]

    def __str__(self) -> str:
        return f"{self.kiosk_id} in {self.rollout_id}"


class RolloutNote(models.Model):
    """What happened to a rollout, when, by whom or by which finding."""

    rollout = models.ForeignKey(Rollout, models.CASCADE, related_name="notes")
    at = models.DateTimeField()
    what = models.CharField(max_length=20)
    detail = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.what} {self.detail}"
