"""Why people come into the shop: occasions, what they buy then, and which motifs belong together."""

from dataclasses import dataclass

MOTIF_FAMILIES: dict[str, frozenset[str]] = {
    "sea": frozenset({"wave", "boat", "fish", "stripe"}),
    "kitchen": frozenset({"lemon", "orange", "olive", "pear", "cherry"}),
    "meadow": frozenset({"poppy", "daisy", "bee", "fern", "swallow"}),
    "night": frozenset({"moon", "star"}),
    "wood": frozenset({"mushroom", "fir", "mountain", "fern"}),
    "street": frozenset({"house", "cat", "sun"}),
    "party": frozenset({"bunting", "dot", "check", "cherry"}),
}

COLOUR_FAMILIES: dict[str, frozenset[str]] = {
    "warm": frozenset({"terracotta", "coral", "peach", "burgundy", "mustard"}),
    "cool": frozenset({"navy", "sky", "charcoal"}),
    "green": frozenset({"sage", "fir"}),
    "pale": frozenset({"cream", "peach", "sky"}),
}


@dataclass(frozen=True)
class Theme:
    """An occasion: how often it happens, which shelves it leads to, and what it favours there.

    Units: weights are relative; `forms` and `motifs` multiply a product's chance where they match.
    """

    weight: float
    shelves: dict[str, float]
    motifs: frozenset[str] = frozenset()
    forms: frozenset[str] = frozenset()
    size: tuple[float, ...] = (30, 32, 20, 11, 5, 2)
    months: frozenset[int] = frozenset()


THEMES: dict[str, Theme] = {
    "tea time": Theme(
        16,
        {"tea": 6, "mugs": 5, "textiles": 1.5, "jars": 1.5, "candles": 0.5},
        forms=frozenset({"mug", "tin", "spread", "box", "honey", "biscuit", "towel"}),
    ),
    "birthday": Theme(
        15,
        {"cards": 6, "toys": 2.5, "tea": 2, "candles": 2, "bags": 1, "mugs": 1},
        motifs=frozenset({"bunting", "cherry", "cat", "bee", "orange"}),
        forms=frozenset({"birthday", "chocolate", "pouch", "tapers"}),
    ),
    "new home": Theme(
        9,
        {"plants": 5, "cards": 3, "candles": 2.5, "prints": 2, "jars": 2, "textiles": 2},
        motifs=frozenset({"house", "olive", "sun"}),
        forms=frozenset({"home", "cushion", "vase", "pot", "framed"}),
    ),
    "new baby": Theme(
        6,
        {"toys": 5, "cards": 4, "prints": 1, "textiles": 1},
        motifs=frozenset({"moon", "star"}),
        forms=frozenset({"baby", "rattle", "rabbit", "rings", "throw"}),
    ),
    "thank you": Theme(
        10,
        {"cards": 5, "tea": 4, "soaps": 2.5, "candles": 2},
        motifs=frozenset({"poppy", "lemon", "daisy"}),
        forms=frozenset({"thanks", "chocolate", "bar", "spread"}),
    ),
    "wedding": Theme(
        4,
        {"cards": 5, "prints": 3, "jars": 2, "textiles": 1.5, "candles": 1.5},
        motifs=frozenset({"swallow", "olive"}),
        forms=frozenset({"wedding", "linocut", "vase", "throw"}),
    ),
    "quiet evening": Theme(
        9,
        {"soaps": 5, "candles": 4.5, "tea": 2, "textiles": 1},
        motifs=frozenset({"moon", "daisy"}),
        forms=frozenset({"glass", "salt", "bar"}),
    ),
    "desk": Theme(
        8,
        {"notebooks": 6, "cards": 2.5, "bags": 2.5, "prints": 1, "mugs": 1},
        forms=frozenset({"postcard", "pouch", "notebook", "pocket", "planner"}),
    ),
    "cooking": Theme(
        8,
        {"textiles": 4, "jars": 4, "notebooks": 1.5, "tea": 1.5, "bags": 1.5, "plants": 1},
        motifs=MOTIF_FAMILIES["kitchen"],
        forms=frozenset({"apron", "towel", "mitt", "storage", "recipes", "market"}),
    ),
    "green thumb": Theme(
        6,
        {"plants": 7, "jars": 1.5, "soaps": 1, "cards": 1},
        motifs=frozenset({"fern", "bee", "daisy"}),
        forms=frozenset({"pot", "can", "plant"}),
    ),
    "visitor": Theme(
        8,
        {"cards": 5, "bags": 3, "prints": 2, "tea": 2, "mugs": 1.5},
        motifs=MOTIF_FAMILIES["sea"],
        forms=frozenset({"postcard", "tote", "sheet"}),
    ),
    "christmas": Theme(
        3,
        {"cards": 5, "candles": 3.5, "tea": 3.5, "toys": 2, "jars": 1, "mugs": 1, "textiles": 1},
        motifs=frozenset({"fir", "star"}),
        forms=frozenset({"christmas", "pillar", "tapers"}),
        size=(14, 26, 26, 18, 10, 6),
        months=frozenset({10, 11, 12}),
    ),
}

SEASON = 6.0  # how much likelier an occasion is in its months; Christmas is about a third of a December
