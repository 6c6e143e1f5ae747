"""Plants in their pots, and pots that wait for one."""

from edgeshop.shop.demoshop.entry import Entry, coloured, patterned
from edgeshop.shop.demoshop.words.colours import COLOURS, arabic
from edgeshop.shop.demoshop.words.forms import Form
from edgeshop.shop.demoshop.words.plants import PLANTS
from edgeshop.shop.demoshop.words.say import Say

SMALL = Form(
    key="plant",
    family="plant",
    name=Say("pot", "Topf", "أصيص"),
    tale=Say(
        "Comes potted in glazed stoneware with a saucer.",
        "Kommt eingetopft in glasiertem Steinzeug mit Untersetzer.",
        "تأتي مزروعة في أصيص خزفي مزجّج مع صحن.",
    ),
    price=(1490, 2490),
    stock=(4, 16),
    tax="reduced",
)
LARGE = Form(
    key="tree",
    family="plant",
    name=SMALL.name,
    tale=Say(
        "About 60 cm tall in its pot; we carry it to your car.",
        "Mit Topf etwa 60 cm hoch; bis zum Auto tragen wir.",
        "بارتفاع نحو 60 سم مع أصيصها، ونحملها عنك إلى السيارة.",
    ),
    price=(3490, 5900),
    policy="strict",
    stock=(1, 4),
    tax="reduced",
)
POT = Form(
    key="pot",
    family="plant",
    name=Say("plant pot", "Blumentopf", "أصيص زرع"),
    tale=Say(
        "Stoneware with a hole, a saucer and frost resistance down to −10 °C.",
        "Steinzeug mit Loch und Untersetzer, frostfest bis −10 °C.",
        "خزف حجري بفتحة تصريف وصحن، يتحمّل الصقيع حتى 10 تحت الصفر.",
    ),
    price=(1290, 2290),
)
CAN = Form(
    key="can",
    family="plant",
    name=Say("watering can", "Gießkanne", "إبريق سقاية"),
    tale=Say(
        "Enamelled steel, 1.5 litres, with a spout thin enough for a seedling.",
        "Emaillierter Stahl, 1,5 Liter, mit einer Tülle, die auch Sämlinge schont.",
        "فولاذ مطلي بالمينا بسعة 1.5 لتر، بمصبّ دقيق لا يؤذي الشتلات.",
    ),
    price=(2690, 3290),
    de_gender="f",
)

POTTED = [
    (LARGE, "olive", "stripe", "terracotta"),
    (SMALL, "cactus", "dot", "mustard"),
    (SMALL, "fern", "plain", "cream"),
    (SMALL, "aloe", "check", "peach"),
    (LARGE, "monstera", "plain", "navy"),
    (SMALL, "snake", "wave", "sky"),
    (SMALL, "hearts", "plain", "coral"),
    (SMALL, "lavender", "plain", "terracotta"),
    (SMALL, "basil", "stripe", "cream"),
    (SMALL, "orchid", "plain", "charcoal"),
    (LARGE, "rubber", "plain", "mustard"),
    (LARGE, "lemon", "plain", "sky"),
    (SMALL, "cactus", "plain", "burgundy"),
    (SMALL, "snake", "plain", "terracotta"),
]
EMPTY = [
    (POT, "cat", "cream"),
    (POT, "sun", "mustard"),
    (POT, "swallow", "navy"),
    (POT, "stripe", "sage"),
    (POT, "poppy", "terracotta"),
]
CANS = ["fir", "cream", "coral"]


def _potted(form: Form, plant: str, motif: str, colour: str) -> Entry:
    word = PLANTS[plant]
    name = Say(
        f"{word.name.en} in a {COLOURS[colour].en} pot",
        f"{word.name.de} im {COLOURS[colour].de}en Topf",
        f"{word.name.ar} في أصيص {arabic(colour, 'm')}",
    )
    tale = Say(*(f"{about} {how}" for about, how in zip(word.tale, form.tale, strict=True)))
    return Entry(form, name, tale, motif, colour, plant)


def entries() -> list[Entry]:
    """Everything on this shelf, in the order it is shown."""
    return [
        *(_potted(*pick) for pick in POTTED),
        *(patterned(*pick) for pick in EMPTY),
        *(coloured(CAN, colour) for colour in CANS),
    ]
