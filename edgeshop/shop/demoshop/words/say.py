"""One thing said in the three languages of the demo shop."""

from typing import NamedTuple


class Say(NamedTuple):
    """The same words in English, German and Arabic."""

    en: str
    de: str
    ar: str
