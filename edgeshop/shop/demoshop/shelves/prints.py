"""Prints and linocuts for the wall."""

from edgeshop.shop.demoshop.entry import Entry, titled
from edgeshop.shop.demoshop.words.forms import Form
from edgeshop.shop.demoshop.words.say import Say

A4 = Form(
    key="sheet",
    family="print",
    name=Say("Art print", "Kunstdruck", "لوحة مطبوعة"),
    tale=Say(
        "A4, pigment ink on 240 g cotton paper, rolled in a tube.",
        "A4, Pigmentdruck auf 240-g-Baumwollpapier, gerollt in der Hülse.",
        "مقاس A4 بحبر صبغي على ورق قطني 240 غرامًا، ملفوفة في أنبوب.",
    ),
    price=(1490, 1990),
    ar_gender="f",
)
FRAMED = Form(
    key="framed",
    family="print",
    name=Say("Framed print", "Gerahmter Druck", "لوحة مؤطّرة"),
    tale=Say(
        "30 by 40 cm in a solid oak frame with a mount; ready to hang.",
        "30 × 40 cm im massiven Eichenrahmen mit Passepartout; fertig zum Aufhängen.",
        "30 × 40 سم في إطار من خشب البلوط مع حاشية ورقية، جاهزة للتعليق.",
    ),
    price=(4900, 6900),
    ar_gender="f",
    policy="backorder",
    stock=(0, 4),
)
LINOCUT = Form(
    key="linocut",
    family="print",
    name=Say("Linocut", "Linolschnitt", "طبعة لينو"),
    tale=Say(
        "Printed by hand in an edition of 40, numbered and signed in pencil.",
        "Von Hand gedruckt in einer Auflage von 40, nummeriert und mit Bleistift signiert.",
        "طُبعت يدويًا في 40 نسخة مرقّمة وموقّعة بقلم الرصاص.",
    ),
    price=(5800, 8900),
    ar_gender="f",
    policy="strict",
    stock=(1, 6),
)

PICKS = [
    (A4, "lemon", "sky"),
    (A4, "boat", "peach"),
    (A4, "poppy", "sage"),
    (A4, "house", "sky"),
    (A4, "pear", "mustard"),
    (A4, "fern", "cream"),
    (A4, "bee", "mustard"),
    (A4, "stripe", "coral"),
    (FRAMED, "mountain", "peach"),
    (FRAMED, "wave", "navy"),
    (FRAMED, "sun", "cream"),
    (FRAMED, "olive", "terracotta"),
    (FRAMED, "mushroom", "fir"),
    (FRAMED, "orange", "navy"),
    (LINOCUT, "swallow", "cream"),
    (LINOCUT, "moon", "navy"),
    (LINOCUT, "cat", "mustard"),
    (LINOCUT, "fish", "sky"),
    (LINOCUT, "fir", "cream"),
    (LINOCUT, "cherry", "peach"),
    (LINOCUT, "star", "charcoal"),
    (LINOCUT, "daisy", "coral"),
]


def entries() -> list[Entry]:
    """Everything on this shelf, in the order it is shown."""
    return [titled(form, motif, colour) for form, motif, colour in PICKS]
