"""The fleet's verbs."""

from edgeshop.fleet.services.client import CloudClient
from edgeshop.fleet.services.enrolment import Enrolled, adopt, enrol, new_code, revoke
from edgeshop.fleet.services.epochs import adopt_epoch, issue_epoch, notice_restore, recognise_past
from edgeshop.fleet.services.erasures import Erased, erase_subjects, replay_erasures
from edgeshop.fleet.services.keys import CLOUD_KEY, DEVICE_KEY, cloud_jwks, cloud_key, hot_key, ready_keys

__all__ = [
    "CLOUD_KEY",
    "DEVICE_KEY",
    "CloudClient",
    "Enrolled",
    "Erased",
    "adopt",
    "adopt_epoch",
    "cloud_jwks",
    "cloud_key",
    "enrol",
    "erase_subjects",
    "hot_key",
    "issue_epoch",
    "new_code",
    "notice_restore",
    "ready_keys",
    "recognise_past",
    "replay_erasures",
    "revoke",
]
