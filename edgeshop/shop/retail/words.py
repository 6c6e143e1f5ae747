"""From the words of a description: a name to read, a shelf to stand on, a colour, a barcode."""

import re
from dataclasses import dataclass
from hashlib import sha256

from edgeshop.shop.demoshop.barcode import ean13_check_digit

_SMALL = {"a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"}
_UPPER = {"LED", "DIY", "USB", "UK", "TV", "CD", "DVD", "3D", "VIP", "WC", "ABC", "NYC", "DOF", "II"}
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_MEASURE = re.compile(r"\d+(?:\.\d+)?(?:cm|mm|m|kg|g|l|ml|pc|pcs|x\d+)*(?:cm|mm|m|g|l|ml)?", re.IGNORECASE)


def readable(description: str) -> str:
    """A description as a shop would print it: `WHITE HEART OF WICKER` becomes `White Heart of Wicker`."""
    text = " ".join(description.strip("*.,;/ ").split()).replace(" ,", ",")
    return re.sub(r",(?=\S)", ", ", _WORD.sub(lambda found: _cased(found[0], is_first=found.start() == 0), text))


def _cased(word: str, *, is_first: bool) -> str:
    if word.upper() in _UPPER:
        return word.upper()
    if _MEASURE.fullmatch(word) or (word.lower() in _SMALL and not is_first):
        return word.lower()
    return word[0].upper() + word[1:].lower()


@dataclass(frozen=True, slots=True)
class Shelf:
    """A category: its names, the nouns that belong on it, and its ground colour."""

    slug: str
    names: dict[str, str]
    colour: str
    nouns: frozenset[str]


def _shelf(slug: str, en: str, de: str, ar: str, colour: str, nouns: str) -> Shelf:
    return Shelf(slug, {"en": en, "de": de, "ar": ar}, colour, frozenset(nouns.split()))


SHELVES = [
    _shelf(
        "home-decor", "Home & decoration", "Wohnen & Deko", "ديكور المنزل", "#a89584",
        "frame frames mirror sign clock ornament plaque art picture bell cherub",
    ),
    _shelf(
        "candles-lights", "Candles & lights", "Kerzen & Licht", "شموع وإضاءة", "#d9a441",
        "candle candles light lights lantern lamp lampshade candleholder candlestick votive chandelier torch",
    ),
    _shelf(
        "kitchen-baking", "Kitchen & baking", "Küche & Backen", "المطبخ والخَبز", "#b5563c",
        "cake cakes cakestand cases baking jar jars recipe kitchen oven apron mould moulds pantry spice biscuit scales "
        "measuring pan egg tin tins jam jelly cutter cutters colander spoon spoons bread butter frying food sieve mitt "
        "cannister canister bakeware cookie cupcake whisk grater",
    ),
    _shelf(
        "table", "Tea & table", "Tee & Tisch", "الشاي والمائدة", "#4f7a8a",
        "cup cups mug mugs plate plates bowl bowls teapot saucer cutlery glass glasses tumbler jug dish dishes coaster "
        "coasters placemat placemats tray tea coffee beaker bottle lunch picnic flask straws teatime carafe goblet "
        "decanter snack cruet breakfast dinner teaset platter",
    ),
    _shelf(
        "bags", "Bags & purses", "Taschen & Börsen", "حقائب ومحافظ", "#8a4f7a",
        "bag bags shopper purse handbag washbag tote luggage wallet rucksack backpack suitcase case passport satchel",
    ),
    _shelf(
        "cards-paper", "Cards & stationery", "Karten & Papier", "بطاقات وقرطاسية", "#5b6fa8",
        "card cards wrap ribbon ribbons tag tags sticker stickers tape notebook notebooks pencil pencils pen pens "
        "journal sketchbook ruler eraser erasers calendar book magnet magnets calculator office notepad sharpener "
        "chalk chalkboard blackboard stamp memo paper envelope gift postcard letter invites tissue",
    ),
    _shelf(
        "parties-seasons", "Parties & seasons", "Feste & Jahreszeiten", "الحفلات والمواسم", "#b03a48",
        "christmas xmas santa reindeer snowflake snowman advent easter noel halloween bauble baubles stocking rudolph "
        "wreath holly bunting garland garlands balloon balloons party napkin napkins doily doilies doiley birthday "
        "honeycomb confetti decoration decorations streamer pinata",
    ),
    _shelf(
        "toys-crafts", "Toys & crafts", "Spielen & Basteln", "ألعاب وحِرف", "#e07b54",
        "toy toys game games doll dolls puzzle puzzles jigsaw playing playhouse childrens childs child kids baby "
        "spaceboy dolly skipping soldier soldiers train teddy dinosaur feltcraft kit craft sewing knitting yo marbles "
        "magic spinning circus dominoes snap puppet puppets tractor rocket robot crayons painting harmonica whistle",
    ),
    _shelf(
        "jewellery", "Jewellery & accessories", "Schmuck & Accessoires", "مجوهرات وإكسسوارات", "#a9845c",
        "necklace necklaces necklac neckl bracelet earrings earring ring rings brooch bangle pendant hair hairclip "
        "hairclips hairslide tiara diamante charm charms bead beads beaded jewellery keyring keyrings umbrella scarf "
        "gloves sunglasses choker lariat",
    ),
    _shelf(
        "garden", "Garden & outdoors", "Garten & Draußen", "الحديقة والهواء الطلق", "#5f8a4f",
        "garden plant planter planters herb watering birdhouse feeder seed seeds parasol gnome bucket pot pots "
        "trowel spade picket hammock flowerpot greenhouse windmill thermometer barbecue bbq",
    ),
    _shelf(
        "storage", "Storage & furniture", "Ordnung & Möbel", "التخزين والأثاث", "#7d7461",
        "box boxes basket baskets drawer drawers cabinet hook hooks hanger hangers storage chest shelf shelves rack "
        "knob knobs bin organiser tidy table chair stool crate trinket doorstop letterbox ladder wardrobe",
    ),
    _shelf(
        "textiles-bath", "Textiles & bath", "Textilien & Bad", "منسوجات وحمّام", "#6f9a94",
        "cushion cushions throw blanket towel towels rug doormat mat curtain quilt bath bathroom soap soaps warmer "
        "slippers slipper flannel incense lavender cosy pad tissues bedding pillow balm perfume scented shower sponge "
        "socks",
    ),
]  # fmt: skip
_REST = SHELVES[0]
_SEASONS = next(shelf for shelf in SHELVES if shelf.slug == "parties-seasons")
_SEASONAL = {"christmas", "xmas", "santa", "easter", "advent", "halloween", "bauble", "snowman", "reindeer"}
_OF = {noun: shelf for shelf in SHELVES for noun in shelf.nouns}
_PHRASES = [
    (re.compile(pattern), next(s for s in SHELVES if s.slug == slug))
    for pattern, slug in [
        ("hot water bottle", "textiles-bath"),
        ("(gift|paper) bag", "cards-paper"),
        ("tea towel", "kitchen-baking"),
        ("wall art", "home-decor"),
        ("key ring", "jewellery"),
        ("paper chain|paper lantern", "parties-seasons"),
        ("phone charm|luggage tag", "bags"),
        ("egg cup", "table"),
        ("drawer liner", "storage"),
        ("cake candle", "parties-seasons"),
        ("t-light|tea ?light", "candles-lights"),
        ("photo|picture", "home-decor"),
    ]
]


