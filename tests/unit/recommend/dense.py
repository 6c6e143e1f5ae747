"""Vectors of products that lie in clusters, and later versions of them."""

from dataclasses import replace

import numpy as np

from edgeshop.recommend.services.arrays.file import ArrayFile

PRODUCTS, WIDTH = 600, 16


def vectors(count: int = PRODUCTS) -> ArrayFile:
    """Products 10, 13, 16 ... with unit vectors around twenty centres."""
    random = np.random.default_rng(5)
    found = random.standard_normal((20, WIDTH))[random.integers(0, 20, count)]
    found += 0.6 * random.standard_normal((count, WIDTH))
    found /= np.linalg.norm(found, axis=1, keepdims=True)
    return ArrayFile({"vectors": found.astype("f4")}, np.arange(10, 10 + 3 * count, 3, dtype="i4"))


def retrained(before: ArrayFile, seed: int, by: float = 0.1) -> ArrayFile:
    """Every number a little different."""
    old = before.arrays["vectors"]
    noise = by / np.sqrt(WIDTH) * np.random.default_rng(seed).standard_normal(old.shape)
    return replace(before, arrays={"vectors": (old + noise).astype("f4")})


def with_new_products(before: ArrayFile, seed: int) -> ArrayFile:
    """The first product is gone, five new ones stand between the old ones and behind them; the others are as before."""
    assert before.ids is not None
    new = np.array([11, 500, 503, 9000, 9001], "i4")
    ids = np.concatenate([before.ids[1:], new])
    random = np.random.default_rng(seed).standard_normal((len(new), WIDTH))
    found = np.concatenate([before.arrays["vectors"][1:], random.astype("f4")])
    order = np.argsort(ids)
    return ArrayFile({"vectors": found[order]}, ids[order])
