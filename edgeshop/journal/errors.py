"""What can be wrong with a journal."""

from edgeshop.kernel.errors import EdgeShopError, Retry


class ChainGap(EdgeShopError):
    """Facts are missing before the first one of a batch; `acked_seq` says where to go on."""

    code = "journal.chain_gap"
    http_status = 409
    retry = Retry.LATER


class ChainFork(EdgeShopError):
    """A fact does not follow from the ones before it: the journal was copied, restored or edited."""

    code = "journal.chain_fork"
    http_status = 409
    retry = Retry.ASK_STAFF


class FactEarly(EdgeShopError):
    """A fact speaks of one that has not come yet; it is kept aside and applied when that has."""

    code = "journal.fact_early"
    http_status = 409
    retry = Retry.AFTER_SYNC


class NoChain(EdgeShopError):
    """This device has no journal yet; it must be enrolled first."""

    code = "journal.no_chain"
    http_status = 409
    retry = Retry.ASK_STAFF


class FactsUnreadable(EdgeShopError):
    """Facts came in a short form that cannot be restored here. The kiosk says them plainly at its next contact."""

    code = "journal.facts_unreadable"
    http_status = 422
    retry = Retry.LATER
