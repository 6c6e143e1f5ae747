"""How much one step of a quantised row is worth: powers of 2^(1/8), the same float32 on every machine."""

import numpy as np
from numpy.typing import NDArray

PER_DOUBLING = 8
LOWEST, HIGHEST = -PER_DOUBLING * 100, PER_DOUBLING * 100  # well inside of what float32 can hold
# 2^(n/8) for n = 0..7, written down because libraries differ in their last places
_MANTISSAS = np.array(
    [
        1.0,
        1.0905077457427979,
        1.1892070770263672,
        1.2968395948410034,
        1.4142135381698608,
        1.5422108173370361,
        1.6817928552627563,
        1.8340080976486206,
    ],
    np.float32,
)

Exponents = NDArray[np.int64]


def worth(exponents: Exponents) -> NDArray[np.float32]:
    """The value of one step for each exponent. Units: the exponent counts eighths of a doubling."""
    bounded = np.clip(exponents, LOWEST, HIGHEST)
    whole, eighth = np.divmod(bounded, PER_DOUBLING)
    return np.ldexp(_MANTISSAS[eighth], whole.astype(np.int32)).astype(np.float32)


def at_least(values: NDArray[np.float64]) -> Exponents:
    """The smallest exponents whose step is worth no less than these values; LOWEST for 0."""
    exponents = np.ceil(np.log2(np.maximum(values, 2.0**-100)) * PER_DOUBLING)
    bounded: Exponents = np.clip(exponents, LOWEST, HIGHEST).astype(np.int64)
    return bounded
