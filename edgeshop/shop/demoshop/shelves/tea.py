"""Tea and sweets, each with a name of its own."""

from edgeshop.shop.demoshop.entry import Entry
from edgeshop.shop.demoshop.words.forms import Form
from edgeshop.shop.demoshop.words.say import Say


def _food(key: str, tale: Say, price: tuple[int, int]) -> Form:
    return Form(key=key, family="tea", name=Say("", "", ""), tale=tale, price=price, stock=(12, 60), tax="reduced")


TEA = _food(
    "tin",
    Say(
        "100 g loose in a tin, about forty cups.",
        "100 g lose in der Dose, etwa vierzig Tassen.",
        "100 غرام سائبة في علبة معدنية، نحو أربعين كوبًا.",
    ),
    (890, 1290),
)
CHOCOLATE = _food(
    "chocolate",
    Say(
        "70 g, from bean to bar in the next town.",
        "70 g, von der Bohne bis zur Tafel in der Nachbarstadt gemacht.",
        "70 غرامًا، تُصنع من الحبّة إلى اللوح في البلدة المجاورة.",
    ),
    (490, 650),
)
SPREAD = _food(
    "spread",
    Say(
        "220 g in a glass with a paper seal, made in small pans.",
        "220 g im Glas mit Papiersiegel, in kleinen Töpfen gekocht.",
        "220 غرامًا في مرطبان مختوم بالورق، تُطهى بكميات صغيرة.",
    ),
    (590, 890),
)
BOX = _food(
    "box",
    Say(
        "Packed by hand into a paper box, for sharing or not.",
        "Von Hand in eine Papierschachtel gepackt, zum Teilen oder auch nicht.",
        "مرصوصة يدويًا في علبة ورقية، للمشاركة أو لغيرها.",
    ),
    (690, 1190),
)

