"""Wooden and soft toys."""

from edgeshop.shop.demoshop.entry import Entry, coloured
from edgeshop.shop.demoshop.words.forms import Form
from edgeshop.shop.demoshop.words.say import Say

FORMS = [
    Form(
        key="boat",
        family="toy",
        name=Say("wooden sailing boat", "Holzsegelboot", "قارب شراعي خشبي"),
        tale=Say(
            "Limewood with a cotton sail; really swims, in the bath and in a calm pond.",
            "Lindenholz mit Baumwollsegel; schwimmt wirklich, in der Wanne und im stillen Teich.",
            "من خشب الزيزفون بشراع قطني، يطفو حقًا في الحوض وفي البركة الهادئة.",
        ),
        price=(2290, 2690),
        de_gender="n",
    ),
    Form(
        key="duck",
        family="toy",
        name=Say("pull-along duck", "Nachziehente", "بطة خشبية {c} بعجلات"),
        tale=Say(
            "Waddles on leather feet when pulled; for everyone who has just learnt to walk.",
            "Watschelt beim Ziehen auf Lederfüßen; für alle, die gerade laufen gelernt haben.",
            "تتمايل عند جرّها، لمن تعلّم المشي للتو.",
        ),
        price=(2490, 2890),
        de_gender="f",
        ar_gender="f",
    ),
    Form(
        key="rings",
        family="toy",
        name=Say("stacking tower", "Stapelturm", "برج حلقات"),
        tale=Say(
            "Six beech rings and a ball; every order is right.",
            "Sechs Ringe aus Buche und eine Kugel; jede Reihenfolge ist richtig.",
            "ست حلقات من خشب الزان وكرة، وكل ترتيب فيها صحيح.",
        ),
        price=(1890, 2290),
    ),
    Form(
        key="top",
        family="toy",
        name=Say("spinning top", "Kreisel", "بلبل خشبي"),
        tale=Say(
            "Turned from maple; the record in the shop stands at two minutes eleven.",
            "Aus Ahorn gedrechselt; der Rekord im Laden liegt bei zwei Minuten elf.",
            "مخروط من خشب القيقب، والرقم القياسي في المتجر دقيقتان وإحدى عشرة ثانية.",
        ),
        price=(790, 990),
    ),
    Form(
        key="car",
        family="toy",
        name=Say("racing car", "Rennwagen", "سيارة سباق خشبية"),
        tale=Say(
            "One piece of beech, four quiet wheels and a driver who never complains.",
            "Ein Stück Buche, vier leise Räder und ein Fahrer, der sich nie beschwert.",
            "قطعة واحدة من الزان وأربع عجلات هادئة وسائق لا يشتكي.",
        ),
        price=(1690, 1990),
        ar_gender="f",
    ),
    Form(
        key="train",
        family="toy",
        name=Say("wooden engine", "Holzlokomotive", "قاطرة خشبية"),
        tale=Say(
            "With a bell that rings and a hook for wagons still to come.",
            "Mit einer Glocke, die läutet, und einem Haken für spätere Waggons.",
            "بجرس يرنّ وخطّاف للعربات التي ستأتي لاحقًا.",
        ),
        price=(2990, 3490),
        de_gender="f",
        ar_gender="f",
    ),
    Form(
        key="whale",
        family="toy",
        name=Say("wooden whale", "Holzwal", "حوت خشبي"),
        tale=Say(
            "Fits two small hands and has a smile that was not easy to carve.",
            "Passt in zwei kleine Hände und hat ein Lächeln, das nicht leicht zu schnitzen war.",
            "يناسب يدين صغيرتين، وعلى وجهه ابتسامة لم يكن نحتها سهلًا.",
        ),
        price=(1490, 1890),
    ),
    Form(
        key="kite",
        family="toy",
        name=Say("kite", "Drachen", "طائرة ورقية"),
        tale=Say(
            "Ripstop with a tail of bows; flies from a light breeze and packs into a sleeve.",
            "Aus Drachentuch mit Schleifenschweif; fliegt ab leichter Brise und passt in eine Hülle.",
            "من قماش متين بذيل من العُقد، تطير مع النسيم الخفيف وتُطوى في غلافها.",
        ),
        price=(2490, 2990),
        ar_gender="f",
        policy="strict",
        stock=(2, 6),
    ),
    Form(
        key="rabbit",
        family="toy",
        name=Say("soft rabbit", "Stoffhase", "أرنب قماشي"),
        tale=Say(
            "Linen outside, wool inside, ears made to be held; machine-washable at 30 °C.",
            "Außen Leinen, innen Wolle, Ohren zum Festhalten; bei 30 °C waschbar.",
            "كتّان من الخارج وصوف من الداخل وأذنان للإمساك بهما، يُغسل على 30 درجة.",
        ),
        price=(2890, 3290),
    ),
    Form(
        key="rattle",
        family="toy",
        name=Say("rattle", "Rassel", "خشخيشة"),
        tale=Say(
            "Oiled beech with a soft sound, safe to chew from the first day.",
            "Geölte Buche mit leisem Klang, vom ersten Tag an zum Kauen geeignet.",
            "من خشب الزان المزيّت بصوت ناعم، آمنة للعضّ منذ اليوم الأول.",
        ),
        price=(1190, 1390),
        de_gender="f",
        ar_gender="f",
    ),
]
COLOURS = {
    "boat": ("navy", "coral"),
    "duck": ("mustard", "sky"),
    "rings": ("terracotta", "sage"),
    "top": ("coral", "fir"),
    "car": ("burgundy", "mustard"),
    "train": ("fir", "sky", "coral"),
    "whale": ("navy", "sky"),
    "kite": ("coral", "sky"),
    "rabbit": ("peach", "sage", "cream"),
    "rattle": ("mustard", "peach"),
}


def entries() -> list[Entry]:
    """Everything on this shelf, in the order it is shown."""
    return [coloured(form, colour) for form in FORMS for colour in COLOURS[form.key]]
