"""Real transactions in the format of UCI Online Retail, made into a shop: goods, prices, stock and baskets.

`rows` reads and judges lines, `goods` gathers what they say, `words` names and sorts goods, `load` writes.
"""

from edgeshop.shop.retail.load import load
from edgeshop.shop.retail.report import Report

__all__ = ["Report", "load"]
