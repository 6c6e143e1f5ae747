"""The fleet's verbs."""

from edgeshop.fleet.services.adoption import adopt
from edgeshop.fleet.services.begun import BEGUN_HEADER, rest_of
from edgeshop.fleet.services.client import CloudClient
from edgeshop.fleet.services.enrolment import Enrolled, enrol, enrol_by_request, new_code
from edgeshop.fleet.services.epochs import adopt_epoch, issue_epoch, notice_restore, recognise_past
from edgeshop.fleet.services.erasures import Erased, erase_subjects, replay_erasures
from edgeshop.fleet.services.exchange import ACK_HEADER, Reply
from edgeshop.fleet.services.issuers import replace_issuer, rotate_issuer, rotate_when_old
from edgeshop.fleet.services.keys import CLOUD_KEY, DEVICE_KEY, cloud_jwks, cloud_key, hot_key, ready_keys
from edgeshop.fleet.services.leases import lease, lease_before, lease_standings
from edgeshop.fleet.services.levels import note_checked_chip
from edgeshop.fleet.services.revocation import publish_revocations, revocations_version, revoke
from edgeshop.fleet.services.secrets import keep_secret, renew_vapid, revoke_secret

__all__ = [
    "ACK_HEADER",
    "BEGUN_HEADER",
    "CLOUD_KEY",
    "DEVICE_KEY",
    "CloudClient",
    "Enrolled",
    "Erased",
    "Reply",
    "adopt",
    "adopt_epoch",
    "cloud_jwks",
    "cloud_key",
    "enrol",
    "enrol_by_request",
    "erase_subjects",
    "hot_key",
    "issue_epoch",
    "keep_secret",
    "lease",
    "lease_before",
    "lease_standings",
    "new_code",
    "note_checked_chip",
    "notice_restore",
    "publish_revocations",
    "ready_keys",
    "recognise_past",
    "renew_vapid",
    "replace_issuer",
    "replay_erasures",
    "rest_of",
    "revocations_version",
    "revoke",
    "revoke_secret",
    "rotate_issuer",
    "rotate_when_old",
]
