"""What the cloud remembers of its conversations with kiosks, what traffic costs, and when contacts are worth it."""

from django.db import models

from edgeshop.fleet.classes import NODE_CLASSES
from edgeshop.fleet.models import Device, Kiosk


class Remembered(models.Model):
    """The words a device said last, so that it need only say what is new. Losing them costs one request."""

    device = models.OneToOneField(Device, models.CASCADE, primary_key=True, related_name="+")
    words = models.BinaryField()

    def __str__(self) -> str:
        return f"words of {self.device}"


class Download(models.Model):
    """A bundle that this kiosk still has to fetch or to finish; its bytes so far lie beside the database.

    `name` is the SHA-256 of its contents in hex. Units: `size` in bytes, `before` too: of the files that have been
    taken since the first was told.
    """

    name = models.CharField(max_length=64, primary_key=True)
    group = models.CharField(max_length=20)
    size = models.PositiveBigIntegerField()
    place = models.PositiveSmallIntegerField()
    before = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.group} {self.name[:8]}"


class Moved(models.Model):
    """Bytes of one stream on links of one grade, and what they cost in millionths of a millionth of the currency."""

    stream = models.CharField(max_length=30)
    grade = models.CharField(max_length=1)
    up_bytes = models.PositiveBigIntegerField(default=0)
    down_bytes = models.PositiveBigIntegerField(default=0)
    cost_pico = models.PositiveBigIntegerField(default=0)

    class Meta:
        abstract = True


class Egress(Moved):
    """On a kiosk: an hour's traffic, of days that are over for long a whole day's. It never counts back."""

    hour = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hour", "stream", "grade"], name="egress_one_per_hour")]
        verbose_name_plural = "egress"

    def __str__(self) -> str:
        return f"{self.stream} {self.grade} {self.hour:%Y-%m-%d %H} h"


class DayEgress(Moved):
    """In the cloud: a kiosk's traffic of one day (UTC), as it told it last."""

    kiosk = models.ForeignKey(Kiosk, models.CASCADE, related_name="+")
    on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kiosk", "on", "stream", "grade"], name="day_egress_one")]
        verbose_name_plural = "day egress"

    def __str__(self) -> str:
        return f"{self.stream} {self.grade} {self.on}"


class PricedTable(models.Model):
    """A class's decision table at one price of money; `place` 0 is the one that spends most.

    `day_bytes` and `day_usd` are what a node is expected to spend on a day by it.
    """

    node_class = models.CharField(max_length=12, choices=[(name, name) for name in NODE_CLASSES])
    place = models.PositiveSmallIntegerField()
    mu = models.FloatField()
    table = models.BinaryField()
    day_bytes = models.FloatField()
    day_usd = models.FloatField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["node_class", "place"], name="table_one_per_price")]
        ordering = ["node_class", "place"]

    def __str__(self) -> str:
        return f"{self.node_class} {self.place}"


class LinkAccount(models.Model):
    """In the cloud: how a kiosk's traffic is kept under its cap. `mark` is that of what it told last.

    `spent_pct` is of the month's cap, 0 without one; `place` that of the table it goes by.
    """

    kiosk = models.OneToOneField(Kiosk, models.CASCADE, primary_key=True, related_name="link_account")
    mark = models.BinaryField(default=bytes)
    currency = models.CharField(max_length=3, blank=True)
    spent_pct = models.FloatField("share of the cap", default=0)
    place = models.PositiveSmallIntegerField(null=True, blank=True)
    steered_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = "egress of a kiosk"
        verbose_name_plural = "egress"

    def __str__(self) -> str:
        return f"egress of {self.kiosk}"


class HeldTable(models.Model):
    """On a kiosk: the decision table that counts. One row, or none."""

    table = models.BinaryField()
    taken_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"table of {self.taken_at:%Y-%m-%d}"
