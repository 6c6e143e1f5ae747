"""Bags made of cotton and canvas."""

from edgeshop.shop.demoshop.entry import Entry, patterned
from edgeshop.shop.demoshop.words.forms import Form
from edgeshop.shop.demoshop.words.say import Say

TOTE = Form(
    key="tote",
    family="bag",
    name=Say("tote bag", "Stofftasche", "حقيبة قماشية"),
    tale=Say(
        "Organic cotton with long handles, screen-printed by hand; carries twelve kilos.",
        "Biobaumwolle mit langen Henkeln, von Hand im Siebdruck bedruckt; trägt zwölf Kilo.",
        "قطن عضوي بمقابض طويلة وطباعة يدوية، تحمل حتى اثني عشر كيلوغرامًا.",
    ),
    price=(1490, 1990),
    de_gender="f",
    ar_gender="f",
)
MARKET = Form(
    key="market",
    family="bag",
    name=Say("market bag", "Markttasche", "حقيبة تسوّق"),
    tale=Say(
        "Stiff canvas that stands by itself while you fill it, with a pocket for the keys.",
        "Fester Canvas, der beim Füllen von allein steht, mit einem Fach für den Schlüssel.",
        "قماش متين يقف وحده أثناء ملئها، مع جيب للمفاتيح.",
    ),
    price=(2990, 3990),
    de_gender="f",
    ar_gender="f",
)
POUCH = Form(
    key="pouch",
    family="bag",
    name=Say("zip pouch", "Reißverschlusstasche", "محفظة {c} بسحّاب"),
    tale=Say(
        "Lined, 22 by 15 cm, with a brass zip; for pencils, plasters or small change.",
        "Gefüttert, 22 × 15 cm, mit Messingreißverschluss; für Stifte, Pflaster oder Kleingeld.",
        "مبطّنة، 22 × 15 سم، بسحّاب نحاسي، للأقلام أو الأغراض الصغيرة.",
    ),
    price=(1290, 1690),
    de_gender="f",
    ar_gender="f",
)
BACKPACK = Form(
    key="backpack",
    family="bag",
    name=Say("backpack", "Rucksack", "حقيبة ظهر"),
    tale=Say(
        "Waxed canvas with leather straps and room for a laptop; made to order within a week.",
        "Gewachster Canvas mit Lederriemen und Platz für den Laptop; innerhalb einer Woche genäht.",
        "قماش مشمّع بأحزمة جلدية ومكان للحاسوب، تُخاط عند الطلب خلال أسبوع.",
    ),
    price=(7900, 9900),
    ar_gender="f",
    policy="backorder",
    stock=(0, 3),
)

PICKS = [
    (TOTE, "lemon", "cream"),
    (TOTE, "fish", "sky"),
    (TOTE, "swallow", "mustard"),
    (TOTE, "moon", "charcoal"),
    (TOTE, "house", "cream"),
    (TOTE, "mushroom", "sage"),
    (TOTE, "sun", "peach"),
    (MARKET, "stripe", "coral"),
    (MARKET, "olive", "terracotta"),
    (MARKET, "wave", "navy"),
    (MARKET, "check", "mustard"),
    (MARKET, "pear", "fir"),
    (MARKET, "poppy", "sky"),
    (POUCH, "cat", "peach"),
    (POUCH, "dot", "navy"),
    (POUCH, "bee", "sage"),
    (POUCH, "cherry", "fir"),
    (POUCH, "boat", "coral"),
    (BACKPACK, "mountain", "mustard"),
    (BACKPACK, "fern", "terracotta"),
    (BACKPACK, "star", "navy"),
]


def entries() -> list[Entry]:
    """Everything on this shelf, in the order it is shown."""
    return [patterned(form, motif, colour) for form, motif, colour in PICKS]
