"""From the words of a description to a name, a shelf, a colour and a barcode."""

import pytest

from edgeshop.shop.retail.words import SHELVES, barcode_of, colour_of, readable, shelf_of

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("description", "name"),
    [
        ("WHITE HANGING HEART T-LIGHT HOLDER", "White Hanging Heart T-Light Holder"),
        ("RED  WOOLLY HOTTIE WHITE HEART.", "Red Woolly Hottie White Heart"),
        ("POPPY'S PLAYHOUSE BEDROOM ", "Poppy's Playhouse Bedroom"),
        ("SET/6 COLLAGE PAPER PLATES", "Set/6 Collage Paper Plates"),
        ("BOX OF 24 COCKTAIL PARASOLS", "Box of 24 Cocktail Parasols"),
        ("POLYESTER FILLER PAD 45x45cm", "Polyester Filler Pad 45x45cm"),
        ("3 TRADITIONAl BISCUIT CUTTERS  SET", "3 Traditional Biscuit Cutters Set"),
        ("*USB Office Mirror Ball", "USB Office Mirror Ball"),
        ("THE KING GIFT BAG", "The King Gift Bag"),
        ("FOLK ART GREETING CARD,pack/12", "Folk Art Greeting Card, Pack/12"),
        ("3D SHEET OF CAT STICKERS", "3D Sheet of Cat Stickers"),
    ],
)
def test_capitals_become_a_name_to_read(description: str, name: str) -> None:
    assert readable(description) == name


@pytest.mark.parametrize(
    ("description", "slug"),
    [
        ("WHITE HANGING HEART T-LIGHT HOLDER", "candles-lights"),
        ("KNITTED UNION FLAG HOT WATER BOTTLE", "textiles-bath"),
        ("JUMBO BAG RED RETROSPOT", "bags"),
        ("PINK PAPER BAG", "cards-paper"),
        ("SET OF 3 CAKE TINS PANTRY DESIGN", "kitchen-baking"),
        ("HAND WARMER BIRD DESIGN", "textiles-bath"),
        ("REGENCY TEACUP AND SAUCER", "table"),
        ("POPPY'S PLAYHOUSE BEDROOM", "toys-crafts"),
        ("WHITE CHRISTMAS GARLAND STARS", "parties-seasons"),
        ("TRIPLE PHOTO FRAME CORNICE", "home-decor"),
        ("GREEN ENAMEL FLOWER RING", "jewellery"),
        ("WATERING CAN PINK BUNNY", "garden"),
        ("SMALL HEART MEASURING SPOONS", "kitchen-baking"),
        ("TOXIC AREA DOOR HANGER", "storage"),
        ("SOMETHING NOBODY HAS HEARD OF", "home-decor"),
    ],
)
def test_the_last_known_noun_chooses_the_shelf(description: str, slug: str) -> None:
    assert shelf_of(description).slug == slug


def test_there_are_twelve_shelves_named_in_three_languages() -> None:
    assert len({shelf.slug for shelf in SHELVES}) == 12
    assert all(set(shelf.names) == {"en", "de", "ar"} for shelf in SHELVES)


def test_no_noun_stands_on_two_shelves() -> None:
    nouns = [noun for shelf in SHELVES for noun in shelf.nouns]

    assert sorted(nouns) == sorted(set(nouns))


def test_a_colour_comes_from_the_name_or_the_shelf_and_is_always_the_same() -> None:
    assert colour_of("PINK POLKADOT BOWL", "1") == colour_of("PINK SPOT BOWL", "2") == "#d9799a"
    assert colour_of("PLAIN BOWL", "21002") == colour_of("PLAIN BOWL", "21002")
    assert colour_of("PLAIN BOWL", "21002") != colour_of("PLAIN BOWL", "21003")


@pytest.mark.parametrize(
    ("code", "barcode"), [("85123A", "2208512301006"), ("71053", "2207105300006"), ("15056BL", "2201505602128")]
)
def test_a_barcode_is_a_valid_ean13_of_the_article_code(code: str, barcode: str) -> None:
    assert barcode_of(code) == barcode
    assert sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(barcode)) % 10 == 0
