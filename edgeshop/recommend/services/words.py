"""How alike two products read: the cosine of their rare words. It speaks for products nobody bought yet."""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

_WORD = re.compile(r"\w+")


def similarity(texts: Sequence[str], rows: NDArray[np.int64]) -> NDArray[np.float32]:
    """Cosine of the words of some texts with those of all, a word weighing log(texts / texts that use it).

    Shapes: texts [n], rows [m] places among them, the answer is [m, n], 0 where a text meets itself. Units: 0..1.
    """
    words = [sorted(set(_WORD.findall(text.casefold()))) for text in texts]
    number = {word: place for place, word in enumerate(sorted({word for text in words for word in text}))}
    columns = np.array([number[word] for text in words for word in text], np.int64)
    ends = np.cumsum([0, *map(len, words)])
    rarity = np.log(len(texts) / np.maximum(np.bincount(columns, minlength=len(number)), 1))
    used = sparse.csr_array((rarity[columns], columns, ends), shape=(len(texts), len(number)))
    length = np.sqrt(np.asarray(used.multiply(used).sum(axis=1)).ravel())
    used = used.multiply(1 / np.maximum(length, 1e-9)[:, None]).tocsr()  # a text of common words only stays zero
    answer: NDArray[np.float32] = (used[rows] @ used.T).toarray().astype(np.float32)
    answer[np.arange(len(rows)), rows] = 0
    return answer
