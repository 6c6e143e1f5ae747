"""Shops, kiosks, staff and the keys that speak for them. The cloud gives shops and kiosks their ids, never twice."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models, transaction
from django.db.models import F, Q

from edgeshop.fleet.classes import NODE_CLASSES
from edgeshop.fleet.roles import Role, apps_of, role_allows
from edgeshop.journal.services import changes

LIVE = Q(revoked_at=None, superseded_at=None)


class Shop(models.Model):
    """One shop: one currency, one time zone, one way of showing prices."""

    name = models.CharField(max_length=120)
    currency = models.CharField(max_length=3)
    exponent = models.PositiveSmallIntegerField(default=2)
    inclusive = models.BooleanField("prices include tax", default=True)
    timezone = models.CharField(max_length=60, default="UTC")
    languages = models.JSONField(default=list)
    default_language = models.CharField(max_length=8, default="en")
    region = models.CharField(max_length=40, default="home")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(exponent__lte=4), name="shop_exponent_iso4217")]

    def __str__(self) -> str:
        return self.name


class Kiosk(models.Model):
    """One box in a shop. On a kiosk there is one row with `is_self`; on the cloud there is a row for each."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    epoch = models.PositiveIntegerField(default=0)
    trust_level = models.PositiveSmallIntegerField(default=0)
    device_jwk = models.JSONField(null=True, blank=True)
    enrolled_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_contact_at = models.DateTimeField(null=True, blank=True)
    unsent_count = models.PositiveIntegerField(default=0)
    unsent_oldest_at = models.DateTimeField(null=True, blank=True)
    release = models.CharField(max_length=40, blank=True)
    is_self = models.BooleanField(default=False)
    is_epoch_stale = models.BooleanField(default=False)
    cloud_jwks = models.JSONField(default=list, blank=True)
    wrap_jwk = models.JSONField(null=True, blank=True)
    issuers_at = models.DateTimeField(null=True, blank=True)
    node_class = models.CharField(
        max_length=12, default=NODE_CLASSES[0], choices=[(name, name) for name in NODE_CLASSES]
    )
    link_grade = models.CharField("grade", max_length=1, blank=True)
    promised_gap_s = models.PositiveIntegerField("longest gap promised, s", default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["is_self"], condition=Q(is_self=True), name="kiosk_one_self")]

    def __str__(self) -> str:
        return self.name


class EnrolmentCode(models.Model):
    """A one-time code that lets a box become a kiosk. Only its hash is kept.

    `selector` is the code's beginning: who does not know it cannot use up the tries of somebody else's code.
    """

    kiosk = models.OneToOneField(Kiosk, models.CASCADE, related_name="+")
    selector = models.CharField(max_length=5, unique=True)
    code_sha256 = models.CharField(max_length=64)
    expires_at = models.DateTimeField()
    tries_left = models.PositiveSmallIntegerField(default=5)

    def __str__(self) -> str:
        return f"for {self.kiosk}"


class Device(models.Model):
    """One key that speaks, or once spoke, for a kiosk. Its number is its place in the revocation list, never reused.

    On a kiosk there is one row, its own. `last_epoch` is where a device ended that another one has superseded.
    """

    kiosk = models.ForeignKey(Kiosk, models.CASCADE, related_name="devices")
    kid = models.CharField(max_length=64, db_index=True)
    jwk = models.JSONField()
    certificate = models.TextField(blank=True)
    serial = models.CharField(max_length=40, blank=True)
    renews_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField("certificate ends", null=True, blank=True)
    enrolled_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    last_epoch = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kiosk"], condition=LIVE, name="device_one_live_per_kiosk"),
            models.UniqueConstraint(fields=["kid"], condition=LIVE, name="device_one_live_per_key"),
        ]

    def __str__(self) -> str:
        return f"device {self.pk} of {self.kiosk}"

    @property
    def is_live(self) -> bool:
        """Whether it speaks for its kiosk now."""
        return self.revoked_at is None and self.superseded_at is None


class HotKey(models.Model):
    """A short-lived key of one process of a kiosk, certified by the kiosk's device key, as the cloud has met it.

    `certificate` is what introduced it: heads of the kiosk's journal are kept with it.
    """

    kid = models.CharField(max_length=64, primary_key=True)
    kiosk = models.ForeignKey(Kiosk, models.CASCADE, related_name="+")
    device = models.ForeignKey(Device, models.CASCADE, null=True, related_name="+")
    jwk = models.JSONField()
    certificate = models.TextField(blank=True, default="")
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.kid


