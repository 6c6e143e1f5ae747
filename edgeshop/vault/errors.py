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


class SealBroken(EdgeShopError):
    """A sealed secret was changed, or belongs to another key or place."""

    code = "vault.seal_broken"
    http_status = 500
    retry = Retry.ASK_STAFF


class SubjectErased(EdgeShopError):
    """What was kept of this person is not readable any more, here or from any copy."""

    code = "vault.subject_erased"
    http_status = 410
