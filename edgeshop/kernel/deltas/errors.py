"""What can be wrong with a delta."""

from edgeshop.kernel.errors import EdgeShopError, Retry


class BadDelta(EdgeShopError):
    """This delta does not lead from what is here to what it promises; what is here stays as it was.

    `reason`: `form` (no delta that this release reads), `base` (made for something else), `content` (damaged) or
    `result` (arrives elsewhere). Whoever has the whole file takes that instead.
    """

    code = "kernel.bad_delta"
    http_status = 422
    retry = Retry.AFTER_SYNC
