"""Windows on the trade: orders with their journey, the review queue, receipt numbers, grants and seats."""

from edgeshop.checkout.admin.numbers import GrantAdmin, NumberAdmin, SeatAdmin
from edgeshop.checkout.admin.orders import OrderAdmin
from edgeshop.checkout.admin.reviews import ReviewAdmin

__all__ = ["GrantAdmin", "NumberAdmin", "OrderAdmin", "ReviewAdmin", "SeatAdmin"]
