"""A kiosk that nobody has upgraded: its very bytes are answered as they were, in words that it can read."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings

from edgeshop.catalog.models import Product
from edgeshop.fleet.services.introductions import introduced
from edgeshop.fleet.services.verify import Heard
from edgeshop.journal.models import Quarantine, Record
from edgeshop.journal.services import changes
from edgeshop.qa.two_nodes import World
from edgeshop.sync.errors import Malformed
from edgeshop.sync.services import names, reply
from tests.unit.sync.frozen import decoder
from tests.unit.sync.frozen.story import GOODS, ON_CLOUD, begin, speaks_for

pytestmark = pytest.mark.unit
RECORDINGS = sorted((Path(__file__).resolve().parents[3] / "data").glob("frozen_client_*.json"))


@dataclass(frozen=True)
class Exchange:
    """What the kiosk said in a step of the story, and what it is told now and was told then."""

    step: str
    now: dict[str, Any]
    then: dict[str, Any]
    acks: tuple[str, str]


@pytest.fixture
def world(settings, django_db_blocker) -> Iterator[World]:
    settings.EDGESHOP = django_settings.EDGESHOP  # put back after the test, whatever the story sets
    with django_db_blocker.unblock():  # it has databases of its own
        world = begin()
        yield world
        world.close()


def replay(world: World, recorded: dict[str, Any]) -> list[Exchange]:
    """Say every recorded message to the cloud of this release. The door, which checks signatures, is left out."""
    done: list[Exchange] = []
    with world.cloud():
        device = speaks_for(recorded["device_jwk"], base64.b64decode(recorded["receipt_secret"]))
    for exchange in recorded["exchanges"]:
        world.time.at_s = exchange["at_s"]
        with world.cloud():
            if not done or done[-1].step != exchange["step"]:
                ON_CLOUD.get(exchange["step"], lambda: None)()
            introduced(exchange["certificate"], signed_s=int(exchange["at_s"]))
            answer = reply(Heard(device, is_fresh=True, distrust=None), base64.b64decode(exchange["said"]))
        then = base64.b64decode(exchange["told"])
        read = [decoder.sections(data) if data else {} for data in (answer.body, then)]
        done.append(Exchange(exchange["step"], *read, acks=(answer.ack, exchange["ack"])))
    return done


def recording(path: Path) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return said


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_a_frozen_client_is_answered_as_it_was(world, path):
    for exchange in replay(world, recording(path)):
        now, then = exchange.now, exchange.then
        assert now.get("failed") is None, exchange.step
        assert then.keys() <= now.keys(), exchange.step
        assert (now.get("facts"), now.get("more")) == (then.get("facts"), then.get("more"))
        assert exchange.acks[0] == exchange.acks[1]
        assert [places(page) for page in now.get("pages", [])] == [places(page) for page in then.get("pages", [])]
        for page, before in zip(now.get("pages", []), then.get("pages", []), strict=True):
            assert says_at_least(page[4], before[4]), exchange.step


def places(page: list[Any]) -> list[Any]:
    """Stream, epoch, number and whether more waits; what is gone, and the digest of it all."""
    return [*page[:4], *page[5:]]


def says_at_least(rows: dict[str, Any], before: dict[str, Any]) -> bool:
    """Whether the same rows are told with all that was told of them."""
    return rows.keys() == before.keys() and all(was.items() <= rows[key].items() for key, was in before.items())


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_what_a_frozen_client_sold_is_kept_to_the_byte_and_settled(world, path):
    told = recording(path)

    replay(world, told)

    with world.cloud():
        kept = [[r.seq, r.kind, bytes(r.body).decode()] for r in Record.objects.filter(device_id=12).order_by("seq")]
        assert kept == told["facts"]
        assert len(kept) >= 4
        assert not Quarantine.objects.exists()


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_a_frozen_client_ends_with_every_row_of_the_cloud(world, path):
    found: dict[str, dict[str, Any]] = {}

    for exchange in replay(world, recording(path)):
        for stream, _epoch, _seq, _more, rows, gone, _digest in exchange.now.get("pages", []):
            for key, row in rows.items():
                found[f"{stream}:{key}"] = found.get(f"{stream}:{key}", {}) | row
            for key in gone:
                found.pop(f"{stream}:{key}", None)

    with world.cloud():
        there = {f"catalogue:p{product.pk}": product.texts for product in Product.objects.all()}
    assert {key: row["texts"] for key, row in found.items() if key.startswith("catalogue:p")} == there
    assert len(there) == len(GOODS)
    assert {key.partition(":")[0] for key in found} == {"config", "catalogue", "prices", "stock/12"}


def test_control_a_form_that_is_no_longer_known_is_noticed(world, monkeypatch):
    monkeypatch.setattr("edgeshop.sync.services.wire.VERSION", 3)

    with pytest.raises(Malformed):
        replay(world, recording(RECORDINGS[0]))


def test_control_a_name_that_old_kiosks_do_not_have_is_noticed_when_a_row_uses_it(world, monkeypatch):
    monkeypatch.setattr("edgeshop.sync.services.feed.ROWS", (*names.ROWS[:3], "later", *names.ROWS[3:]))

    with pytest.raises((AssertionError, IndexError)):
        test_a_frozen_client_is_answered_as_it_was(world, RECORDINGS[0])


def test_control_a_value_that_is_told_otherwise_is_noticed(world):
    with world.cloud():
        Product.objects.filter(pk=GOODS[5]).update(sku="other")
        changes("catalogue", f"p{GOODS[5]}")

    with pytest.raises(AssertionError):
        test_a_frozen_client_is_answered_as_it_was(world, RECORDINGS[0])
