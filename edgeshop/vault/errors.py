"""What can be wrong with keys and signatures."""

from edgeshop.kernel.errors import EdgeShopError, Retry


class BadSignature(EdgeShopError):
    """A token, request or answer is not what its key signed, or is not in the one form we accept."""

    code = "vault.bad_signature"
    http_status = 401


class WrongType(EdgeShopError):
    """A well-formed token of another kind than the place asks for; `fields` names both."""

    code = "vault.wrong_type"
    http_status = 401


class Expired(EdgeShopError):
    """Rightly signed, but outside its time; `now_s` is our clock, for a caller whose clock is wrong."""

    code = "vault.expired"
    http_status = 401
    retry = Retry.LATER


class KeyMissing(EdgeShopError):
    """This node has no key of that name."""

    code = "vault.key_missing"
    http_status = 503
    retry = Retry.ASK_STAFF


class KeystoreLocked(EdgeShopError):
    """The keys are there but do not open: another credential, or damaged files."""

    code = "vault.keystore_locked"
    http_status = 503
    retry = Retry.ASK_STAFF


class HardwareUnusable(KeystoreLocked):
    """The chip or HSM that should hold the keys is missing, refuses the PIN, or is another one; `why` is its word."""

    code = "vault.hardware_unusable"

    def __str__(self) -> str:
        why = self.fields.get("why")
        return f"{self.message} ({why})" if why else self.message


class SealBroken(EdgeShopError):
    """A sealed secret was changed, or belongs to another key or place."""

    code = "vault.seal_broken"
    http_status = 500
    retry = Retry.ASK_STAFF


class LeaseMissing(EdgeShopError):
    """This node was never given that secret, or not by its present cloud."""

    code = "vault.lease_missing"
    http_status = 503
    retry = Retry.AFTER_SYNC


class LeaseExpired(EdgeShopError):
    """The secret is here but over, or revoked: what needs it does without until a contact brings it again."""

    code = "vault.lease_expired"
    http_status = 503
    retry = Retry.AFTER_SYNC


class ArtefactsUnreachable(EdgeShopError):
    """The artefact repository did not answer; `how` says how far we got: refused, timed_out, malformed or missing."""

    code = "vault.artefacts_unreachable"
    http_status = 503
    retry = Retry.LATER


class ArtefactRefused(EdgeShopError):
    """What came is not what our keys signed, or is too old, too long or a step back; what was verified before stays."""

    code = "vault.artefact_refused"
    http_status = 502
    retry = Retry.LATER


class ClockBehind(EdgeShopError):
    """This box's clock shows an earlier time than is known to have passed; `behind_s` says by how much."""

    code = "vault.clock_behind"
    http_status = 503
    retry = Retry.ASK_STAFF


class SubjectErased(EdgeShopError):
    """What was kept of this person is not readable any more, here or from any copy."""

    code = "vault.subject_erased"
    http_status = 410
