"""What can be wrong with a recommendation table or its training."""

from edgeshop.kernel.errors import EdgeShopError, Retry


class TableMalformed(EdgeShopError):
    """These bytes are no table this release can read; the table in use stays. `reason` names the first fault."""

    code = "recommend.table_malformed"
    http_status = 422
    retry = Retry.AFTER_SYNC


class NothingToLearn(EdgeShopError):
    """There are neither baskets nor product texts to learn from."""

    code = "recommend.nothing_to_learn"
    http_status = 409
    retry = Retry.ASK_STAFF


class ShopTooLarge(EdgeShopError):
    """There are more products than one table can number."""

    code = "recommend.shop_too_large"
    http_status = 422
    retry = Retry.ASK_STAFF


class ArraysMalformed(EdgeShopError):
    """These bytes are no file of arrays this release can use; the one in use stays. `reason` names the first fault."""

    code = "recommend.arrays_malformed"
    http_status = 422
    retry = Retry.AFTER_SYNC
