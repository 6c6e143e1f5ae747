"""Search on the kiosk: every word a prefix, spelling forgiven and said. The PWA has its own; this is for the API."""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from edgeshop.catalog.models import Product
from edgeshop.catalog.queries import Card, cards, categories, current_book, sellable_products
from edgeshop.journal.services import versions

# Letters without an accent that could be taken off, which are written for one another all the same.
_LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "ٱ": "ا", "ى": "ي", "ة": "ه", "ـ": ""}
)


@dataclass(frozen=True, slots=True)
class Found:
    """One page of the matches, best first; `corrected` says how a query that finds nothing was read instead."""

    items: list[Card]
    corrected: str | None


@dataclass(frozen=True, slots=True)
class _Index:
    """Products with their folded words; the words a query may mean, with how often, and as they may be shown."""

    rows: list[tuple[int, list[str]]]
    counts: Counter[str]
    spelling: dict[str, str]


def fold(text: str) -> str:
    """Lower case, without accents, vowel signs and spelling variants: `Café` and `cafe` are one word."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def search(*, shop_id: int, query: str, lang: str, page: int = 1, size: int = 24) -> Found:
    """Products that hold every word of the query, or of what was probably meant by it. Raises: NoPriceBook."""
    book = current_book(shop_id)
    index = _index(book, versions().get("catalogue"), lang)
    wanted = [fold(word) for word in _words(query)]
    ids, corrected = _matches(index, wanted), None
    if not ids:
        meant = [_meant(word, index) for word in wanted]
        ids, corrected = _matches(index, meant), " ".join(index.spelling.get(word, word) for word in meant)
    shown = ids[(page - 1) * size : page * size]
    known = {card.product_id: card for card in cards(book, product_ids=shown, lang=lang)} if shown else {}
    return Found([known[i] for i in shown if i in known], corrected if ids else None)


@lru_cache(maxsize=6)
def _index(book: int, _catalogue: tuple[int, int, int] | None, lang: str) -> _Index:
    """The index of a price book in a language, for as long as the catalogue stays where it is."""
    shelves = {c.category_id: c.names.get(lang, "") for c in categories()}
    index = _Index([], Counter(), {})
    for product in sellable_products(book):
        written = _words(f"{product.name(lang)} {shelves.get(product.category_id, '')}")
        words = [fold(word) for word in written]
        index.counts.update(set(words))
        index.spelling.update(zip(words, (word.lower() for word in written), strict=True))
        index.rows.append((product.pk, words + _other_words(product)))
    return index


def _other_words(product: Product) -> list[str]:
    """Shoppers also read the barcode, and the language on the package."""
    names = " ".join(product.name(lang) for lang in sorted(product.texts))
    return [product.barcode, *map(fold, _words(names))]


def _words(text: str) -> list[str]:
    return "".join(c if c.isalnum() or unicodedata.combining(c) else " " for c in text).split()


def _matches(index: _Index, wanted: Sequence[str]) -> list[int]:
    """Products with a word for each one wanted; those where they stand further in front come first."""
    if not wanted:
        return []
    ranked = [(place, row) for row, (_, words) in enumerate(index.rows) if (place := _place(words, wanted)) is not None]
    return [index.rows[row][0] for _, row in sorted(ranked)]


def _place(words: Sequence[str], wanted: Sequence[str]) -> int | None:
    places = [next((i for i, word in enumerate(words) if word.startswith(want)), None) for want in wanted]
    return None if None in places else sum(place for place in places if place is not None)


def _meant(word: str, index: _Index) -> str:
    """The word of the shelf that was probably meant: a letter wrong, missing, extra or swapped, two in a long word.

    Whoever is still typing meant the beginning of a word. Of equals the more frequent one, as the PWA has it.
    """
    slips = 0 if len(word) < 3 else 1 if len(word) < 6 else 2
    if not slips or any(known.startswith(word) for _, words in index.rows for known in words):
        return word
    whole = {known: known for known in index.counts}
    begun = {known: known[: len(word)] for known in index.counts if len(known) > len(word)}
    near = [(slip, known) for known, slip in _near(word, whole, slips)]
    near += [(slip + 0.5, known) for known, slip in _near(word, begun, slips)]
    costs = ((slip + 0.25 * (known[0] != word[0]), -index.counts[known], known) for slip, known in near)
    return min(costs, default=(0, 0, word))[2]


def _near(word: str, written: dict[str, str], slips: int) -> list[tuple[str, float]]:
    found = process.extract(word, written, scorer=OSA.distance, score_cutoff=slips, limit=None)
    return [(known, slip) for _, slip, known in found]