def shelf_of(name: str) -> Shelf:
    """The shelf a product stands on: what the season says, then a known phrase, then its last known noun.

    English puts the thing last (`RED SPOT CHARLOTTE BAG`); a pattern that follows it ends in DESIGN and is left out.
    """
    text = re.sub(r"\S+ (design|pattern|print)$", "", name.lower())
    words = re.findall(r"[a-z]+", text)
    if _SEASONAL & set(words):
        return _SEASONS
    for phrase, shelf in _PHRASES:
        if phrase.search(text):
            return shelf
    return next((_OF[word] for word in reversed(words) if word in _OF), _REST)


_COLOURS = {
    "red": "#b83a3a", "retrospot": "#c0392b", "pink": "#d9799a", "rose": "#c9687f", "blue": "#4a6fa5",
    "green": "#5f8a4f", "yellow": "#dcb23c", "orange": "#d9823b", "purple": "#7a5a9a", "lilac": "#a58bb8",
    "black": "#3b3b3f", "white": "#e4e0d8", "ivory": "#e8dfc8", "cream": "#e6d9b8", "silver": "#b4b8bd",
    "gold": "#c2a14d", "brown": "#84603f", "turquoise": "#4aa3a0", "zinc": "#9aa0a3", "wood": "#a67c52",
    "wooden": "#a67c52", "copper": "#b06a43", "amethyst": "#8d6aa8", "mint": "#8cc3a5", "lavender": "#9a86b8",
    "strawberry": "#cc4b57", "vintage": "#b79a78", "slate": "#5a6168", "amber": "#cf8f2e", "chocolate": "#5e4130",
}  # fmt: skip


def colour_of(name: str, sku: str) -> str:
    """The colour a name speaks of; else the shelf's, a little lighter or darker by article code."""
    for word in re.findall(r"[a-z]+", name.lower()):
        if word in _COLOURS:
            return _COLOURS[word]
    ground = shelf_of(name).colour
    shift = sha256(sku.encode()).digest()[0] % 41 - 20
    return "#" + "".join(f"{min(255, max(0, int(ground[i : i + 2], 16) + shift)):02x}" for i in (1, 3, 5))


def barcode_of(code: str) -> str:
    """An EAN-13 for use inside a shop, the same for the same article code: five digits, then two per letter."""
    letters = [ord(letter) - ord("A") + 1 for letter in code[5:]]
    body = "220" + code[:5] + "".join(f"{n:02d}" for n in (*letters, 0, 0)[:2])
    return body + ean13_check_digit(body)
