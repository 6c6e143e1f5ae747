"""Candles: scented, painted and plain."""

from edgeshop.shop.demoshop.entry import Entry, coloured_set, patterned, scented
from edgeshop.shop.demoshop.words.forms import Form
from edgeshop.shop.demoshop.words.say import Say

GLASS = Form(
    key="glass",
    family="candle",
    name=Say("Scented candle", "Duftkerze", "شمعة معطّرة"),
    tale=Say(
        "Rapeseed wax in a glass you will want to keep; burns for about 40 hours.",
        "Rapswachs in einem Glas, das man behalten möchte; brennt etwa 40 Stunden.",
        "شمع نباتي في كأس ستودّ الاحتفاظ به، تدوم نحو 40 ساعة.",
    ),
    price=(1990, 2690),
    de_gender="f",
    ar_gender="f",
)
TIN = Form(
    key="tin",
    family="candle",
    name=Say("Travel candle", "Reisekerze", "شمعة سفر"),
    tale=Say(
        "In a flat tin with a lid, 20 hours; fits a coat pocket and any hotel room.",
        "In der flachen Dose mit Deckel, 20 Stunden; passt in die Manteltasche und in jedes Hotelzimmer.",
        "في علبة معدنية مسطّحة بغطاء، تدوم 20 ساعة وتناسب جيب المعطف وأي غرفة فندق.",
    ),
    price=(990, 1290),
    de_gender="f",
    ar_gender="f",
)
PILLAR = Form(
    key="pillar",
    family="candle",
    name=Say("pillar candle", "Stumpenkerze", "شمعة أسطوانية"),
    tale=Say(
        "Dyed all the way through and painted with wax, 70 hours without dripping.",
        "Durchgefärbt und mit Wachs bemalt, brennt 70 Stunden, ohne zu tropfen.",
        "ملوّنة حتى قلبها ومرسومة بالشمع، تدوم 70 ساعة دون أن تقطر.",
    ),
    price=(1490, 2190),
    de_gender="f",
    ar_gender="f",
)
TAPERS = Form(
    key="tapers",
    family="candle",
    name=Say("taper candles, pair", "Stabkerzen im Paar", "طقم شمعتين رفيعتين"),
    tale=Say(
        "Two hand-dipped candles, still joined by their wick; 25 cm, eight hours each.",
        "Zwei handgetauchte Kerzen, noch am gemeinsamen Docht; 25 cm, je acht Stunden.",
        "شمعتان مغموستان يدويًا يجمعهما فتيل واحد، بطول 25 سم وثماني ساعات لكل منهما.",
    ),
    price=(690, 890),
    de_gender="pl",
)

SCENTED = [
    (GLASS, "lemon", "sky"),
    (GLASS, "orange", "terracotta"),
    (GLASS, "pear", "cream"),
    (GLASS, "cherry", "peach"),
    (GLASS, "honey", "mustard"),
    (GLASS, "sea", "navy"),
    (GLASS, "fir", "fir"),
    (GLASS, "lavender", "burgundy"),
    (TIN, "olive", "sage"),
    (TIN, "rose", "coral"),
    (TIN, "mint", "cream"),
    (TIN, "camomile", "navy"),
]
PAINTED = [
    (PILLAR, "poppy", "cream"),
    (PILLAR, "star", "burgundy"),
    (PILLAR, "swallow", "peach"),
    (PILLAR, "stripe", "fir"),
    (PILLAR, "dot", "terracotta"),
]
PLAIN = ["mustard", "navy", "coral", "sage", "cream"]


def entries() -> list[Entry]:
    """Everything on this shelf, in the order it is shown."""
    return [
        *(scented(form, scent, colour) for form, scent, colour in SCENTED),
        *(patterned(form, motif, colour) for form, motif, colour in PAINTED),
        *(coloured_set(TAPERS, colour) for colour in PLAIN),
    ]
