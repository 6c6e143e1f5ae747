"""One paintbox for the whole catalogue: eleven glazes, eight grounds and a handful of inks."""

from typing import NamedTuple


class Glaze(NamedTuple):
    """A body colour with the tone of its shaded side and of its lit edge."""

    base: str
    shade: str
    light: str


GLAZES: dict[str, Glaze] = {
    "cream": Glaze("#f3e6cd", "#dcc8a6", "#fdf6e6"),
    "terracotta": Glaze("#c4623f", "#9d4830", "#da8260"),
    "mustard": Glaze("#dfa437", "#b97f24", "#efc266"),
    "sage": Glaze("#94a98a", "#728a6b", "#b3c4a8"),
    "fir": Glaze("#2f5747", "#1f3f34", "#477361"),
    "navy": Glaze("#27406a", "#1a2c4d", "#3f5c8b"),
    "sky": Glaze("#a3c6cb", "#7ba6ae", "#c3dcde"),
    "peach": Glaze("#efb699", "#d5916f", "#f8d0ba"),
    "burgundy": Glaze("#7b2f3d", "#5a1f2d", "#9b4a56"),
    "coral": Glaze("#e1694f", "#bb4a37", "#f08d75"),
    "charcoal": Glaze("#3c3d45", "#292a31", "#585963"),
}


class Ground(NamedTuple):
    """The field behind a thing: wall and table, and the tone of the shadow it throws."""

    wall: str
    table: str
    shadow: str


GROUNDS: dict[str, Ground] = {
    "linen": Ground("#f1e7d8", "#e6d8c3", "#c9b596"),
    "blush": Ground("#f3d9cb", "#e9c6b4", "#c99a84"),
    "butter": Ground("#f5e3b5", "#ecd596", "#cdb066"),
    "mist": Ground("#d8e3e3", "#c5d5d6", "#9bb3b6"),
    "celadon": Ground("#d5dfcb", "#c4d1b8", "#9bad8d"),
    "clay": Ground("#e6b79c", "#d9a386", "#b67d61"),
    "dusk": Ground("#b9c7d3", "#a5b6c5", "#7e93a6"),
    "lilac": Ground("#e2d6dc", "#d4c4cd", "#ab97a3"),
    "sill": Ground("#f7dfa6", "#f4e4cd", "#d2b18a"),  # the hero's window sill
}

_SUITS: dict[str, tuple[str, ...]] = {
    "cream": ("clay", "dusk", "celadon", "blush"),
    "terracotta": ("mist", "butter", "linen", "celadon"),
    "mustard": ("mist", "lilac", "linen", "dusk"),
    "sage": ("blush", "linen", "butter", "lilac"),
    "fir": ("blush", "butter", "linen", "celadon"),
    "navy": ("butter", "blush", "linen", "mist"),
    "sky": ("linen", "butter", "clay", "blush"),
    "peach": ("mist", "celadon", "linen", "dusk"),
    "burgundy": ("blush", "linen", "celadon", "mist"),
    "coral": ("mist", "linen", "butter", "dusk"),
    "charcoal": ("butter", "blush", "linen", "lilac"),
}


def ground_for(colour: str, number: int) -> str:
    """A ground that lets the colour stand out; neighbours on a shelf get different ones."""
    suits = _SUITS[colour]
    return suits[number % len(suits)]


def wall(ground: str) -> str:
    """The field's colour, as the placeholder before a picture is there."""
    return GROUNDS[ground].wall
