"""What is painted on things: its name after “with”, a title for prints, and one sentence about it."""

from dataclasses import dataclass

from edgeshop.shop.demoshop.words.say import Say


@dataclass(frozen=True)
class Motif:
    """A motif in words. The German name is in the dative (after “mit”), the Arabic one definite (after “نقشة”)."""

    name: Say
    title: Say
    tale: Say


MOTIFS: dict[str, Motif] = {
    "swallow": Motif(
        Say("swallows", "Schwalben", "السنونو"),
        Say("Off to the South", "Auf nach Süden", "نحو الجنوب"),
        Say(
            "Each swallow is set down in a single stroke, the way they cross the yard in May.",
            "Jede Schwalbe ist mit einem einzigen Strich gesetzt, so wie sie im Mai über den Hof fliegt.",
            "كل سنونوة مرسومة بضربة فرشاة واحدة، كما تعبر سماء الربيع.",
        ),
    ),
    "lemon": Motif(
        Say("lemons", "Zitronen", "الليمون"),
        Say("The Lemon Tree", "Der Zitronenbaum", "شجرة الليمون"),
        Say(
            "The lemons come from the tree behind the studio and kept their leaves.",
            "Die Zitronen stammen vom Baum hinter dem Atelier und durften ihre Blätter behalten.",
            "الليمون من الشجرة التي خلف المرسم، وقد احتفظ بأوراقه.",
        ),
    ),
    "orange": Motif(
        Say("oranges", "Orangen", "البرتقال"),
        Say("Cut Oranges", "Aufgeschnitten", "برتقال مقطوع"),
        Say(
            "The oranges are cut open so that you see every segment glow.",
            "Die Orangen sind aufgeschnitten, damit man jede Spalte leuchten sieht.",
            "البرتقال مقطوع إلى نصفين ليظهر توهّج كل فصّ فيه.",
        ),
    ),
    "pear": Motif(
        Say("pears", "Birnen", "الكمثرى"),
        Say("Autumn Table", "Herbsttisch", "مائدة الخريف"),
        Say(
            "Fat, slightly crooked pears, none of them like the next.",
            "Dicke, etwas schiefe Birnen, keine wie die andere.",
            "حبّات كمثرى ممتلئة مائلة قليلًا، لا تشبه واحدة منها الأخرى.",
        ),
    ),
    "cherry": Motif(
        Say("cherries", "Kirschen", "الكرز"),
        Say("Two by Two", "Immer zu zweit", "اثنتين اثنتين"),
        Say(
            "The cherries hang in pairs, as if ready to be worn behind an ear.",
            "Die Kirschen hängen zu zweit, wie gemacht, um sie hinters Ohr zu stecken.",
            "الكرز معلّق أزواجًا، كأنه أقراط صيفية.",
        ),
    ),
    "olive": Motif(
        Say("olive branches", "Olivenzweigen", "أغصان الزيتون"),
        Say("The Old Grove", "Der alte Hain", "البستان العتيق"),
        Say(
            "Olive branches with narrow leaves and a few ripe fruits, drawn on a quiet afternoon.",
            "Olivenzweige mit schmalen Blättern und ein paar reifen Früchten, gezeichnet an einem stillen Nachmittag.",
            "أغصان زيتون بأوراق دقيقة وبضع حبّات ناضجة، رُسمت في عصر هادئ.",
        ),
    ),
    "fern": Motif(
        Say("ferns", "Farnen", "السرخس"),
        Say("In the Shade", "Im Schatten", "في الظل"),
        Say(
            "The ferns were drawn in the shady corner of the garden, frond by frond.",
            "Die Farne sind in der schattigen Gartenecke gezeichnet, Wedel für Wedel.",
            "رُسم السرخس في الركن الظليل من الحديقة، ورقة بعد ورقة.",
        ),
    ),
    "poppy": Motif(
        Say("poppies", "Mohnblumen", "شقائق النعمان"),
        Say("First Week of June", "Erste Juniwoche", "مطلع حزيران"),
        Say(
            "Poppies at full stretch, with the crumpled petals they have on their first day.",
            "Mohnblumen in voller Blüte, noch so zerknittert wie am ersten Tag.",
            "شقائق نعمان في أوج تفتّحها، ببتلات مجعّدة كما في يومها الأول.",
        ),
    ),
    "daisy": Motif(
        Say("daisies", "Margeriten", "الأقحوان"),
        Say("A Handful of Meadow", "Eine Handvoll Wiese", "حفنة من المرج"),
        Say(
            "The daisies look as if somebody had just come in with a handful of them.",
            "Die Margeriten sehen aus, als wäre gerade jemand mit einer Handvoll hereingekommen.",
            "يبدو الأقحوان كأن أحدهم دخل للتو يحمل منه باقة.",
        ),
    ),
    "bee": Motif(
        Say("bees", "Bienen", "النحل"),
        Say("Way Home", "Heimweg", "طريق العودة"),
        Say(
            "The bees are on their way home, heavy with pollen and in no hurry.",
            "Die Bienen sind auf dem Heimweg, schwer von Pollen und ohne Eile.",
            "النحل عائد إلى خليّته محمّلًا باللقاح، على مهل.",
        ),
    ),
    "wave": Motif(
        Say("waves", "Wellen", "الأمواج"),
        Say("High Water", "Hochwasser an der Mole", "مدّ البحر"),
        Say(
            "The waves roll in one behind the other, calm and never quite the same.",
            "Die Wellen rollen ruhig hintereinander an, keine ganz wie die vorige.",
            "تتلاحق الأمواج هادئة، ولا تشبه موجة ما قبلها تمامًا.",
        ),
    ),
    "boat": Motif(
        Say("sailing boats", "Segelbooten", "القوارب الشراعية"),
        Say("Wind from the Left", "Wind von links", "ريح من اليسار"),
        Say(
            "The small boats all lean the same way, so you know where the wind comes from.",
            "Die kleinen Boote neigen sich alle zur selben Seite; man sieht, woher der Wind kommt.",
            "تميل القوارب الصغيرة كلها إلى جهة واحدة، فتعرف من أين تهبّ الريح.",
        ),
    ),
    "fish": Motif(
        Say("sardines", "Sardinen", "السردين"),
        Say("Friday Market", "Freitagsmarkt", "سوق الجمعة"),
        Say(
            "The sardines are lined up the way the fishmonger does it, head to tail.",
            "Die Sardinen liegen aufgereiht wie beim Fischhändler, Kopf an Schwanz.",
            "السردين مصفوف كما يصفّه بائع السمك، رأسًا إلى ذيل.",
        ),
    ),
    "moon": Motif(
        Say("moon and stars", "Mond und Sternen", "القمر والنجوم"),
        Say("Late Walk", "Später Spaziergang", "نزهة متأخرة"),
        Say(
            "A thin moon with a few stars for company, as you see it walking home late.",
            "Ein schmaler Mond in Gesellschaft weniger Sterne, wie man ihn auf dem späten Heimweg sieht.",
            "هلال نحيل تؤنسه بضع نجوم، كما تراه في طريق العودة ليلًا.",
        ),
    ),
    "star": Motif(
        Say("stars", "Sternen", "النجوم"),
        Say("Clear Night", "Klare Nacht", "ليلة صافية"),
        Say(
            "The stars are cut like paper ones, with points that are not too exact.",
            "Die Sterne sind wie aus Papier geschnitten, mit nicht ganz genauen Zacken.",
            "النجوم كأنها قُصّت من الورق، بأطراف ليست دقيقة تمامًا.",
        ),
    ),
    "sun": Motif(
        Say("morning sun", "Morgensonne", "شمس الصباح"),
        Say("Half Past Six", "Halb sieben", "السادسة والنصف"),
        Say(
            "The sun comes up behind it with broad, unhurried rays.",
            "Die Sonne geht mit breiten, gelassenen Strahlen auf.",
            "تشرق الشمس بأشعّة عريضة متمهّلة.",
        ),
    ),
    "mountain": Motif(
        Say("mountains", "Bergen", "الجبال"),
        Say("First Snow", "Erster Schnee", "أول الثلج"),
        Say(
            "The mountains stand one behind the other, the last ones already white.",
            "Die Berge stehen hintereinander, die letzten sind schon weiß.",
            "تقف الجبال بعضها خلف بعض، وآخرها قد ابيضّ.",
        ),
    ),
    "house": Motif(
        Say("little houses", "kleinen Häusern", "البيوت الصغيرة"),
        Say("Our Street", "Unsere Straße", "شارعنا"),
        Say(
            "A street of narrow houses, and in one of them the light is still on.",
            "Eine Straße schmaler Häuser, und in einem brennt noch Licht.",
            "شارع من البيوت الضيّقة، وفي أحدها ما زال الضوء مضاءً.",
        ),
    ),
    "fir": Motif(
        Say("fir trees", "Tannen", "أشجار التنوب"),
        Say("The Edge of the Wood", "Am Waldrand", "عند طرف الغابة"),
        Say(
            "The firs stand close together, as at the edge of a wood in December.",
            "Die Tannen stehen dicht beieinander wie im Dezember am Waldrand.",
            "تقف أشجار التنوب متقاربة كما عند طرف الغابة في الشتاء.",
        ),
    ),
    "cat": Motif(
        Say("cats", "Katzen", "القطط"),
        Say("The Landlady", "Die Hausherrin", "سيّدة البيت"),
        Say(
            "The cat is the studio's own; she was paid in tuna for sitting still.",
            "Die Katze wohnt im Atelier und wurde fürs Stillsitzen mit Thunfisch bezahlt.",
            "القطة من سكّان المرسم، وقد نالت أجرها سمكًا كي تجلس بلا حراك.",
        ),
    ),
    "mushroom": Motif(
        Say("mushrooms", "Pilzen", "الفطر"),
        Say("After the Rain", "Nach dem Regen", "بعد المطر"),
        Say(
            "Mushrooms as you find them after three days of rain, some still half asleep.",
            "Pilze, wie man sie nach drei Tagen Regen findet, manche noch halb im Schlaf.",
            "فطر كما تجده بعد ثلاثة أيام من المطر، وبعضه لم يستيقظ بعد.",
        ),
    ),
    "stripe": Motif(
        Say("stripes", "Streifen", "الخطوط"),
        Say("Deckchair", "Liegestuhl", "كرسي الشاطئ"),
        Say(
            "The stripes are drawn freehand, which is why they breathe a little.",
            "Die Streifen sind freihand gezogen, deshalb atmen sie ein wenig.",
            "الخطوط مرسومة باليد الحرّة، ولذلك فيها شيء من الحياة.",
        ),
    ),
    "dot": Motif(
        Say("dots", "Punkten", "النقاط"),
        Say("Snowfall", "Schneefall", "تساقط الثلج"),
        Say(
            "Every dot is dabbed on with a fingertip, so no two are the same size.",
            "Jeder Punkt ist mit der Fingerspitze getupft, daher ist keiner so groß wie der andere.",
            "كل نقطة وُضعت بطرف الإصبع، فلا تتساوى نقطتان.",
        ),
    ),
    "check": Motif(
        Say("checks", "Karos", "المربّعات"),
        Say("Picnic", "Picknick", "نزهة"),
        Say(
            "A check of two broad brush widths, familiar from the picnic blanket.",
            "Ein Karo aus zwei breiten Pinselzügen, vertraut von der Picknickdecke.",
            "مربّعات من ضربتي فرشاة عريضتين، مألوفة كمفرش النزهات.",
        ),
    ),
    "bunting": Motif(
        Say("bunting", "Wimpeln", "أعلام الزينة"),
        Say("Garden Party", "Gartenfest", "حفلة الحديقة"),
        Say(
            "A string of bunting, hung a little crooked like at every good party.",
            "Eine Wimpelkette, etwas schief aufgehängt wie auf jedem guten Fest.",
            "حبل من أعلام الزينة معلّق بميل خفيف، كما في كل حفلة جميلة.",
        ),
    ),
}
