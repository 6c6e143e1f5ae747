"""Filling a cloud: what is there afterwards, and that doing it again changes nothing."""

import io
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.forms import model_to_dict

from edgeshop.catalog import media
from edgeshop.catalog.models import BasketHistory, Category, Product, StockLevel
from edgeshop.catalog.queries import current_book, prices
from edgeshop.catalog.services import PastBasket, draft_book, publish, save_baskets, set_prices
from edgeshop.fleet.models import EnrolmentCode, Kiosk, Shop, Staff
from edgeshop.fleet.services import enrol
from edgeshop.kernel import clock
from edgeshop.recommend.services import current_table
from edgeshop.shop.demoshop.baskets import DemoBasket
from edgeshop.shop.services import seeding
from edgeshop.vault.services import MemoryKeystore
from tests.factories.checkout import HeldClock

pytestmark = [pytest.mark.unit, pytest.mark.django_db]
GOODS = 3  # of the demo shop: enough to see that each gets everything


@pytest.fixture(autouse=True)
def _small(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cloud with a state folder of its own, and a demo shop of three goods and twenty baskets."""
    settings.EDGESHOP = replace(settings.EDGESHOP, is_ledger=True, state_dir=tmp_path)
    goods = seeding.demo_products()[:GOODS]
    start = HeldClock().at
    baskets = [DemoBasket(start + timedelta(hours=n), [(p.id, 1) for p in goods]) for n in range(20)]
    monkeypatch.setattr(seeding, "demo_products", lambda: goods)
    monkeypatch.setattr(seeding, "demo_baskets", lambda: baskets)


def seed(**options: Any) -> dict[str, Any]:
    """Run the command; answers its last line."""
    out = io.StringIO()
    call_command("seed", stdout=out, **options)
    return json.loads(out.getvalue().splitlines()[-1])


def everything() -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables but enrolment codes, and all files of the state folder."""
    home = Path(django_settings.EDGESHOP.state_dir)
    rows = {
        model._meta.label: [model_to_dict(row) for row in model._default_manager.order_by("pk")]
        for model in apps.get_models()
        if model is not EnrolmentCode
    }
    files = {str(path.relative_to(home)): path.read_bytes() for path in home.rglob("*") if path.is_file()}
    return rows | {"files": [files]}


def enrol_first() -> Kiosk:
    """A box has become the first kiosk."""
    kiosk = Kiosk.objects.order_by("pk").first()
    assert kiosk is not None
    enrol(code=seeding.new_code(kiosk), device_jwk=MemoryKeystore().create("device"), trust_level=1)
    return kiosk


def test_a_seeded_cloud_has_all_that_a_shop_needs():
    told = seed(kiosks=2)

    shop = Shop.objects.get()
    products = list(Product.objects.order_by("pk"))
    assert (told["shop_id"], set(told["codes"])) == (shop.pk, {str(k.pk) for k in Kiosk.objects.all()})
    assert [k.name for k in Kiosk.objects.order_by("pk")] == [f"Lantern & Leaf, screen {n}" for n in (1, 2)]
    assert [len(products), Category.objects.count(), StockLevel.objects.count()] == [3, 12, GOODS]
    assert all(set(p.texts) == {"en", "de", "ar"} and p.barcode and media.load(p.image_sha256) for p in products)
    assert set(prices(current_book(shop.pk))) == {p.pk for p in products}
    assert all(level.on_hand == level.free > 0 for level in StockLevel.objects.all())
    assert BasketHistory.objects.count() == 20
    table = current_table()
    assert table is not None
    assert (table.model_version, table.product_ids.tolist()) == (1, [p.pk for p in products])


def test_staff_have_the_rights_of_their_role_and_no_others():
    seed()

    people = {p.username: (p.role, p.is_superuser, p.has_perm("fleet.change_kiosk")) for p in Staff.objects.all()}
    assert people == {
        "olga": ("operator", True, True),
        "mia": ("manager", False, False),
        "ben": ("attendant", False, False),
    }
    assert all(p.is_staff and p.check_password(seeding.DEMO_PASSWORD) for p in Staff.objects.all())


def test_seeding_twice_changes_nothing():
    seed(kiosks=2)
    before = everything()

    told = seed(kiosks=2)

    assert everything() == before
    assert len(told["codes"]) == 2  # new ones: the old were shown once


def test_a_kiosk_with_a_box_gets_no_code_and_another_may_be_added():
    seed(kiosks=1)
    first = enrol_first()

    told = seed(kiosks=2)

    assert set(told["codes"]) == {str(k.pk) for k in Kiosk.objects.all()} - {str(first.pk)}
    assert Kiosk.objects.get(pk=first.pk).epoch == 1


def test_what_people_changed_stays_changed():
    shop_id = seed()["shop_id"]
    product = Product.objects.order_by("pk").first()
    assert product is not None
    StockLevel.objects.filter(product=product).update(free=1, on_hand=1)
    publish_price(shop_id, product.pk, 12_345)
    Staff.objects.filter(username="ben").update(role="manager")
    Shop.objects.update(timezone="Asia/Tokyo")

    seed()

    assert StockLevel.objects.get(product=product).free == 1
    assert prices(current_book(shop_id))[product.pk] == 12_345
    assert (Staff.objects.get(username="ben").role, Shop.objects.get().timezone) == ("manager", "Asia/Tokyo")


def publish_price(shop_id: int, product_id: int, unit_minor: int) -> None:
    draft = draft_book(shop_id=shop_id)
    set_prices(draft_id=draft, prices={product_id: unit_minor})
    publish(draft)


def test_a_model_is_trained_again_only_when_there_is_more_to_learn():
    seed()
    said: list[str] = []
    known = seeding.baskets_of_the_past()

    seeding.seed_model(learned_from=known, say=said.append)
    product_ids = list(Product.objects.values_list("pk", flat=True))
    save_baskets([PastBasket("one more", clock.now(), product_ids)])
    seeding.seed_model(learned_from=known, say=said.append)

    assert said == ["model 1 is there already", "learning from the baskets of the past", "model 2 is ready"]


def test_goods_without_a_picture_get_one_and_others_keep_theirs():
    seed()
    bare, *others = Product.objects.order_by("pk")
    Product.objects.filter(pk=bare.pk).update(image_sha256="")
    kept = [p.image_sha256 for p in others]

    drawn = [seeding.draw_missing_pictures(say=lambda _: None) for _ in (1, 2)]

    bare.refresh_from_db()
    assert (drawn, media.content_type(media.load(bare.image_sha256))) == ([1, 0], "image/svg+xml")
    assert [p.image_sha256 for p in Product.objects.order_by("pk")][1:] == kept


def test_a_kiosk_is_not_seeded(settings: Any):
    settings.EDGESHOP = replace(settings.EDGESHOP, is_ledger=False)

    with pytest.raises(CommandError, match="Only a cloud is seeded"):
        seed()

    assert not Shop.objects.exists()
