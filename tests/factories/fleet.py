"""A kiosk and its cloud in one process: two databases, the real client, the real door, and a wire in between."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import requests
from django.conf import settings
from django.core.management import call_command
from django.db import connections, transaction
from django.test import Client
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from edgeshop.fleet.models import Kiosk, Shop, Staff
from edgeshop.fleet.services import CloudClient, Enrolled, adopt, enrol, keep_secret, new_code, ready_keys
from edgeshop.fleet.services.lease_section import answer_leases, ask_leases, take_leases

SHOP, KIOSK = 3, 12
PASSWORD = "horse-battery-staple"


@contextmanager
def on_node(wrapper: Any, *, is_ledger: bool) -> Iterator[None]:
    """Services work on another database, in another role, inside."""
    database, before = connections["default"], settings.EDGESHOP
    connections["default"], settings.EDGESHOP = wrapper, replace(before, is_ledger=is_ledger)
    try:
        yield
    finally:
        connections["default"], settings.EDGESHOP = database, before


@dataclass
class Wire(BaseAdapter):
    """Carries a kiosk's requests to the cloud's real handlers and may do to them what networks do."""

    on_cloud: Callable[[], Any]
    asked: list[requests.PreparedRequest] = field(default_factory=list)
    said: list[requests.Response] = field(default_factory=list)
    on_the_way_up: Callable[[requests.PreparedRequest], None] = lambda _request: None
    on_the_way_down: Callable[[requests.Response], requests.Response] = lambda response: response

    def send(self, request: requests.PreparedRequest, *_args: Any, **_options: Any) -> requests.Response:
        """One request, one answer."""
        self.asked.append(request)
        self.on_the_way_up(request)
        body = request.body or b""
        with self.on_cloud():
            answer = Client().generic(
                request.method or "GET", request.path_url, body, headers=dict(request.headers.items())
            )
        response = requests.Response()
        response.status_code, response._content = answer.status_code, answer.content
        response._content_consumed = True
        response.headers = CaseInsensitiveDict(answer.headers)
        response.url, response.request = request.url or "", request
        self.said.append(response)
        return self.on_the_way_down(response)

    def close(self) -> None:
        """Nothing is held."""


@dataclass
class House:
    """A cloud, one kiosk enrolled with it, and the client between them."""

    cloud_database: Any
    wire: Wire = field(init=False)
    client: CloudClient = field(init=False)

    def __post_init__(self) -> None:
        self.wire = Wire(self.cloud)
        self.client = self.new_client()

    def cloud(self) -> Any:
        """`with house.cloud():` what happens inside happens in the cloud."""
        return on_node(self.cloud_database, is_ledger=True)

    def new_client(self) -> CloudClient:
        """What a process that has just started uses."""
        client = CloudClient()
        client._session.mount("http://", self.wire)
        return client

    def found(self) -> None:
        """A shop with one kiosk that no box speaks for yet."""
        with self.cloud():
            make_kiosk(make_shop())

    def enrol(self) -> Kiosk:
        """Enrol this box as that kiosk, by the services of both sides."""
        with self.cloud():
            told = enrol(
                code=new_code(Kiosk.objects.get(pk=KIOSK)), device_jwk=ready_keys(is_ledger=False), trust_level=1
            )
        return adopt(told)

    def at_cloud(self) -> Kiosk:
        """The kiosk's row in the cloud."""
        with self.cloud():
            return Kiosk.objects.get(pk=KIOSK)


@contextmanager
def another_database() -> Iterator[Any]:
    """A second migrated SQLite database, in memory."""
    wrapper = connections.create_connection("default")
    wrapper.settings_dict = {**wrapper.settings_dict, "NAME": ":memory:"}
    with on_node(wrapper, is_ledger=True):
        call_command("migrate", verbosity=0)
    yield wrapper
    wrapper.close()


@contextmanager
def enrolled_house(cloud_database: Any) -> Iterator[House]:
    """A box enrolled as the kiosk of a cloud that forgets all of it afterwards."""
    house = House(cloud_database)
    with house.cloud():
        held = transaction.atomic()
        held.__enter__()
    house.found()
    house.enrol()
    yield house
    with house.cloud():
        transaction.set_rollback(True)
        held.__exit__(None, None, None)


def make_shop(**fields: Any) -> Shop:
    """A shop in euro, prices with tax."""
    usual = {"pk": SHOP, "name": "Corner", "currency": "EUR", "languages": ["en", "de"], "default_language": "en"}
    return Shop.objects.create(**usual | fields)


def make_kiosk(shop: Shop, **fields: Any) -> Kiosk:
    """A kiosk of a shop."""
    return Kiosk.objects.create(**{"pk": KIOSK, "shop": shop, "name": "Till"} | fields)


def make_staff(username: str, *, shop: Shop | None = None, role: str = Staff.Role.ATTENDANT) -> Staff:
    """Somebody who works here and can log in."""
    person = Staff(username=username, role=role, shop=shop, is_staff=True)
    person.set_password(PASSWORD)
    person.save()
    return person


def lend(name: str, value: str) -> None:
    """Lend a secret to the kiosk by the contact section of both sides, in a database that plays both roles."""
    keep_secret(shop_id=SHOP, name=name, value=value)
    told = answer_leases(KIOSK, ask_leases())
    if told is not None:
        take_leases(told)


def told(**fields: Any) -> Enrolled:
    """What the cloud tells a new kiosk."""
    shop = {"name": "Corner", "currency": "EUR", "exponent": 2, "inclusive": True, "timezone": "UTC"}
    usual = {
        "kiosk_id": KIOSK, "kiosk_name": "Till", "shop_id": SHOP, "epoch": 1, "trust_level": 1, "cloud_jwks": [],
        "shop": shop | {"languages": ["en"], "default_language": "en", "region": "home"},
    }  # fmt: skip
    return Enrolled(**usual | fields)