class LeaseSecret(models.Model):
    """One version of a secret that the cloud lends to the kiosks of a shop. Kept sealed; nobody reads it back.

    `life_s` is the hard life of a lease; its soft life is a third of that.
    """

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    name = models.CharField(max_length=63)
    ver = models.PositiveIntegerField(default=1)
    sealed = models.BinaryField()
    life_s = models.PositiveIntegerField(default=30 * 24 * 3600)
    made_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["shop", "name", "-ver"]
        constraints = [
            models.UniqueConstraint(fields=["shop", "name", "ver"], name="lease_secret_once"),
            models.CheckConstraint(condition=Q(life_s__gte=60), name="lease_secret_lives"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.ver}"


class IssuerKey(models.Model):
    """One version of the key that the cloud signs grants and answers with. Its secret half stays in the keystore.

    It is published at least a day before it is used, good for spending until every grant by it is over, and good for
    settling long after, for what was sold on those grants comes late. `vouch` is the list of trusted keys in which
    the version before this one has named it; the first version, and one after a theft, has none.
    """

    name = models.CharField(max_length=63, unique=True)
    kid = models.CharField(max_length=64, unique=True)
    jwk = models.JSONField()
    vouch = models.TextField(blank=True)
    published_at = models.DateTimeField()
    active_from = models.DateTimeField()
    spend_until = models.DateTimeField(null=True, blank=True)
    settle_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["active_from", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(published_at__lte=F("active_from")), name="issuer_published_first"),
            models.CheckConstraint(
                condition=Q(spend_until__isnull=True) | Q(spend_until__lte=F("settle_until")),
                name="issuer_settles_after_it_spends",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def state(self, at: datetime, *, in_use: bool) -> str:
        """Where this version stands: published, in use, still good for spending, settling only, or retired."""
        if in_use or at < self.active_from:
            return "in use" if in_use else "published"
        if self.spend_until is None or at < self.spend_until:
            return "spending"
        return "settling" if self.settle_until is None or at < self.settle_until else "retired"


class HandledRequest(models.Model):
    """A signed request that was handled, kept while a copy of it would still be in time."""

    device = models.ForeignKey(Device, models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "key"], name="handledrequest_once")]

    def __str__(self) -> str:
        return self.key


class RevocationList(models.Model):
    """A revocation list as the cloud signed it. The cloud keeps all of them, a kiosk the newest."""

    version = models.PositiveBigIntegerField(primary_key=True)
    token = models.TextField()
    bits = models.BinaryField()
    issued_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"version {self.version}"


class Staff(AbstractUser):
    """A person who works in the shops or runs the fleet. Kept in the cloud, known to the kiosks of their shop."""

    Role = Role

    shop = models.ForeignKey(Shop, models.PROTECT, null=True, blank=True, related_name="+")
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.ATTENDANT)

    class Meta(AbstractUser.Meta):
        verbose_name = "staff member"
        verbose_name_plural = "staff"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the row and mark it for the kiosks, whoever saves: Django's password forms call nothing else.

        A login alone is nobody's news.
        """
        with transaction.atomic():
            super().save(*args, **kwargs)
            if settings.EDGESHOP.is_ledger and set(kwargs.get("update_fields") or ()) != {"last_login"}:
                changes("staff", str(self.pk))

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """What the role allows, besides what was given by name; single permissions do not travel to the kiosks."""
        return (self.is_active and role_allows(self.role, perm)) or super().has_perm(perm, obj)

    def has_module_perms(self, app_label: str) -> bool:
        """Whether the role has anything to do in an app."""
        return (self.is_active and app_label in apps_of(self.role)) or super().has_module_perms(app_label)


class StaffPin(models.Model):
    """A person's PIN on this kiosk, and only here. Without this box's keystore there is nothing to try PINs against.

    With `lapses_at` it is a one-time number from a manager, good for setting a PIN and for nothing else.
    """

    staff = models.OneToOneField(Staff, models.CASCADE, related_name="+")
    pepper = models.BinaryField(max_length=120)
    verifier = models.CharField(max_length=200)
    set_at = models.DateTimeField()
    lapses_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"of {self.staff_id}"


class Tries(models.Model):
    """How often somebody was wrong lately. `subject` is what was tried: one person's PIN, or this box by anybody."""

    subject = models.CharField(max_length=60, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    since = models.DateTimeField()
    waits_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "tries"

    def __str__(self) -> str:
        return f"{self.subject}: {self.count}"
