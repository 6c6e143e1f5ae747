"""How the neighbours of all rows of a table changed: which are lost, whose weight moved, which are new.

A neighbour is a key, row × 65,536 + item index + 1; the keys of a table ascend as its file does.
"""

import numpy as np
from numpy.typing import NDArray

from edgeshop.kernel.deltas import BadDelta, integers, sections
from edgeshop.recommend.services.alignment import Aligned, rescaled
from edgeshop.recommend.services.table import Table

_ROW = 16  # bits of an item index below the row number
_LOW = 6  # bits of an item index that are as good as random
_STRENGTHS = 8  # of an old neighbour: doublings of its weight

Keys = NDArray[np.int64]
Columns = tuple[NDArray[np.uint16], NDArray[np.uint8]]


def encode(old: Aligned, new: Table) -> bytes:
    """What changed. Shapes: both tables in one numbering and of one width."""
    old_keys, old_weights = _old(old, new.ws)
    rows, places = np.nonzero(new.nid)
    new_keys = _keys(rows, new.nid[rows, places])
    new_weights = new.w8[rows, places].astype(np.int64)
    is_lost, is_new = ~np.isin(old_keys, new_keys), ~np.isin(new_keys, old_keys)
    contexts = _contexts(old_keys, old_weights, old)
    moved = new_weights[~is_new] - old_weights[~is_lost]
    come = new_keys[is_new]
    come_tiers = _tiers(come, old)
    counts = np.bincount(come >> _ROW, minlength=len(old.tier))
    item = come & (1 << _ROW) - 1
    parts = [
        integers.encode(is_lost.astype(np.int64), contexts),
        integers.encode(moved, contexts[~is_lost]),
        integers.encode(counts, old.tier.astype(np.uint8)),
        integers.encode(item >> _LOW, np.zeros(len(come), np.uint8)),
        integers.encode(item & (1 << _LOW) - 1, np.zeros(len(come), np.uint8)),
        integers.encode(new_weights[is_new], come_tiers),
    ]
    return sections.join(parts)


def decode(data: bytes, old: Aligned, ws: NDArray[np.float32]) -> Columns:
    """The columns nid and w8 of the new table, given its row scales. Raises: BadDelta."""
    lost_data, moved_data, counts_data, high_data, low_data, weights_data = sections.split(data, 6)
    old_keys, old_weights = _old(old, ws)
    contexts = _contexts(old_keys, old_weights, old)
    stays = integers.decode(lost_data, contexts) == 0
    kept_weights = old_weights[stays] + integers.decode(moved_data, contexts[stays])
    counts = integers.decode(counts_data, old.tier.astype(np.uint8))
    if (counts < 0).any() or (counts > old.nid.shape[1]).any():
        raise BadDelta("The delta adds more neighbours than a row holds.", reason="content")
    rows = np.repeat(np.arange(len(counts)), counts)
    plain = np.zeros(len(rows), np.uint8)
    item = (integers.decode(high_data, plain) << _LOW) + integers.decode(low_data, plain)
    come = _keys(rows, item)
    weights = integers.decode(weights_data, _tiers(come, old))
    return _columns(np.concatenate([old_keys[stays], come]), np.concatenate([kept_weights, weights]), old)


def _old(old: Aligned, ws: NDArray[np.float32]) -> tuple[Keys, NDArray[np.int64]]:
    """The old neighbours and their weights in the new row scales, ascending. Shapes: [n] both."""
    rows, places = np.nonzero(old.nid)
    keys = _keys(rows, old.nid[rows, places])
    order = np.argsort(keys)
    return keys[order], rescaled(old.w8, old.ws, ws)[rows, places][order]


def _keys(rows: NDArray[np.int64], nid: NDArray[np.integer]) -> Keys:
    keys: Keys = (rows.astype(np.int64) << _ROW) + nid
    return keys


def _tiers(keys: Keys, old: Aligned) -> NDArray[np.uint8]:
    tiers: NDArray[np.uint8] = old.tier[keys >> _ROW].astype(np.uint8)
    return tiers


def _contexts(keys: Keys, weights: NDArray[np.int64], old: Aligned) -> NDArray[np.uint8]:
    strength = np.searchsorted(1 << np.arange(1, _STRENGTHS), weights, side="right")
    return (_tiers(keys, old) * _STRENGTHS + strength).astype(np.uint8)


def _columns(keys: Keys, weights: NDArray[np.int64], old: Aligned) -> Columns:
    """Rows of a table, filled places first and ascending. Raises: BadDelta when they do not fit."""
    order = np.argsort(keys)
    rows, item, weights = keys[order] >> _ROW, keys[order] & (1 << _ROW) - 1, weights[order]
    counts = np.bincount(rows, minlength=len(old.tier))
    if len(counts) > len(old.tier) or (counts > old.nid.shape[1]).any() or ((weights < 0) | (weights > 255)).any():
        raise BadDelta("The delta's neighbours do not fit into their rows.", reason="content")
    place = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
    nid, w8 = np.zeros(old.nid.shape, np.uint16), np.zeros(old.nid.shape, np.uint8)
    nid[rows, place], w8[rows, place] = item, weights
    return nid, w8