PICKS: list[tuple[Form, str, str, Say, Say]] = [
    (
        TEA,
        "lemon",
        "navy",
        Say("Black tea with lemon peel", "Schwarztee mit Zitronenschale", "شاي أسود بقشر الليمون"),
        Say(
            "A brisk Assam with dried peel; takes milk only if you insist.",
            "Ein kräftiger Assam mit getrockneter Schale; Milch nur, wenn es sein muss.",
            "شاي آسام قوي مع قشر مجفّف، ولا حليب إلا لمن أصرّ.",
        ),
    ),
    (
        TEA,
        "fern",
        "fir",
        Say("Mountain mint tea", "Bergminztee", "شاي النعناع الجبلي"),
        Say(
            "Whole mint leaves, picked above the tree line.",
            "Ganze Minzblätter, oberhalb der Baumgrenze gepflückt.",
            "أوراق نعناع كاملة قُطفت من أعالي الجبال.",
        ),
    ),
    (
        TEA,
        "moon",
        "burgundy",
        Say("Good-night tea", "Gute-Nacht-Tee", "شاي المساء"),
        Say(
            "Lemon balm, hops and lavender, for the page before sleep.",
            "Melisse, Hopfen und Lavendel, für die letzte Seite vor dem Schlaf.",
            "ترنجان وبابونج وخزامى، للصفحة الأخيرة قبل النوم.",
        ),
    ),
    (
        TEA,
        "daisy",
        "mustard",
        Say("Camomile tea", "Kamillentee", "شاي البابونج"),
        Say(
            "Flowers only, no dust, and therefore golden in the cup.",
            "Nur Blüten, kein Staub, und deshalb golden in der Tasse.",
            "أزهار كاملة بلا غبار، ولذلك لونه ذهبي في الكوب.",
        ),
    ),
    (
        TEA,
        "swallow",
        "sky",
        Say("First-flush Darjeeling", "Darjeeling, erste Pflückung", "شاي دارجيلنغ من القطفة الأولى"),
        Say(
            "Light and flowery, flown in with the spring.",
            "Hell und blumig, mit dem Frühling eingeflogen.",
            "خفيف بنفحة زهرية، وصل مع الربيع.",
        ),
    ),
    (
        TEA,
        "orange",
        "coral",
        Say("Winter tea with orange and clove", "Wintertee mit Orange und Nelke", "شاي الشتاء بالبرتقال والقرنفل"),
        Say(
            "Rooibos with orange, clove and a little cardamom; free of caffeine.",
            "Rooibos mit Orange, Nelke und etwas Kardamom; ohne Koffein.",
            "رويبوس بالبرتقال والقرنفل وقليل من الهيل، خالٍ من الكافيين.",
        ),
    ),
    (
        TEA,
        "wave",
        "sage",
        Say("Japanese sencha", "Japanischer Sencha", "شاي سنشا ياباني"),
        Say(
            "Grassy and fresh; 70 degrees, ninety seconds, no more.",
            "Grasig und frisch; 70 Grad, neunzig Sekunden, nicht länger.",
            "أخضر منعش: 70 درجة وتسعون ثانية لا أكثر.",
        ),
    ),
    (
        TEA,
        "cherry",
        "cream",
        Say("Rosehip and cherry tea", "Hagebutten-Kirsch-Tee", "شاي ثمر الورد والكرز"),
        Say(
            "Red as it looks, tart enough for honey, and good iced.",
            "So rot, wie er aussieht, herb genug für Honig und gut auf Eis.",
            "أحمر كما يبدو، فيه حموضة تليق بالعسل، وطيّب مثلّجًا.",
        ),
    ),
    (
        CHOCOLATE,
        "star",
        "navy",
        Say("Dark chocolate with sea salt", "Zartbitterschokolade mit Meersalz", "شوكولاتة داكنة بملح البحر"),
        Say(
            "72 per cent cocoa with a few flakes of salt on the back.",
            "72 Prozent Kakao mit ein paar Salzflocken auf der Rückseite.",
            "72 بالمئة كاكاو مع رقائق ملح على ظهر اللوح.",
        ),
    ),
    (
        CHOCOLATE,
        "cat",
        "peach",
        Say("Milk chocolate with hazelnut", "Vollmilchschokolade mit Haselnuss", "شوكولاتة بالحليب والبندق"),
        Say(
            "Whole roasted hazelnuts, so many that the bar is uneven.",
            "Ganze geröstete Haselnüsse, so viele, dass die Tafel uneben ist.",
            "حبّات بندق محمّصة كاملة، كثيرة حتى إن اللوح غير مستوٍ.",
        ),
    ),
    (
        CHOCOLATE,
        "orange",
        "charcoal",
        Say("Dark chocolate with orange", "Zartbitterschokolade mit Orange", "شوكولاتة داكنة بالبرتقال"),
        Say(
            "Candied peel in 60 per cent cocoa.",
            "Kandierte Schale in 60 Prozent Kakao.",
            "قشر برتقال مسكّر في كاكاو بنسبة 60 بالمئة.",
        ),
    ),
    (
        CHOCOLATE,
        "mountain",
        "sky",
        Say("Milk chocolate with almond", "Vollmilchschokolade mit Mandel", "شوكولاتة بالحليب واللوز"),
        Say(
            "Alpine milk and chopped almonds, caramelised first.",
            "Alpenmilch und gehackte Mandeln, vorher karamellisiert.",
            "حليب جبلي ولوز مجروش مكرمل.",
        ),
    ),
    (
        SPREAD,
        "bee",
        "mustard",
        Say("Blossom honey", "Blütenhonig", "عسل الأزهار"),
        Say(
            "From the meadows along the river, stirred until it spreads.",
            "Von den Wiesen am Fluss, cremig gerührt.",
            "من مروج ضفاف النهر، محرّك حتى صار كريميًا.",
        ),
    ),
    (
        SPREAD,
        "fir",
        "fir",
        Say("Forest honey", "Waldhonig", "عسل الغابة"),
        Say(
            "Dark and malty, gathered under firs.",
            "Dunkel und malzig, unter Tannen gesammelt.",
            "داكن غني الطعم، جُني تحت أشجار التنوب.",
        ),
    ),
    (
        SPREAD,
        "orange",
        "terracotta",
        Say("Bitter orange marmalade", "Bitterorangenmarmelade", "مربّى النارنج"),
        Say(
            "Cut thick, boiled in January, bitter as it should be.",
            "Grob geschnitten, im Januar gekocht und so bitter, wie es sein soll.",
            "مقطّع سميكًا ومطبوخ في الشتاء، بمرارة كما ينبغي.",
        ),
    ),
    (
        SPREAD,
        "cherry",
        "burgundy",
        Say("Sour cherry jam", "Sauerkirschkonfitüre", "مربّى الكرز الحامض"),
        Say(
            "Two thirds fruit and a hint of almond, no alcohol at all.",
            "Zwei Drittel Frucht und ein Hauch Mandel, ganz ohne Alkohol.",
            "ثلثاه فاكهة مع لمسة لوز، وبلا كحول.",
        ),
    ),
    (
        SPREAD,
        "pear",
        "sage",
        Say("Pear butter with ginger", "Birnenmus mit Ingwer", "معجون الكمثرى بالزنجبيل"),
        Say(
            "Cooked down for a whole day; try it with cheese.",
            "Einen ganzen Tag eingekocht; gut zu Käse.",
            "يُطهى يومًا كاملًا حتى يتماسك، جرّبه مع الجبن.",
        ),
    ),
    (
        BOX,
        "check",
        "coral",
        Say("Butter shortbread", "Buttergebäck", "بسكويت الزبدة"),
        Say(
            "Salted butter, fine sugar and nothing to hide, 200 g.",
            "Salzbutter, feiner Zucker und nichts zu verbergen, 200 g.",
            "زبدة مملّحة وسكر ناعم ولا شيء غيرهما، 200 غرام.",
        ),
    ),
    (
        BOX,
        "star",
        "burgundy",
        Say("Gingerbread stars", "Lebkuchensterne", "نجوم خبز الزنجبيل"),
        Say(
            "Soft, with candied lemon and a thin sugar glaze, 250 g.",
            "Weich, mit Zitronat und dünner Zuckerglasur, 250 g.",
            "طرية بقشر ليمون مسكّر وطبقة سكر رقيقة، 250 غرامًا.",
        ),
    ),
    (
        BOX,
        "lemon",
        "sky",
        Say("Lemon drops", "Zitronenbonbons", "حلوى الليمون"),
        Say(
            "Pulled by hand, sour first and sweet afterwards, 150 g.",
            "Von Hand gezogen, erst sauer, dann süß, 150 g.",
            "مشدودة يدويًا، حامضة أولًا ثم حلوة، 150 غرامًا.",
        ),
    ),
    (
        BOX,
        "wave",
        "cream",
        Say("Salted caramels", "Salzkaramellen", "كراميل مملّح"),
        Say(
            "Twelve soft pieces, each wrapped in wax paper.",
            "Zwölf weiche Stücke, jedes in Wachspapier gewickelt.",
            "اثنتا عشرة قطعة طرية، كل منها ملفوفة بورق مشمّع.",
        ),
    ),
    (
        BOX,
        "poppy",
        "peach",
        Say("Rose Turkish delight", "Lokum mit Rose", "راحة الحلقوم بالورد"),
        Say(
            "Sixteen cubes dusted with fine sugar, scented with real rose water.",
            "Sechzehn Würfel in feinem Zucker, mit echtem Rosenwasser.",
            "ستة عشر مكعّبًا بالسكر الناعم وماء ورد أصلي.",
        ),
    ),
]


def _entry(form: Form, motif: str, colour: str, name: Say, about: Say) -> Entry:
    tale = Say(*(f"{first} {second}" for first, second in zip(about, form.tale, strict=True)))
    return Entry(form, name, tale, motif, colour)


def entries() -> list[Entry]:
    """Everything on this shelf, in the order it is shown."""
    return [_entry(*pick) for pick in PICKS]
