"""Which products could stand in for one another: their rows of the table pull the same things."""

import numpy as np

from edgeshop.recommend.services.table import Table


def similar(table: Table, product_id: int, *, k: int) -> list[int]:
    """Up to k products whose row points the same way as this one's, nearest first; empty for an unknown product.

    Source: cosine of the rows. A row does not count its own product, so what is bought together is not thereby alike.
    """
    item = int(np.searchsorted(table.product_ids, product_id))
    if item == table.rows or table.product_ids[item] != product_id:
        return []
    weights = table.w8.astype(np.float32)
    profile = np.zeros(table.rows + 1, np.float32)
    profile[table.nid[item]] = weights[item]
    profile[0] = 0
    shared = (weights * profile[table.nid]).sum(axis=1)
    length = np.sqrt((weights * weights).sum(axis=1))
    near = shared / np.maximum(length, 1)
    near[item] = 0
    order = np.argsort(-near, kind="stable")[:k]
    return [int(product) for product in table.product_ids[order[near[order] > 0]]]
