"""Cards for the usual reasons and for none."""

from edgeshop.shop.demoshop.entry import Entry, pictured
from edgeshop.shop.demoshop.words.forms import Form
from edgeshop.shop.demoshop.words.say import Say


def _card(key: str, name: Say, tale: Say, price: tuple[int, int] = (350, 450)) -> Form:
    return Form(
        key=key, family="card", name=name, tale=tale, price=price, de_gender="f", ar_gender="f", policy="untracked"
    )


BIRTHDAY = _card(
    "birthday",
    Say("Birthday card", "Geburtstagskarte", "بطاقة عيد ميلاد"),
    Say(
        "Folded card on heavy cotton paper, blank inside, with an envelope.",
        "Klappkarte auf schwerem Baumwollpapier, innen leer, mit Umschlag.",
        "بطاقة مطوية من ورق قطني سميك، فارغة من الداخل، مع مغلّف.",
    ),
)
THANKS = _card(
    "thanks",
    Say("Thank-you card", "Dankeskarte", "بطاقة شكر"),
    Say(
        "Comes with a kraft envelope and room for three honest sentences.",
        "Mit Umschlag aus Kraftpapier und Platz für drei ehrliche Sätze.",
        "مع مغلّف من ورق الكرافت ومساحة تكفي لثلاث جمل صادقة.",
    ),
)
CHRISTMAS = _card(
    "christmas",
    Say("Christmas card", "Weihnachtskarte", "بطاقة عيد الميلاد المجيد"),
    Say(
        "Printed in three spot colours; the envelope is lined.",
        "In drei Sonderfarben gedruckt; der Umschlag ist gefüttert.",
        "مطبوعة بثلاثة ألوان خاصة، ومغلّفها مبطّن.",
    ),
    (390, 490),
)
NEW_HOME = _card(
    "home",
    Say("New-home card", "Karte zum Einzug", "بطاقة تهنئة بالمنزل الجديد"),
    Say(
        "For the first wall that still has nothing on it.",
        "Für die erste Wand, an der noch nichts hängt.",
        "لأول جدار لم يُعلَّق عليه شيء بعد.",
    ),
)
POSTCARD = _card(
    "postcard",
    Say("Postcard", "Postkarte", "بطاقة بريدية"),
    Say(
        "A6 on rough board that takes ink well; stamps not included.",
        "A6 auf rauem Karton, der Tinte gut annimmt; Briefmarke nicht dabei.",
        "مقاس A6 على ورق مقوّى خشن يناسب الحبر، والطابع غير مرفق.",
    ),
    (150, 220),
)
WEDDING = _card(
    "wedding",
    Say("Wedding card", "Hochzeitskarte", "بطاقة زفاف"),
    Say(
        "Deckled edges and a pale envelope, sealed with a cotton thread.",
        "Mit Büttenrand und hellem Umschlag, den ein Baumwollfaden schließt.",
        "بحواف طبيعية ومغلّف فاتح يُربط بخيط قطني.",
    ),
    (450, 550),
)
BABY = _card(
    "baby",
    Say("New-baby card", "Karte zur Geburt", "بطاقة مولود جديد"),
    Say(
        "Small enough to be kept in the box with the first shoes.",
        "Klein genug für die Schachtel mit den ersten Schuhen.",
        "صغيرة تكفي لتُحفظ في العلبة مع أول حذاء.",
    ),
)

PICKS = [
    (BIRTHDAY, "bunting", "sky"),
    (BIRTHDAY, "cherry", "cream"),
    (BIRTHDAY, "cat", "mustard"),
    (BIRTHDAY, "bee", "peach"),
    (BIRTHDAY, "orange", "navy"),
    (THANKS, "poppy", "cream"),
    (THANKS, "lemon", "sage"),
    (THANKS, "daisy", "terracotta"),
    (CHRISTMAS, "fir", "cream"),
    (CHRISTMAS, "star", "navy"),
    (CHRISTMAS, "house", "burgundy"),
    (NEW_HOME, "house", "peach"),
    (NEW_HOME, "olive", "cream"),
    (NEW_HOME, "sun", "coral"),
    (POSTCARD, "wave", "cream"),
    (POSTCARD, "boat", "sky"),
    (POSTCARD, "fish", "navy"),
    (POSTCARD, "mountain", "peach"),
    (WEDDING, "swallow", "sage"),
    (WEDDING, "olive", "charcoal"),
    (BABY, "moon", "navy"),
    (BABY, "star", "peach"),
]


def entries() -> list[Entry]:
    """Everything on this shelf, in the order it is shown."""
    return [pictured(form, motif, colour) for form, motif, colour in PICKS]
