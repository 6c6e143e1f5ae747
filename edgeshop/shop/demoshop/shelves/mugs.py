"""Mugs and cups."""

from edgeshop.shop.demoshop.entry import Entry, patterned
from edgeshop.shop.demoshop.words.forms import Form
from edgeshop.shop.demoshop.words.say import Say

MUG = Form(
    key="mug",
    family="mug",
    name=Say("mug", "Becher", "كوب"),
    tale=Say(
        "Stoneware, 350 ml, glazed by hand and happy in the dishwasher.",
        "Steinzeug, 350 ml, von Hand glasiert und spülmaschinenfest.",
        "خزف حجري بسعة 350 مل، مزجّج يدويًا ويصلح لغسّالة الأطباق.",
    ),
    price=(1490, 1990),
)
ESPRESSO = Form(
    key="espresso",
    family="mug",
    name=Say("espresso cup", "Espressotasse", "فنجان إسبريسو"),
    tale=Say(
        "Thick-walled porcelain, 80 ml, with its saucer; keeps an espresso hot to the last sip.",
        "Dickwandiges Porzellan, 80 ml, mit Untertasse; hält den Espresso bis zum letzten Schluck heiß.",
        "بورسلان سميك بسعة 80 مل مع صحنه، يحفظ حرارة الإسبريسو حتى آخر رشفة.",
    ),
    price=(1090, 1390),
    de_gender="f",
)
BOWL = Form(
    key="bowl",
    family="mug",
    name=Say("breakfast bowl", "Müslischale", "زبدية فطور"),
    tale=Say(
        "Wide and deep, half a litre, for porridge, soup or a very large coffee.",
        "Weit und tief, ein halber Liter, für Haferbrei, Suppe oder sehr viel Milchkaffee.",
        "واسعة وعميقة بسعة نصف لتر، للشوفان أو الحساء أو قهوة كبيرة جدًا.",
    ),
    price=(1590, 1990),
    de_gender="f",
    ar_gender="f",
)
STUDIO = Form(
    key="studio",
    family="mug",
    name=Say("studio mug", "Atelierbecher", "كوب {c} مشغول يدويًا"),
    tale=Say(
        "Thrown on the wheel and left unglazed at the foot; each one is a single piece.",
        "Auf der Scheibe gedreht und am Fuß unglasiert gelassen; jeder ist ein Einzelstück.",
        "مشكّل على الدولاب بقاعدة غير مزجّجة، وكل كوب قطعة فريدة.",
    ),
    price=(2800, 3600),
    policy="strict",
    stock=(2, 5),
)

PICKS = [
    (MUG, "swallow", "sky"),
    (MUG, "lemon", "navy"),
    (MUG, "moon", "navy"),
    (MUG, "poppy", "cream"),
    (MUG, "stripe", "terracotta"),
    (MUG, "house", "mustard"),
    (MUG, "fish", "coral"),
    (MUG, "olive", "cream"),
    (MUG, "bunting", "peach"),
    (MUG, "fir", "burgundy"),
    (MUG, "cat", "sage"),
    (ESPRESSO, "dot", "mustard"),
    (ESPRESSO, "cherry", "cream"),
    (ESPRESSO, "wave", "navy"),
    (ESPRESSO, "orange", "sage"),
    (BOWL, "pear", "terracotta"),
    (BOWL, "bee", "sky"),
    (BOWL, "daisy", "fir"),
    (BOWL, "check", "cream"),
    (STUDIO, "mountain", "charcoal"),
    (STUDIO, "mushroom", "cream"),
    (STUDIO, "sun", "terracotta"),
]


def entries() -> list[Entry]:
    """Everything on this shelf, in the order it is shown."""
    return [patterned(form, motif, colour) for form, motif, colour in PICKS]
