"""What soaps and candles smell of, and the motif that stands for it on the label."""

from dataclasses import dataclass

from edgeshop.shop.demoshop.words.say import Say


@dataclass(frozen=True)
class Scent:
    """A scent in words; the Arabic name already carries its “with”."""

    name: Say
    motif: str
    tale: Say


SCENTS: dict[str, Scent] = {
    "lemon": Scent(
        Say("lemon and thyme", "Zitrone und Thymian", "بالليمون والزعتر"),
        "lemon",
        Say(
            "Lemon peel first, then warm thyme, like a kitchen window in summer.",
            "Erst Zitronenschale, dann warmer Thymian, wie ein Küchenfenster im Sommer.",
            "قشر الليمون أولًا ثم دفء الزعتر، كنافذة مطبخ في الصيف.",
        ),
    ),
    "orange": Scent(
        Say("orange and cinnamon", "Orange und Zimt", "بالبرتقال والقرفة"),
        "orange",
        Say(
            "Sweet orange with a stick of cinnamon, at its best from October on.",
            "Süße Orange mit einer Stange Zimt, am schönsten ab Oktober.",
            "برتقال حلو مع عود قرفة، وأجمل ما يكون في ليالي الخريف.",
        ),
    ),
    "pear": Scent(
        Say("pear and vanilla", "Birne und Vanille", "بالكمثرى والفانيليا"),
        "pear",
        Say(
            "Ripe pear, rounded off with a little vanilla; soft and never sticky.",
            "Reife Birne, mit etwas Vanille abgerundet; weich und nie klebrig.",
            "كمثرى ناضجة تكمّلها لمسة فانيليا، ناعمة دون إفراط.",
        ),
    ),
    "cherry": Scent(
        Say("cherry blossom", "Kirschblüte", "بزهر الكرز"),
        "cherry",
        Say(
            "Light as the one week in spring when the street turns white.",
            "So leicht wie die eine Frühlingswoche, in der die Straße weiß wird.",
            "خفيف كأسبوع الربيع الذي يبيضّ فيه الشارع.",
        ),
    ),
    "olive": Scent(
        Say("olive and rosemary", "Olive und Rosmarin", "بالزيتون وإكليل الجبل"),
        "olive",
        Say(
            "Green olive and crushed rosemary, dry and clear.",
            "Grüne Olive und zerriebener Rosmarin, trocken und klar.",
            "زيتون أخضر وإكليل جبل مفروك، برائحة صافية.",
        ),
    ),
    "honey": Scent(
        Say("honey and oat", "Honig und Hafer", "بالعسل والشوفان"),
        "bee",
        Say(
            "Warm as a slice of toast, with honey from a beekeeper two streets away.",
            "Warm wie eine Scheibe Toast, mit Honig vom Imker zwei Straßen weiter.",
            "دافئ كرغيف محمّص، بعسل من نحّال يسكن على بعد شارعين.",
        ),
    ),
    "sea": Scent(
        Say("sea salt and sage", "Meersalz und Salbei", "بملح البحر والمرمية"),
        "wave",
        Say(
            "The scent of a coat after a walk along the water.",
            "Der Duft eines Mantels nach einem Spaziergang am Wasser.",
            "رائحة معطف عاد لتوّه من نزهة على الشاطئ.",
        ),
    ),
    "rose": Scent(
        Say("rose and black pepper", "Rose und schwarzer Pfeffer", "بالورد والفلفل الأسود"),
        "poppy",
        Say(
            "A garden rose with a little pepper, so that it does not turn sweet.",
            "Eine Gartenrose mit etwas Pfeffer, damit sie nicht süß wird.",
            "ورد بلدي مع لمسة فلفل تحفظه من الحلاوة الزائدة.",
        ),
    ),
    "fir": Scent(
        Say("fir needle and moss", "Tannennadel und Moos", "بإبر التنوب والطحلب"),
        "fir",
        Say(
            "Resin, moss and cold air: the wood half an hour after the rain.",
            "Harz, Moos und kühle Luft: der Wald eine halbe Stunde nach dem Regen.",
            "صمغ وطحلب وهواء بارد: الغابة بعد المطر بنصف ساعة.",
        ),
    ),
    "camomile": Scent(
        Say("camomile", "Kamille", "بالبابونج"),
        "daisy",
        Say(
            "Camomile as from the garden, mild enough for the whole family.",
            "Kamille wie aus dem Garten, mild genug für die ganze Familie.",
            "بابونج كأنه من الحديقة، لطيف يناسب العائلة كلها.",
        ),
    ),
    "lavender": Scent(
        Say("lavender", "Lavendel", "بالخزامى"),
        "moon",
        Say(
            "Real lavender for the last half hour of the day.",
            "Echter Lavendel für die letzte halbe Stunde des Tages.",
            "خزامى طبيعية لآخر نصف ساعة من اليوم.",
        ),
    ),
    "mint": Scent(
        Say("mint and fern", "Minze und Farn", "بالنعناع والسرخس"),
        "fern",
        Say(
            "Cool mint over green fern; wakes you up kindly.",
            "Kühle Minze über grünem Farn; weckt auf, aber freundlich.",
            "نعناع منعش فوق خضرة السرخس، يوقظك بلطف.",
        ),
    ),
}
