"""What the frozen client lived through: the same cloud, made again for every replay, and what people did there."""

from dataclasses import replace

from django.conf import settings

from edgeshop.catalog.models import Allotment, Category, Product
from edgeshop.catalog.services import allot, receive_stock
from edgeshop.checkout.models import Allocator
from edgeshop.fleet.models import Device, Kiosk
from edgeshop.journal.models import Change, RowDigest, SetDigest, Stream
from edgeshop.journal.services import changes
from edgeshop.qa.two_nodes import KIOSK, SHOP, THING, World
from edgeshop.vault.services import thumbprint

LEVEL = 1
GOODS = range(201, 231)
STRICT = 230
PAGE_ROWS = 20  # so that the catalogue takes two answers, and a place in the middle of it is resumed


def begin() -> World:
    """A cloud with thirty more products, marked in a fixed order, so that places in its streams mean the same."""
    settings.EDGESHOP = replace(settings.EDGESHOP, sync=replace(settings.EDGESHOP.sync, page_rows_max=PAGE_ROWS))
    world = World(level=LEVEL)
    with world.cloud():
        shelf = Category.objects.get()
        for pk in GOODS:
            texts = {"en": {"name": f"Loaf {pk}"}, "de": {"name": f"Laib {pk}"}}
            policy = {"stock_policy": "strict"} if pk == STRICT else {}
            Product.objects.create(pk=pk, category=shelf, sku=f"s{pk}", texts=texts, **policy)
        receive_stock(shop_id=SHOP, product_id=STRICT, qty=9)
        allot(KIOSK, STRICT, 5)
        for model in (Change, Stream, RowDigest, SetDigest):
            model.objects.all().delete()
        changes("config", f"shop{SHOP}")
        changes("catalogue", f"c{shelf.pk}", f"p{THING}", *(f"p{pk}" for pk in GOODS))
        changes("prices", "1")
        changes(f"stock/{KIOSK}", *(f"{row.epoch}/{row.product_id}" for row in Allotment.objects.all()))
    return world


def change_some() -> None:
    """What happens in the cloud while the kiosk is away: a name, a colour, a product that is gone."""
    Product.objects.filter(pk=GOODS[0]).update(texts={"en": {"name": "Crust"}})
    Product.objects.filter(pk=GOODS[1]).update(colour="#112233")
    Product.objects.filter(pk=GOODS[2]).delete()
    changes("catalogue", f"p{GOODS[0]}", fields=("texts",))
    changes("catalogue", f"p{GOODS[1]}", fields=("colour",))
    changes("catalogue", f"p{GOODS[2]}")


ON_CLOUD = {"changed": change_some, "restarted": change_some}  # what is done there before a step


def speaks_for(jwk: dict[str, str], receipt_secret: bytes) -> Device:
    """Let the kiosk's device be the one with this key and secret: whatever the frozen client has made by them fits."""
    Kiosk.objects.filter(pk=KIOSK).update(device_jwk=jwk)
    Device.objects.filter(kiosk=KIOSK).update(jwk=jwk, kid=thumbprint(jwk))
    Allocator.objects.filter(kiosk=KIOSK, epoch=1).update(receipt_secret=receipt_secret)
    return Device.objects.select_related("kiosk__shop").filter(kiosk=KIOSK).order_by("-pk")[0]
