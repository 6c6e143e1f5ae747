"""What the cloud remembers of its conversations with kiosks."""

from django.db import models

from edgeshop.fleet.models import Device


class Remembered(models.Model):
    """The words a device said last, so that it need only say what is new. Losing them costs one request."""

    device = models.OneToOneField(Device, models.CASCADE, primary_key=True, related_name="+")
    words = models.BinaryField()

    def __str__(self) -> str:
        return f"words of {self.device}"
