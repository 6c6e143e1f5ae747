"""Textiles for kitchen and sofa."""

from edgeshop.shop.demoshop.entry import Entry, patterned
from edgeshop.shop.demoshop.words.forms import Form
from edgeshop.shop.demoshop.words.say import Say

TOWEL = Form(
    key="towel",
    family="textile",
    name=Say("tea towel", "Geschirrtuch", "منشفة مطبخ"),
    tale=Say(
        "Half linen, 50 by 70 cm, with a loop; gets softer with every wash.",
        "Halbleinen, 50 × 70 cm, mit Aufhänger; wird mit jeder Wäsche weicher.",
        "نصف كتّان، 50 × 70 سم، بعلّاقة، تزداد نعومة مع كل غسلة.",
    ),
    price=(1290, 1690),
    de_gender="n",
    ar_gender="f",
)
CUSHION = Form(
    key="cushion",
    family="textile",
    name=Say("cushion cover", "Kissenhülle", "غطاء وسادة"),
    tale=Say(
        "Washed linen, 45 by 45 cm, with a hidden zip.",
        "Gewaschenes Leinen, 45 × 45 cm, mit verdecktem Reißverschluss.",
        "كتّان مغسول، 45 × 45 سم، بسحّاب مخفي.",
    ),
    price=(2490, 3490),
    de_gender="f",
)
APRON = Form(
    key="apron",
    family="textile",
    name=Say("apron", "Schürze", "مئزر مطبخ"),
    tale=Say(
        "Heavy cotton with a deep pocket; one size that fits cooks and painters.",
        "Schwere Baumwolle mit tiefer Tasche; eine Größe für Köchinnen und Maler.",
        "قطن سميك بجيب عميق ومقاس واحد يناسب الطهاة والرسّامين.",
    ),
    price=(2990, 3690),
    de_gender="f",
)
THROW = Form(
    key="throw",
    family="textile",
    name=Say("wool throw", "Wolldecke", "بطانية صوف"),
    tale=Say(
        "Woven from new wool, 130 by 180 cm; the mill makes eight of each.",
        "Aus Schurwolle gewebt, 130 × 180 cm; die Weberei macht von jeder acht Stück.",
        "منسوجة من صوف جديد، 130 × 180 سم، ولا ينتج المنسج إلا ثماني قطع من كل تصميم.",
    ),
    price=(8900, 12900),
    de_gender="f",
    ar_gender="f",
    policy="strict",
    stock=(2, 8),
)
MITT = Form(
    key="mitt",
    family="textile",
    name=Say("oven mitt", "Ofenhandschuh", "قفّاز فرن"),
    tale=Say(
        "Quilted on both sides and safe to 220 °C.",
        "Beidseitig gesteppt und bis 220 °C sicher.",
        "مبطّن من الجهتين وآمن حتى 220 درجة مئوية.",
    ),
    price=(1390, 1790),
)

PICKS = [
    (TOWEL, "lemon", "cream"),
    (TOWEL, "fish", "cream"),
    (TOWEL, "check", "coral"),
    (TOWEL, "olive", "sage"),
    (TOWEL, "stripe", "sky"),
    (TOWEL, "cherry", "mustard"),
    (CUSHION, "swallow", "terracotta"),
    (CUSHION, "poppy", "peach"),
    (CUSHION, "sun", "navy"),
    (CUSHION, "fern", "fir"),
    (CUSHION, "house", "charcoal"),
    (APRON, "pear", "sage"),
    (APRON, "stripe", "charcoal"),
    (APRON, "orange", "cream"),
    (APRON, "bee", "navy"),
    (THROW, "mountain", "sky"),
    (THROW, "star", "cream"),
    (THROW, "check", "burgundy"),
    (THROW, "wave", "sage"),
    (MITT, "cat", "terracotta"),
    (MITT, "daisy", "sky"),
    (MITT, "fir", "coral"),
]


def entries() -> list[Entry]:
    """Everything on this shelf, in the order it is shown."""
    return [patterned(form, motif, colour) for form, motif, colour in PICKS]
