"""What can be wrong with a contact."""

from edgeshop.kernel.errors import EdgeShopError, Retry


class Malformed(EdgeShopError):
    """The bytes are not a contact message, or not of a form that this release knows."""

    code = "sync.malformed"
    http_status = 422


class SectionFailed(EdgeShopError):
    """One section of a contact could not be handled; the others were. It is tried again at the next contact."""

    code = "sync.section_failed"
    http_status = 500
    retry = Retry.LATER


class Forgotten(EdgeShopError):
    """The cloud does not remember what the kiosk said before. The kiosk says all of it again, at once."""

    code = "sync.forgotten"
    http_status = 409
    retry = Retry.LATER


class Diverged(EdgeShopError):
    """Rows here are not as the cloud's and repairs did not help. The kiosk sells on and tries again after a day."""

    code = "sync.diverged"
    http_status = 409
    retry = Retry.ASK_STAFF


class TableMalformed(EdgeShopError):
    """These bytes are no decision table that this release can read; the table in use stays."""

    code = "sync.table_malformed"
    http_status = 422
    retry = Retry.AFTER_SYNC


class FleetInvalid(EdgeShopError):
    """The fleet file does not fit its form; `key` names the place and `expected` what belongs there."""

    code = "sync.fleet_invalid"
    http_status = 422
