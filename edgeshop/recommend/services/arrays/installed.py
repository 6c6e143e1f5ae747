"""The files of arrays in use on this node: at most one of each name, beside the recommendation table."""

from functools import lru_cache

import numpy as np

from edgeshop.kernel.deltas.recall import cosines
from edgeshop.kernel.errors import NotFound
from edgeshop.recommend.errors import ArraysMalformed
from edgeshop.recommend.services import store
from edgeshop.recommend.services.arrays import delta
from edgeshop.recommend.services.arrays.file import ArrayFile, Floats
from edgeshop.recommend.services.arrays.gates import VECTORS
from edgeshop.recommend.services.id_delta import Ids
from edgeshop.vault.services.durable_file import write_durably

NAMES = (VECTORS, "weights")  # vectors of products, by which cold ones are likened; weights of a model


def target(name: str) -> str:
    """What a file of arrays is called among the signed artefacts."""
    return f"models/{name}.npz"


def read(name: str, data: bytes) -> ArrayFile:
    """The arrays of this name's file. Raises: ArraysMalformed."""
    file = ArrayFile.from_bytes(data)
    if name == VECTORS and not _is_vectors(file):
        raise ArraysMalformed("Vectors are one array [n, d] of finite numbers, with ids [n].", reason="vectors")
    return file


def install(name: str, data: bytes) -> None:
    """Put a file in use. Raises: ArraysMalformed, and the one in use stays."""
    read(name, data)
    store.folder().mkdir(parents=True, exist_ok=True)
    write_durably(store.folder() / f"{name}.npz", data)


def installed(name: str) -> bytes:
    """The file in use, as it is. Raises: NotFound while there is none."""
    try:
        return (store.folder() / f"{name}.npz").read_bytes()
    except FileNotFoundError:
        raise NotFound("No such arrays are installed here yet.", name=name) from None


def rebuild(name: str, way: bytes) -> bytes:
    """The file that a delta makes of the one in use; nothing is installed. Raises: NotFound, BadDelta."""
    return delta.apply(way, installed(name))


def arrays_here(name: str) -> ArrayFile | None:
    """What is in use, not to be written to; None where nothing is, or where the disk has spoilt it."""
    mark = store.mark(f"{name}.npz")
    return _loaded(name, mark) if mark else None


def vectors_here() -> tuple[Ids, Floats] | None:
    """The products that have a vector, and the vectors; None where there are none. Shapes: [n] ascending, [n, d]."""
    file = arrays_here(VECTORS)
    return None if file is None or file.ids is None else (file.ids, file.arrays[VECTORS])


def nearest(product_id: int, *, k: int) -> list[int]:
    """Up to k products whose vectors point the way of this one's, nearest first; empty for one without a vector."""
    here = vectors_here()
    row = -1 if here is None else int(np.searchsorted(here[0], product_id))
    if here is None or row == len(here[0]) or here[0][row] != product_id:
        return []
    ids, near = here[0], cosines(here[1], np.array([row]))[0]
    order = np.argsort(-near, kind="stable")[:k]
    return [int(product) for product in ids[order[near[order] > 0]]]


@lru_cache(maxsize=len(NAMES))
def _loaded(name: str, _mark: store.Mark) -> ArrayFile | None:
    try:
        return read(name, installed(name))
    except (ArraysMalformed, NotFound) as error:
        store.log.warning("the installed arrays %s cannot be used: %s", name, error.fields)
        return None


def _is_vectors(file: ArrayFile) -> bool:
    vectors = file.arrays.get(VECTORS)
    if vectors is None or file.ids is None:
        return False
    return len(file.arrays) == 1 and vectors.ndim == 2 and bool(np.isfinite(vectors).all())
