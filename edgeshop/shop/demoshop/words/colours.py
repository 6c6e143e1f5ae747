"""Colours as words, each with the endings its language asks for."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ColourWord:
    """A colour adjective: English as is, the German stem, the Arabic masculine and feminine."""

    en: str
    de: str
    ar_m: str
    ar_f: str


COLOURS: dict[str, ColourWord] = {
    "cream": ColourWord("cream", "cremefarben", "كريمي", "كريمية"),
    "terracotta": ColourWord("terracotta", "terrakottafarben", "قرميدي", "قرميدية"),
    "mustard": ColourWord("mustard", "senfgelb", "خردلي", "خردلية"),
    "sage": ColourWord("sage green", "salbeigrün", "أخضر فاتح", "خضراء فاتحة"),
    "fir": ColourWord("forest green", "tannengrün", "أخضر داكن", "خضراء داكنة"),
    "navy": ColourWord("navy", "marineblau", "كحلي", "كحلية"),
    "sky": ColourWord("pale blue", "taubenblau", "سماوي", "سماوية"),
    "peach": ColourWord("peach", "pfirsichfarben", "خوخي", "خوخية"),
    "burgundy": ColourWord("burgundy", "weinrot", "عنابي", "عنابية"),
    "coral": ColourWord("coral", "korallenrot", "مرجاني", "مرجانية"),
    "charcoal": ColourWord("charcoal", "anthrazitgrau", "فحمي", "فحمية"),
}

_STRONG = {"m": "er", "f": "e", "n": "es", "pl": "e"}


def german(colour: str, gender: str) -> str:
    """The adjective before a noun without article, nominative: senfgelber Becher, senfgelbe Tasse."""
    return COLOURS[colour].de + _STRONG[gender]


def arabic(colour: str, gender: str) -> str:
    """The adjective that follows an indefinite noun of that gender."""
    word = COLOURS[colour]
    return word.ar_f if gender == "f" else word.ar_m


def arabic_in_colour(colour: str) -> str:
    """“In the colour …”, for duals and plurals, where the adjective would have to follow the count."""
    return "باللون " + " ".join("ال" + part for part in COLOURS[colour].ar_m.split())
