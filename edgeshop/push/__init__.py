"""Web push: telling a shopper that the order is confirmed, and staff that a review waits."""
