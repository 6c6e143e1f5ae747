"""Windows on the shelves for managers. What changes anything calls a service, so that kiosks learn of it."""

from edgeshop.catalog.admin import goods, prices, stock

__all__ = ["goods", "prices", "stock"]
