"""What the cloud remembers of its conversations with kiosks."""

from django.db import models

from edgeshop.fleet.models import Device


class Remembered(models.Model):
    """The words a device said last, so that it need only say what is new. Losing them costs one request."""

    device = models.OneToOneField(Device, models.CASCADE, primary_key=True, related_name="+")
    words = models.BinaryField()

    def __str__(self) -> str:
        return f"words of {self.device}"


class Download(models.Model):
    """A bundle that this kiosk still has to fetch or to finish; its bytes so far lie beside the database.

    `name` is the SHA-256 of its contents in hex. Units: `size` in bytes.
    """

    name = models.CharField(max_length=64, primary_key=True)
    group = models.CharField(max_length=20)
    size = models.PositiveBigIntegerField()
    place = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return f"{self.group} {self.name[:8]}"
