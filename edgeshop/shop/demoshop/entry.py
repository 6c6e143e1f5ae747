"""One product in words before it gets a number, a price and a barcode, and the ways its name is put together."""

from dataclasses import dataclass

from edgeshop.shop.demoshop.words.colours import COLOURS, arabic, arabic_in_colour, german
from edgeshop.shop.demoshop.words.forms import Form
from edgeshop.shop.demoshop.words.motifs import MOTIFS
from edgeshop.shop.demoshop.words.say import Say
from edgeshop.shop.demoshop.words.scents import SCENTS


@dataclass(frozen=True)
class Entry:
    """A product in words, with what its picture needs: motif, colour and what is inside or grows in it."""

    form: Form
    name: Say
    tale: Say
    motif: str
    colour: str
    subject: str = ""


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _joined(*tales: Say) -> Say:
    return Say(*(" ".join(parts) for parts in zip(*tales, strict=True)))


def coloured_noun(form: Form, colour: str) -> Say:
    """The form with its colour: “Navy mug”, “Marineblauer Becher”, “كوب كحلي”."""
    ar_colour = arabic(colour, form.ar_gender)
    ar = form.name.ar.replace("{c}", ar_colour) if "{c}" in form.name.ar else f"{form.name.ar} {ar_colour}"
    de = f"{german(colour, form.de_gender)} {form.name.de}"
    return Say(_first_upper(f"{COLOURS[colour].en} {form.name.en}"), _first_upper(de), ar)


def patterned(form: Form, motif: str, colour: str) -> Entry:
    """Colour and motif: “Navy mug with swallows”."""
    noun, word = coloured_noun(form, colour), MOTIFS[motif]
    name = Say(f"{noun.en} with {word.name.en}", f"{noun.de} mit {word.name.de}", f"{noun.ar} بنقشة {word.name.ar}")
    return Entry(form, name, _joined(form.tale, word.tale), motif, colour)


def pictured(form: Form, motif: str, colour: str) -> Entry:
    """Motif alone, where the colour is nobody's reason to buy: “Birthday card with bunting”."""
    word = MOTIFS[motif]
    name = Say(
        f"{form.name.en} with {word.name.en}",
        f"{form.name.de} mit {word.name.de}",
        f"{form.name.ar} برسمة {word.name.ar}",
    )
    return Entry(form, name, _joined(word.tale, form.tale), motif, colour)


def titled(form: Form, motif: str, colour: str) -> Entry:
    """A work with a title: “Linocut “Clear Night””."""
    word = MOTIFS[motif]
    name = Say(
        f"{form.name.en} “{word.title.en}”",
        f"{form.name.de} „{word.title.de}“",
        f"{form.name.ar} «{word.title.ar}»",
    )
    return Entry(form, name, _joined(word.tale, form.tale), motif, colour)


def scented(form: Form, scent: str, colour: str) -> Entry:
    """A scent: “Scented candle, honey and oat”."""
    word = SCENTS[scent]
    name = Say(f"{form.name.en}, {word.name.en}", f"{form.name.de} {word.name.de}", f"{form.name.ar} {word.name.ar}")
    return Entry(form, name, _joined(word.tale, form.tale), word.motif, colour, scent)


def coloured(form: Form, colour: str, motif: str = "plain") -> Entry:
    """Colour alone: “Coral spinning top”."""
    return Entry(form, coloured_noun(form, colour), form.tale, motif, colour)


def coloured_set(form: Form, colour: str) -> Entry:
    """Several of a colour, where Arabic says “in the colour”: “Mustard taper candles, pair”."""
    noun = coloured_noun(form, colour)
    name = Say(noun.en, noun.de, f"{form.name.ar} {arabic_in_colour(colour)}")
    return Entry(form, name, form.tale, "plain", colour)
