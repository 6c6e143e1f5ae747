"""Windows on the fleet: shops, kiosks, keys, secrets on loan, the people; classes, twins and rollouts."""

from edgeshop.fleet.admin import keys, kiosks, people, policies, rollouts, twins
from edgeshop.fleet.admin.base import OnCloudOnly

__all__ = ["OnCloudOnly", "keys", "kiosks", "people", "policies", "rollouts", "twins"]
