"""An entropy coder for small numbers: range asymmetric numeral systems over counted frequencies, many lanes at once.

It comes within a few thousandths of the entropy of its tables; Huffman's codes, which zstd has, lose a twentieth on
the quantised deltas of weights. The lanes make it quick in numpy: one step codes one number on each of them.

Source: J. Duda, Asymmetric numeral systems, arXiv:1311.2540; interleaving: F. Giesen, arXiv:1402.3392.
"""

import numpy as np
from numpy.typing import NDArray

from edgeshop.kernel.deltas import sections
from edgeshop.kernel.deltas.errors import BadDelta
from edgeshop.kernel.deltas.packing import press, unpress

TOTAL_BITS = 14
TOTAL = 1 << TOTAL_BITS  # to what the frequencies of one context add up
WORD_BITS = 16  # a lane gives and takes that many at a time
LOWEST = 1 << WORD_BITS  # a lane's state is 32 bits, of which the upper half is never empty
LANES_MAX = 256
NUMBERS_PER_LANE = 2048  # a lane costs four bytes, so few numbers get few lanes

Symbols = NDArray[np.uint8]
Contexts = NDArray[np.uint8]
Tables = NDArray[np.uint32]


def encode(symbols: Symbols, contexts: Contexts) -> bytes:
    """The symbols, each under the frequencies of its context. Shapes: both [n]."""
    width, depth = int(symbols.max(initial=0)) + 1, int(contexts.max(initial=0)) + 1
    flat = contexts.astype(np.int64) * width + symbols
    rough = _rough(np.bincount(flat, minlength=width * depth).reshape(depth, width))
    frequencies = _scaled(_counts(rough))
    below = np.cumsum(frequencies, axis=1, dtype=np.uint32) - frequencies
    state, words = _fold(frequencies.ravel()[flat], below.ravel()[flat])
    table = bytes([width - 1, depth - 1]) + press(rough.tobytes())
    return sections.join([table, state.astype("<u4").tobytes() + words.astype("<u2").tobytes()])


def decode(data: bytes, contexts: Contexts) -> Symbols:
    """The symbols of `encode`, given the same contexts. Shapes: [n]. Raises: BadDelta."""
    table, body = sections.split(data, 2)
    frequencies = _read_table(table, contexts)
    lanes = lanes_for(len(contexts))
    if len(body) < 4 * lanes or len(body) % 2:
        raise BadDelta("The delta's numbers end too early.", reason="content")
    state = np.frombuffer(body, "<u4", lanes).astype(np.uint64)
    return _unfold(state, np.frombuffer(body, "<u2", offset=4 * lanes), frequencies, contexts)


def lanes_for(numbers: int) -> int:
    """On how many lanes that many numbers are coded."""
    return min(max(numbers // NUMBERS_PER_LANE, 1), LANES_MAX)


def _rough(counts: NDArray[np.int64]) -> Symbols:
    """Counts to four binary places in a byte each: eighths of a doubling, 0 for none; below 2^31."""
    doublings = np.log2(np.maximum(counts, 1)).astype(np.int64)
    eighths = np.rint(counts * 8 / (1 << doublings)).astype(np.int64) - 8
    return np.where(counts > 0, doublings * 8 + eighths + 1, 0).astype(np.uint8)


def _counts(rough: Symbols) -> NDArray[np.int64]:
    """What the bytes stand for, eightfold."""
    doublings, eighths = np.divmod(np.maximum(rough.astype(np.int64), 1) - 1, 8)
    return np.where(rough > 0, (8 + eighths) << doublings, 0)


def _scaled(counts: NDArray[np.int64]) -> Tables:
    """Frequencies that add up to TOTAL in each row that has any, none of them 0 where something was counted."""
    all_of_row = np.maximum(counts.sum(axis=1, keepdims=True), 1)
    scaled = np.where(counts > 0, np.maximum(counts * TOTAL // all_of_row, 1), 0)
    for row in (scaled[n] for n in np.flatnonzero(counts.any(axis=1))):
        while (left := TOTAL - int(row.sum())) != 0:
            largest = int(row.argmax())
            row[largest] += left if left > 0 else -1  # rounding up took at most one of each
    return scaled.astype(np.uint32)


def _read_table(table: bytes, contexts: Contexts) -> Tables:
    if len(table) < 2:
        raise BadDelta("The delta lacks a table of frequencies.", reason="content")
    width, depth = table[0] + 1, table[1] + 1
    rough = np.frombuffer(unpress(table[2:], size_bytes=width * depth), np.uint8)
    frequencies = _scaled(_counts(rough.reshape(depth, width)))
    used = np.unique(contexts)
    if len(used) and (used[-1] >= depth or not frequencies[used].any(axis=1).all()):
        raise BadDelta("The delta lacks the frequencies of a context.", reason="content")
    return frequencies


def _fold(frequencies: Tables, below: Tables) -> tuple[NDArray[np.uint64], NDArray[np.uint16]]:
    """The lanes' last states, and the words they gave in the order in which a reader wants them."""
    lanes = lanes_for(len(frequencies))
    state = np.full(lanes, LOWEST, np.uint64)
    words: list[NDArray[np.uint16]] = []
    for start in range((max(len(frequencies), 1) - 1) // lanes * lanes, -1, -lanes):
        often, at = frequencies[start : start + lanes].astype(np.uint64), below[start : start + lanes]
        held = state[: len(often)]
        is_full = held >= often << np.uint64(2 * WORD_BITS - TOTAL_BITS)
        words.append(held[is_full].astype(np.uint16))
        held[is_full] >>= np.uint64(WORD_BITS)
        quotient, rest = np.divmod(held, often)
        held[:] = (quotient << np.uint64(TOTAL_BITS)) + rest + at
    return state, np.concatenate([np.zeros(0, np.uint16), *reversed(words)])


def _unfold(state: NDArray[np.uint64], words: NDArray[np.uint16], frequencies: Tables, contexts: Contexts) -> Symbols:
    below = (np.cumsum(frequencies, axis=1, dtype=np.uint32) - frequencies).astype(np.uint64)
    often = frequencies.astype(np.uint64)
    symbol_at = _slots(frequencies)
    out = np.zeros(len(contexts), np.uint8)
    lanes, taken = len(state), 0
    for start in range(0, len(contexts), lanes):
        context = contexts[start : start + lanes]
        held = state[: len(context)]
        slot = held & np.uint64(TOTAL - 1)
        symbol = symbol_at[context, slot]
        out[start : start + lanes] = symbol
        held[:] = often[context, symbol] * (held >> np.uint64(TOTAL_BITS)) + slot - below[context, symbol]
        is_low = held < LOWEST
        more = words[taken : taken + int(is_low.sum())]
        taken += int(is_low.sum())
        if taken > len(words):
            raise BadDelta("The delta's numbers end too early.", reason="content")
        held[is_low] = held[is_low] << np.uint64(WORD_BITS) | more
    if taken != len(words) or (state != LOWEST).any():
        raise BadDelta("The delta's numbers do not come out even.", reason="content")
    return out


def _slots(frequencies: Tables) -> Symbols:
    """Which symbol owns each part of a context's total. Shapes: [contexts, TOTAL]."""
    symbol_at = np.zeros((len(frequencies), TOTAL), np.uint8)
    for row, often in zip(symbol_at, frequencies, strict=True):
        owners = np.repeat(np.arange(len(often), dtype=np.uint8), often)[:TOTAL]
        row[: len(owners)] = owners
    return symbol_at
