"""Vectors of products and weights of models as signed artefacts: float32 arrays in one file, sent on as deltas.

What a version is good for is the publisher's to say (`publishing`, `gates`); a kiosk checks digests only.
"""

from edgeshop.recommend.services.arrays.installed import NAMES, arrays_here, nearest, target, vectors_here

__all__ = ["NAMES", "arrays_here", "nearest", "target", "vectors_here"]
