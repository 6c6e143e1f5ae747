"""The fleet's verbs."""

from edgeshop.fleet.services.adoption import adopt
from edgeshop.fleet.services.client import CloudClient
from edgeshop.fleet.services.enrolment import Enrolled, enrol, enrol_by_request, new_code
from edgeshop.fleet.services.epochs import adopt_epoch, issue_epoch, notice_restore, recognise_past
from edgeshop.fleet.services.keys import CLOUD_KEY, DEVICE_KEY, cloud_jwks, cloud_key, hot_key, ready_keys
from edgeshop.fleet.services.levels import note_checked_chip
from edgeshop.fleet.services.revocation import publish_revocations, revocations_version, revoke

__all__ = [
    "CLOUD_KEY",
    "DEVICE_KEY",
    "CloudClient",
    "Enrolled",
    "adopt",
    "adopt_epoch",
    "cloud_jwks",
    "cloud_key",
    "enrol",
    "enrol_by_request",
    "hot_key",
    "issue_epoch",
    "new_code",
    "note_checked_chip",
    "notice_restore",
    "publish_revocations",
    "ready_keys",
    "recognise_past",
    "revocations_version",
    "revoke",
]
