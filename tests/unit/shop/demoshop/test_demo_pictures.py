"""The demo shop's pictures: small, safe to inline, and never the same twice."""

import re
from hashlib import sha256
from xml.etree import ElementTree as ET

import pytest

from edgeshop.shop.demoshop.catalogue import demo_products
from edgeshop.shop.demoshop.pictures import draw, draw_hero

pytestmark = pytest.mark.unit

PRODUCTS = demo_products()
SVG = "{http://www.w3.org/2000/svg}"
SIZE_BYTES_MAX = 6 * 1024


@pytest.fixture(scope="module")
def drawings():
    return {product.id: draw(product.picture) for product in PRODUCTS}


def test_every_picture_is_a_4_to_5_svg_within_six_kilobytes(drawings):
    for product_id, svg in drawings.items():
        root = ET.fromstring(svg)  # noqa: S314 -- our own drawing
        assert root.tag == f"{SVG}svg"
        assert root.get("viewBox") == "0 0 400 500"
        assert len(svg.encode()) <= SIZE_BYTES_MAX, product_id


def test_no_two_pictures_are_the_same(drawings):
    hashes = {sha256(svg.encode()).hexdigest() for svg in drawings.values()}

    assert len(hashes) == len(PRODUCTS)


def test_pictures_are_the_same_every_time(drawings):
    assert draw(PRODUCTS[3].picture) == drawings[PRODUCTS[3].id]


def test_pictures_hold_no_text_scripts_or_references(drawings):
    for svg in [*drawings.values(), draw_hero()]:
        tags = {element.tag.removeprefix(SVG) for element in ET.fromstring(svg).iter()}  # noqa: S314 -- our own drawing
        assert tags.isdisjoint({"text", "script", "image", "style", "foreignObject", "a", "animate"})
        assert not re.search(r"""\bon\w+=|href="(?!#)|data:|url\((?!#)""", svg)


def test_ids_do_not_collide_when_pictures_are_inlined_together(drawings):
    ids = [name for svg in [*drawings.values(), draw_hero()] for name in re.findall(r'\bid="([^"]+)"', svg)]

    assert len(set(ids)) == len(ids)


def test_references_inside_a_picture_resolve(drawings):
    for svg in [*drawings.values(), draw_hero()]:
        names = set(re.findall(r'\bid="([^"]+)"', svg))
        assert set(re.findall(r"""(?:url\(#|href="#)([^)"]+)""", svg)) == names


def test_numbers_are_finite_and_short(drawings):
    for svg in drawings.values():
        assert not re.search(r"nan|inf|None|\d\.\d{3,}|e-\d", svg)


def test_placeholder_is_the_colour_behind_the_thing(drawings):
    for product in PRODUCTS:
        assert re.fullmatch(r"#[0-9a-f]{6}", product.colour)
        assert product.colour in drawings[product.id]


def test_hero_is_a_tall_still_life():
    svg = draw_hero()

    assert ET.fromstring(svg).get("viewBox") == "0 0 1080 1200"  # noqa: S314 -- our own drawing
    assert len(svg.encode()) < 64 * 1024
    assert svg == draw_hero()
