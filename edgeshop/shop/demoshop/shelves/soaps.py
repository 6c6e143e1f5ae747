"""Soaps and what belongs around them."""

from edgeshop.shop.demoshop.entry import Entry, scented
from edgeshop.shop.demoshop.words.forms import Form
from edgeshop.shop.demoshop.words.say import Say

BAR = Form(
    key="bar",
    family="soap",
    name=Say("Soap", "Seife", "صابونة"),
    tale=Say(
        "Cold-stirred from olive oil and shea butter, matured for six weeks, 100 g.",
        "Kalt gerührt aus Olivenöl und Sheabutter, sechs Wochen gereift, 100 g.",
        "مصنوعة على البارد من زيت الزيتون وزبدة الشيا، معتّقة ستة أسابيع، 100 غرام.",
    ),
    price=(690, 890),
)
LIQUID = Form(
    key="liquid",
    family="soap",
    name=Say("Hand wash", "Handseife", "صابون سائل لليدين"),
    tale=Say(
        "300 ml in a glass bottle with a pump; bring it back and we refill it.",
        "300 ml in der Glasflasche mit Pumpe; wir füllen sie gern wieder auf.",
        "300 مل في قارورة زجاجية بمضخّة، أعدها إلينا لنملأها من جديد.",
    ),
    price=(1390, 1690),
)
SALT = Form(
    key="salt",
    family="soap",
    name=Say("Bath salt", "Badesalz", "ملح استحمام"),
    tale=Say(
        "Coarse sea salt with oils in a jar of 400 g, enough for six long baths.",
        "Grobes Meersalz mit Ölen, 400 g im Glas, genug für sechs lange Bäder.",
        "ملح بحري خشن بالزيوت، 400 غرام في مرطبان تكفي ستة حمّامات طويلة.",
    ),
    price=(1190, 1490),
)
SHAMPOO = Form(
    key="shampoo",
    family="soap",
    name=Say("Shampoo bar", "Festes Shampoo", "شامبو صلب"),
    tale=Say(
        "Replaces two bottles, lathers in hard water, travels without a bag for liquids.",
        "Ersetzt zwei Flaschen, schäumt auch bei hartem Wasser und reist ohne Flüssigkeitsbeutel.",
        "يعوّض قارورتين، ويرغو حتى في الماء العسر، ويسافر معك بلا قيود السوائل.",
    ),
    price=(990, 1190),
)

PICKS = [
    (BAR, "lemon", "cream"),
    (BAR, "orange", "peach"),
    (BAR, "olive", "sage"),
    (BAR, "honey", "mustard"),
    (BAR, "sea", "sky"),
    (BAR, "rose", "coral"),
    (BAR, "fir", "fir"),
    (BAR, "camomile", "cream"),
    (BAR, "lavender", "navy"),
    (BAR, "mint", "sage"),
    (LIQUID, "lemon", "navy"),
    (LIQUID, "olive", "mustard"),
    (LIQUID, "rose", "burgundy"),
    (LIQUID, "sea", "terracotta"),
    (SALT, "lavender", "navy"),
    (SALT, "orange", "sky"),
    (SALT, "fir", "sage"),
    (SHAMPOO, "cherry", "peach"),
    (SHAMPOO, "mint", "fir"),
    (SHAMPOO, "honey", "charcoal"),
    (SHAMPOO, "pear", "terracotta"),
]


def entries() -> list[Entry]:
    """Everything on this shelf, in the order it is shown."""
    return [scented(form, scent, colour) for form, scent, colour in PICKS]
