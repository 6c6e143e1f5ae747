"""Why a subscription or an address is not taken."""

from edgeshop.kernel.errors import EdgeShopError


class SubscriptionRefused(EdgeShopError):
    """The endpoint is not one that we would call, or the order is not the caller's."""

    code = "push.subscription_refused"
    http_status = 422


class ContactRefused(EdgeShopError):
    """This is no address that a receipt could go to, or the order has enough of them; `fields.problem` says which."""

    code = "push.contact_refused"
    http_status = 422


class ContactNotOffered(EdgeShopError):
    """This kiosk sends no mail, or its shop calls nobody."""

    code = "push.contact_not_offered"
    http_status = 409
