"""Windows on the fleet: shops, kiosks, keys, secrets on loan, and the people."""

from edgeshop.fleet.admin import keys, kiosks, people
from edgeshop.fleet.admin.base import OnCloudOnly

__all__ = ["OnCloudOnly", "keys", "kiosks", "people"]
