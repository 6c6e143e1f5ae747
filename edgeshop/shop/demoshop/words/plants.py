"""What grows in the pots, with one sentence on what it wants."""

from dataclasses import dataclass

from edgeshop.shop.demoshop.words.say import Say


@dataclass(frozen=True)
class Plant:
    """A plant in words; nominative in German, indefinite in Arabic."""

    name: Say
    tale: Say


PLANTS: dict[str, Plant] = {
    "olive": Plant(
        Say("Olive tree", "Olivenbäumchen", "شجيرة زيتون"),
        Say(
            "Wants the brightest window you have and a dry week now and then.",
            "Möchte das hellste Fenster und ab und zu eine trockene Woche.",
            "تحبّ أكثر نوافذك ضوءًا وأسبوعًا جافًا بين حين وآخر.",
        ),
    ),
    "cactus": Plant(
        Say("Column cactus", "Säulenkaktus", "نبتة صبّار عمودي"),
        Say(
            "Needs water once a month and otherwise to be left in peace.",
            "Braucht einmal im Monat Wasser und sonst seine Ruhe.",
            "يكفيها الماء مرة في الشهر، ثم أن تُترك وشأنها.",
        ),
    ),
    "fern": Plant(
        Say("Sword fern", "Schwertfarn", "نبتة سرخس"),
        Say(
            "Grows where others give up: in the bathroom, away from the sun.",
            "Wächst, wo andere aufgeben: im Bad, fern der Sonne.",
            "تنمو حيث تستسلم غيرها: في الحمّام وبعيدًا عن الشمس.",
        ),
    ),
    "aloe": Plant(
        Say("Aloe", "Aloe", "نبتة صبر"),
        Say(
            "Good on the kitchen sill, and good to have when the pan was hot.",
            "Gut auf der Küchenfensterbank, und gut zu haben, wenn die Pfanne heiß war.",
            "مكانها حافة نافذة المطبخ، وتنفعك حين تلسعك المقلاة.",
        ),
    ),
    "monstera": Plant(
        Say("Swiss cheese plant", "Fensterblatt", "نبتة مونستيرا"),
        Say(
            "Opens a new leaf every month and soon asks for a bigger corner.",
            "Öffnet jeden Monat ein neues Blatt und verlangt bald eine größere Ecke.",
            "تفتح ورقة جديدة كل شهر وسرعان ما تطلب زاوية أكبر.",
        ),
    ),
    "snake": Plant(
        Say("Snake plant", "Bogenhanf", "نبتة جلد النمر"),
        Say(
            "Forgives holidays, dark halls and people who forget to water.",
            "Verzeiht Ferien, dunkle Flure und vergessliche Menschen.",
            "تسامح على الإجازات والممرّات المعتمة ومن ينسى سقايتها.",
        ),
    ),
    "hearts": Plant(
        Say("String of hearts", "Leuchterblume", "نبتة سلسلة القلوب"),
        Say(
            "Trails down from a shelf, a hand's breadth each summer.",
            "Rankt vom Regal herab, jeden Sommer eine Handbreit weiter.",
            "تتدلّى من الرفّ وتطول شبرًا كل صيف.",
        ),
    ),
    "lavender": Plant(
        Say("Lavender", "Lavendel", "شتلة خزامى"),
        Say(
            "Put it outside, brush past it often, cut it back in August.",
            "Nach draußen stellen, oft daran vorbeistreifen, im August schneiden.",
            "ضعها في الخارج ومرّ بها كثيرًا، وقلّمها في آخر الصيف.",
        ),
    ),
    "basil": Plant(
        Say("Basil", "Basilikum", "شتلة ريحان"),
        Say(
            "Pick from the top and it will keep up with your tomatoes.",
            "Von oben ernten, dann hält es mit den Tomaten Schritt.",
            "اقطف من الأعلى لتجاري طماطمك طوال الصيف.",
        ),
    ),
    "orchid": Plant(
        Say("Orchid", "Orchidee", "نبتة أوركيد"),
        Say(
            "Flowers for three months, rests for three, and then surprises you.",
            "Blüht drei Monate, ruht drei und überrascht dann wieder.",
            "تزهر ثلاثة أشهر وتستريح ثلاثة، ثم تفاجئك من جديد.",
        ),
    ),
    "rubber": Plant(
        Say("Rubber tree", "Gummibaum", "شجرة مطاط"),
        Say(
            "Glossy, upright and hard to offend; dust the leaves when you think of it.",
            "Glänzend, aufrecht und kaum zu kränken; gelegentlich die Blätter abstauben.",
            "لامعة مستقيمة لا يزعجها شيء، امسح أوراقها كلما تذكّرت.",
        ),
    ),
    "lemon": Plant(
        Say("Lemon tree", "Zitronenbäumchen", "شجيرة ليمون"),
        Say(
            "Carries blossom and fruit at the same time and scents the whole stair.",
            "Trägt Blüten und Früchte zugleich und duftet durchs ganze Treppenhaus.",
            "تحمل الزهر والثمر معًا ويملأ عطرها الدرج كله.",
        ),
    ),
}
