"""Jars, pots and vases for the kitchen table."""

from edgeshop.shop.demoshop.entry import Entry, patterned
from edgeshop.shop.demoshop.words.forms import Form
from edgeshop.shop.demoshop.words.say import Say

STORAGE = Form(
    key="storage",
    family="jar",
    name=Say("storage jar", "Vorratsdose", "مرطبان خزفي"),
    tale=Say(
        "Stoneware with a beech lid and a silicone ring; holds a pound of coffee or flour.",
        "Steinzeug mit Buchendeckel und Silikonring; fasst ein Pfund Kaffee oder Mehl.",
        "خزف بغطاء من خشب الزان وحلقة سيليكون، يتّسع لنصف كيلو من القهوة أو الطحين.",
    ),
    price=(2490, 3290),
    de_gender="f",
)
CORK = Form(
    key="cork",
    family="jar",
    name=Say("cork jar", "Korkenglas", "مرطبان زجاجي"),
    tale=Say(
        "Tinted glass, 600 ml, closed with a natural cork; for tea, spices or buttons.",
        "Getöntes Glas, 600 ml, mit Naturkorken; für Tee, Gewürze oder Knöpfe.",
        "زجاج ملوّن بسعة 600 مل وسدادة من الفلّين الطبيعي، للشاي أو البهارات أو الأزرار.",
    ),
    price=(1290, 1790),
    de_gender="n",
)
HONEY = Form(
    key="honey",
    family="jar",
    name=Say("honey pot", "Honigtopf", "وعاء عسل"),
    tale=Say(
        "Round-bellied, with a notch in the lid for the olive-wood dipper that comes with it.",
        "Rundbauchig, mit einer Kerbe im Deckel für den beigelegten Löffel aus Olivenholz.",
        "مكوّر البطن، في غطائه فتحة لملعقة خشب الزيتون المرفقة به.",
    ),
    price=(1990, 2490),
)
VASE = Form(
    key="vase",
    family="jar",
    name=Say("bud vase", "Vase", "مزهرية"),
    tale=Say(
        "18 cm tall, with a narrow neck that makes even a single stem stand well.",
        "18 cm hoch, mit schmalem Hals, in dem schon ein einzelner Stiel gut steht.",
        "بارتفاع 18 سم وعنق ضيّق تقف فيه حتى زهرة واحدة بأناقة.",
    ),
    price=(1690, 2690),
    de_gender="f",
    ar_gender="f",
)
BISCUIT = Form(
    key="biscuit",
    family="jar",
    name=Say("biscuit jar", "Keksdose", "علبة بسكويت"),
    tale=Say(
        "Closes with a soft click that nobody in the next room can hear.",
        "Schließt mit einem leisen Klick, den im Nebenzimmer niemand hört.",
        "تُغلق بنقرة خافتة لا يسمعها من في الغرفة المجاورة.",
    ),
    price=(2790, 3490),
    de_gender="f",
    ar_gender="f",
)

PICKS = [
    (STORAGE, "olive", "mustard"),
    (STORAGE, "lemon", "sky"),
    (STORAGE, "stripe", "navy"),
    (STORAGE, "house", "terracotta"),
    (STORAGE, "wave", "cream"),
    (CORK, "fern", "sage"),
    (CORK, "cherry", "peach"),
    (CORK, "dot", "sky"),
    (CORK, "fish", "mustard"),
    (HONEY, "bee", "cream"),
    (HONEY, "bee", "charcoal"),
    (HONEY, "daisy", "mustard"),
    (HONEY, "sun", "coral"),
    (VASE, "swallow", "cream"),
    (VASE, "poppy", "navy"),
    (VASE, "moon", "burgundy"),
    (VASE, "check", "fir"),
    (VASE, "stripe", "peach"),
    (BISCUIT, "star", "fir"),
    (BISCUIT, "cat", "coral"),
    (BISCUIT, "pear", "cream"),
    (BISCUIT, "bunting", "sky"),
]


def entries() -> list[Entry]:
    """Everything on this shelf, in the order it is shown."""
    return [patterned(form, motif, colour) for form, motif, colour in PICKS]
