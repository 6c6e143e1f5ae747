"""Paper to write, draw and plan on."""

from edgeshop.shop.demoshop.entry import Entry, patterned
from edgeshop.shop.demoshop.words.forms import Form
from edgeshop.shop.demoshop.words.say import Say

NOTEBOOK = Form(
    key="notebook",
    family="notebook",
    name=Say("notebook", "Notizbuch", "دفتر ملاحظات"),
    tale=Say(
        "A5, 160 ruled pages, thread-sewn so that it lies flat.",
        "A5, 160 linierte Seiten, fadengeheftet, damit es flach liegt.",
        "مقاس A5، 160 صفحة مسطّرة، مخيط بالخيط لينفتح مستويًا.",
    ),
    price=(1290, 1690),
    de_gender="n",
)
SKETCH = Form(
    key="sketch",
    family="notebook",
    name=Say("sketchbook", "Skizzenbuch", "دفتر رسم"),
    tale=Say(
        "Wire-bound, 60 sheets of 190 g paper that take ink and a light wash.",
        "Spiralbindung, 60 Blatt mit 190 g, geeignet für Tusche und leichtes Aquarell.",
        "بسلك حلزوني و60 ورقة بوزن 190 غرامًا تناسب الحبر والألوان المائية الخفيفة.",
    ),
    price=(1790, 2290),
    de_gender="n",
)
POCKET = Form(
    key="pocket",
    family="notebook",
    name=Say("pocket notebook", "Notizheft", "دفتر جيب"),
    tale=Say(
        "A6, stapled, 48 squared pages; for lists, rhymes and telephone numbers.",
        "A6, geheftet, 48 karierte Seiten; für Listen, Reime und Telefonnummern.",
        "مقاس A6 بدبابيس و48 صفحة مربّعات، للقوائم والخواطر وأرقام الهواتف.",
    ),
    price=(490, 690),
    de_gender="n",
)
RECIPES = Form(
    key="recipes",
    family="notebook",
    name=Say("recipe book", "Rezeptbuch", "دفتر وصفات"),
    tale=Say(
        "Wipe-clean cover, six tabs and room for 120 recipes in your own hand.",
        "Abwischbarer Einband, sechs Register und Platz für 120 Rezepte in eigener Handschrift.",
        "غلاف قابل للمسح وستة أقسام تتّسع لـ120 وصفة بخطّ يدك.",
    ),
    price=(1990, 2490),
    de_gender="n",
)
PLANNER = Form(
    key="planner",
    family="notebook",
    name=Say("weekly planner", "Wochenplaner", "مخطّط أسبوعي"),
    tale=Say(
        "Undated, one week to a spread, with an elastic band; start whenever you like.",
        "Ohne Datum, eine Woche pro Doppelseite, mit Gummiband; beginnt, wann man möchte.",
        "بلا تواريخ، أسبوع لكل صفحتين مع رباط مطاطي، ابدأ متى شئت.",
    ),
    price=(1690, 2190),
    policy="backorder",
    stock=(0, 12),
)

PICKS = [
    (NOTEBOOK, "swallow", "fir"),
    (NOTEBOOK, "moon", "charcoal"),
    (NOTEBOOK, "house", "peach"),
    (NOTEBOOK, "wave", "sky"),
    (NOTEBOOK, "poppy", "mustard"),
    (NOTEBOOK, "stripe", "burgundy"),
    (SKETCH, "mountain", "cream"),
    (SKETCH, "fern", "peach"),
    (SKETCH, "cat", "sky"),
    (SKETCH, "boat", "mustard"),
    (POCKET, "dot", "coral"),
    (POCKET, "bee", "cream"),
    (POCKET, "mushroom", "burgundy"),
    (POCKET, "fish", "terracotta"),
    (POCKET, "star", "sky"),
    (RECIPES, "lemon", "terracotta"),
    (RECIPES, "olive", "navy"),
    (RECIPES, "pear", "cream"),
    (RECIPES, "cherry", "sage"),
    (PLANNER, "sun", "sage"),
    (PLANNER, "daisy", "charcoal"),
    (PLANNER, "check", "navy"),
]


def entries() -> list[Entry]:
    """Everything on this shelf, in the order it is shown."""
    return [patterned(form, motif, colour) for form, motif, colour in PICKS]
