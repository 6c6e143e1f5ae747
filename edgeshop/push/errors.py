"""Why a subscription is not taken."""

from edgeshop.kernel.errors import EdgeShopError


class SubscriptionRefused(EdgeShopError):
    """The endpoint is not one that we would call, or the order is not the caller's."""

    code = "push.subscription_refused"
    http_status = 422
