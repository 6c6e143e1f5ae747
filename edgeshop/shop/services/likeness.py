"""A picture for a product that came without one: the nearest thing the demo's illustrator can draw, by its name."""

from dataclasses import replace
from functools import cache

from edgeshop.shop.demoshop.catalogue import demo_products
from edgeshop.shop.demoshop.pictures import PictureSpec
from edgeshop.shop.demoshop.pictures.palette import ground_for

_WORDS = {
    "mug": ("mug", "cup", "teapot", "teaset", "bowl", "plate", "saucer", "glass"),
    "jar": ("jar", "bottle", "vase", "tin", "box", "storage", "drawer", "jug", "canister", "frame", "clock"),
    "card": ("card", "wrap", "gift", "tag", "sticker", "tissue", "paper", "bunting", "sign"),
    "candle": ("candle", "t-light", "light", "lantern", "holder", "lamp", "incense"),
    "bag": ("bag", "jumbo", "purse", "wallet", "lunch", "shopper", "suitcase", "umbrella"),
    "print": ("print", "poster", "art", "mirror", "wall", "hanging"),
    "textile": ("cushion", "apron", "towel", "cloth", "rug", "throw", "blanket", "doormat", "mat", "napkin"),
    "toy": ("toy", "doll", "game", "children", "kids", "dinosaur", "robot", "spaceboy", "circus", "puppet"),
    "notebook": ("notebook", "book", "pencil", "pen", "diary", "sketch", "ruler", "journal"),
    "plant": ("plant", "pot", "garden", "flower", "herb", "seed", "tree", "wreath", "rose"),
    "soap": ("soap", "bath", "sponge", "wash", "lip", "hand", "hook"),
    "tea": ("tea", "cake", "chocolate", "sweet", "biscuit", "baking", "jelly", "food", "kitchen", "recipe"),
}
_COLOURS = {
    "cream": ("white", "ivory", "cream", "vintage"),
    "coral": ("red", "pink", "ruby"),
    "navy": ("blue", "navy", "night"),
    "sage": ("green", "leaf"),
    "mustard": ("gold", "yellow"),
    "charcoal": ("black", "slate", "silver", "metal"),
    "sky": ("sky", "baby", "clear"),
}


@cache
def _specs() -> dict[str, list[PictureSpec]]:
    by_family: dict[str, list[PictureSpec]] = {}
    for product in demo_products():
        by_family.setdefault(product.picture.family, []).append(product.picture)
    return by_family


def _named(words: dict[str, tuple[str, ...]], name: str) -> str | None:
    """The entry whose word stands last in the name: in "tea light holder" the thing is the holder."""
    tokens = name.lower().replace(",", " ").split()
    hits = [(i, key) for key, known in words.items() for i, t in enumerate(tokens) if _is_one_of(t, known)]
    return max(hits)[1] if hits else None


def _is_one_of(token: str, known: tuple[str, ...]) -> bool:
    """Whether it is one of the words, or several of one."""
    return not {token, token.removesuffix("s"), token.removesuffix("es")}.isdisjoint(known)


def likeness(name: str, number: int) -> PictureSpec:
    """What to draw for a product called so. The same name and number always give the same drawing."""
    families = _specs()
    family = _named(_WORDS, name) or sorted(families)[number % len(families)]
    like = families[family][number % len(families[family])]
    fits = sorted({spec.colour for spec in families[family] if spec.form == like.form})  # what the form was drawn for
    named = _named(_COLOURS, name)
    colour = named if named in fits else fits[number * 7 % len(fits)]
    return replace(like, colour=colour, ground=ground_for(colour, number), variant=number)
