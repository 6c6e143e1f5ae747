"""Which products pull which into a basket, as one dense matrix: two views of the same baskets, fused.

The matrices are V × V, so memory and time bound the shop, not the number of baskets: 4,000 products take seconds.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse

Matrix = NDArray[np.float32]

LENGTH_POWER = 0.4  # a basket counts by its length to this power less: wholesale lists say little per pair
RIDGE = 300.0  # EASE's penalty, in units of the mean weight of one basket line
REACH = 10  # lines further apart than this do not make a rule
BACKWARD = 0.6  # a rule read backwards is worth this much of itself
SHRINK = 5.0  # keeps a pair seen once from outranking one seen often
RULES_SHARE = 0.6  # of the rules against EASE, both scaled to rows of length 1 in the mean


def fused(baskets: Sequence[NDArray[np.int64]], *, items: int) -> Matrix:
    """How strongly each item (row) pulls each other (column) into a basket; higher is stronger, below 0 repels.

    Shapes: baskets hold item indexes below `items`, each once, in the order of entry; the answer is [items, items].
    """
    held = _incidence(baskets, items)
    answer = _unit(_ease(held))
    answer += np.float32(RULES_SHARE) * _unit(_rules(baskets, _counts(held)))
    return answer


def _incidence(baskets: Sequence[NDArray[np.int64]], items: int) -> "sparse.csr_array":
    ends = np.cumsum([0, *map(len, baskets)])
    columns = np.concatenate([np.zeros(0, np.int64), *baskets])
    return sparse.csr_array((np.ones(len(columns), np.float32), columns, ends), shape=(len(baskets), items))


def _counts(held: "sparse.csr_array") -> NDArray[np.float64]:
    return np.bincount(held.indices, minlength=held.shape[1]).astype(np.float64)


def _ease(held: "sparse.csr_array") -> Matrix:
    """Item weights of the ridge regression of every item on all others, in closed form.

    Source: H. Steck, Embarrassingly Shallow Autoencoders for Sparse Data, arXiv:1905.03375.
    """
    lines = np.diff(held.indptr)
    weighted = held.multiply(np.maximum(lines, 1)[:, None] ** -LENGTH_POWER).tocsr()
    gram: NDArray[np.float64] = (weighted.T @ weighted).toarray().astype(np.float64)
    diagonal = np.diag_indices(len(gram))
    gram[diagonal] += RIDGE * gram[diagonal].sum() / max(held.nnz, 1)
    inverse = _inverse(gram)
    inverse /= -inverse[diagonal].copy()
    inverse[diagonal] = 0
    return inverse.astype(np.float32)


def _inverse(gram: NDArray[np.float64]) -> NDArray[np.float64]:
    """The inverse of a symmetric positive definite matrix, in place, at half the work of a general one."""
    factor, _ = linalg.lapack.dpotrf(gram.T, lower=1, overwrite_a=1)  # leaves zeros above the diagonal
    half, _ = linalg.lapack.dpotri(factor, lower=1, overwrite_c=1)
    whole: NDArray[np.float64] = half + half.T
    whole[np.diag_indices(len(whole))] /= 2
    return whole


def _rules(baskets: Sequence[NDArray[np.int64]], counts: NDArray[np.float64]) -> Matrix:
    """What was entered soon after what: directed pairs weighted by 1 / distance, against how common both are."""
    seen = sparse.csr_array((len(counts), len(counts)), dtype=np.float32)
    for distance in range(1, REACH + 1):
        before = np.concatenate([np.zeros(0, np.int64), *(basket[:-distance] for basket in baskets)])
        after = np.concatenate([np.zeros(0, np.int64), *(basket[distance:] for basket in baskets)])
        near = np.full(len(before), 1 / distance, np.float32)
        seen = seen + sparse.coo_array((near, (before, after)), shape=seen.shape).tocsr()
    pairs: Matrix = (seen + np.float32(BACKWARD) * seen.T).toarray()
    np.fill_diagonal(pairs, 0)
    common = np.sqrt(counts + SHRINK).astype(np.float32)
    pairs /= common[:, None]
    pairs /= common[None, :]
    return pairs


def _unit(matrix: Matrix) -> Matrix:
    """The matrix with rows of length 1 in the root mean square; an empty one stays empty."""
    length = float(np.sqrt(np.einsum("ij,ij->", matrix, matrix, dtype=np.float64) / max(len(matrix), 1)))
    return matrix / np.float32(length) if length else matrix
