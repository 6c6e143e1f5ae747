"""Why somebody is not listened to."""

from edgeshop.kernel.errors import EdgeShopError, Retry


class NotEnrolled(EdgeShopError):
    """This box is not a kiosk yet."""

    code = "fleet.not_enrolled"
    http_status = 409
    retry = Retry.ASK_STAFF


class CodeRefused(EdgeShopError):
    """The enrolment code is wrong, used up or too old. Ask the cloud's admin for a new one."""

    code = "fleet.code_refused"
    http_status = 403
    retry = Retry.ASK_STAFF


class StillUnsent(EdgeShopError):
    """This box holds facts that the cloud has not acknowledged, and would lose the right to send them."""

    code = "fleet.still_unsent"
    http_status = 409
    retry = Retry.AFTER_SYNC


class SignatureRefused(EdgeShopError):
    """A request that should be signed by a kiosk is not, or not by one we know."""

    code = "fleet.signature_refused"
    http_status = 401


class KeyUnknown(EdgeShopError):
    """The signing key has not been met; send its certificate with the request."""

    code = "fleet.key_unknown"
    http_status = 401
    retry = Retry.LATER


class RequestReplayed(EdgeShopError):
    """This very request has been handled; a copy of it changes nothing. Whoever means it signs it anew."""

    code = "fleet.request_replayed"
    http_status = 401


class ClockWrong(EdgeShopError):
    """The request is from another time, or its key seems over or not yet good; `now_s` is the cloud's time, signed."""

    code = "fleet.clock_wrong"
    http_status = 401
    retry = Retry.LATER


class KioskRevoked(EdgeShopError):
    """The kiosk is not believed any more; its facts are still taken, into quarantine, for people to look at."""

    code = "fleet.kiosk_revoked"
    http_status = 403
    retry = Retry.ASK_STAFF


class DeviceSuperseded(EdgeShopError):
    """Another box has been enrolled in this one's place; its facts are still taken, into quarantine."""

    code = "fleet.device_superseded"
    http_status = 403
    retry = Retry.ASK_STAFF


class KeyOver(EdgeShopError):
    """A batch from long ago, by a key whose day is over: kept for people to look at, for the key may have leaked."""

    code = "fleet.key_over"
    http_status = 403
    retry = Retry.ASK_STAFF


class TrustRefused(EdgeShopError):
    """A certificate or revocation list is not what our cloud signed for us, or is older than what we have."""

    code = "fleet.trust_refused"
    http_status = 401


class NoChip(EdgeShopError):
    """Only a kiosk whose keys are in a chip can have the chip checked."""

    code = "fleet.no_chip"
    http_status = 409


class CloudUnreachable(EdgeShopError):
    """The cloud did not answer. `how` says how far we got: refused, broke_off, timed_out, malformed or not_ours.

    Only what was refused has certainly not arrived.
    """

    code = "fleet.cloud_unreachable"
    http_status = 503
    retry = Retry.LATER


class CloudRefused(EdgeShopError):
    """The cloud answered with an error of its own; `cloud_code` is its code."""

    code = "fleet.cloud_refused"
    http_status = 502
    retry = Retry.LATER


class IssuersUnvouched(EdgeShopError):
    """The cloud's list of issuer keys is not signed by a key that this kiosk trusts; enrol the kiosk again."""

    code = "fleet.issuers_unvouched"
    http_status = 403
    retry = Retry.ASK_STAFF


class RotationUnderWay(EdgeShopError):
    """The next issuer key is published already and waits for its day."""

    code = "fleet.rotation_under_way"
    http_status = 409
    retry = Retry.LATER


class PinRefused(EdgeShopError):
    """Name and PIN do not belong together on this kiosk."""

    code = "fleet.pin_refused"
    http_status = 403
    retry = Retry.ASK_STAFF


class PinWeak(EdgeShopError):
    """This PIN is one that people guess first, or is not 4 to 8 digits."""

    code = "fleet.pin_weak"
    http_status = 422


class TooManyTries(EdgeShopError):
    """Somebody was wrong too often; `wait_s` says for how long nothing is looked at."""

    code = "fleet.too_many_tries"
    http_status = 429
    retry = Retry.LATER


class NotAllowed(EdgeShopError):
    """Not by this person, or not on this tier."""

    code = "fleet.not_allowed"
    http_status = 403
    retry = Retry.ASK_STAFF


class ApprovalNeeded(EdgeShopError):
    """This takes a second person: a manager's name and PIN in the same form. `action` says for what."""

    code = "fleet.approval_needed"
    http_status = 403
    retry = Retry.ASK_STAFF


class PolicyInvalid(EdgeShopError):
    """A policy does not read: `key` is the place, `expected` what fits there, `nearest` the key that may be meant."""

    code = "fleet.policy_invalid"
    http_status = 422

    def __init__(self, message: str, key: str, expected: str, *, nearest: str = "") -> None:
        super().__init__(message, key=key, expected=expected, nearest=nearest)


class RolloutRefused(EdgeShopError):
    """This rollout cannot begin or move: another one runs, it has ended, or there is no such version."""

    code = "fleet.rollout_refused"
    http_status = 409
