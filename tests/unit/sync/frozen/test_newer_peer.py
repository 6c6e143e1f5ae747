"""A peer of a newer release says things that we do not know: they are kept and handed on, and hold nothing up."""

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import msgpack
import pytest
import zstandard
from django.db import transaction

from edgeshop.catalog.models import Product
from edgeshop.fleet.services import Reply
from edgeshop.fleet.services.devices import distrust_of
from edgeshop.fleet.services.verify import Heard
from edgeshop.journal import registry
from edgeshop.journal.models import Quarantine, Record, Stream
from edgeshop.journal.registry import Writer
from edgeshop.journal.services import append, apply_readable, changes, cursors, pack_facts, unsent
from edgeshop.kernel.columns import decode_rows, encode_rows
from edgeshop.kernel.facts import GENESIS, canonical, link
from edgeshop.qa.two_nodes import KIOSK, Wire, World
from edgeshop.sync.models import Remembered
from edgeshop.sync.services import contact, names, reply, synchronise
from edgeshop.sync.services.wire import Batch, Message, pack_answer, pack_message, unpack_answer, unpack_message
from edgeshop.sync.services.words import difference, digest, merged, whole
from tests.unit.sync.frozen.story import GOODS, begin, speaks_for
from tests.unit.sync.frozen.test_frozen_client import RECORDINGS, recording

pytestmark = pytest.mark.unit
NEW_KIND = "loyalty.points_given.v1"
NEW_WORDS = {"loyalty": msgpack.packb([1, {"tier": "gold"}]), "identity.mood": msgpack.packb("fine")}


@pytest.fixture
def world(settings, django_db_blocker) -> Iterator[World]:
    settings.EDGESHOP = replace(settings.EDGESHOP)
    with django_db_blocker.unblock():
        world = begin()
        yield world
        world.close()


def kiosk(world: World) -> Heard:
    """A kiosk that is heard, in the place of the one whose words were recorded."""
    told = recording(RECORDINGS[-1])
    with world.cloud():
        device = speaks_for(told["device_jwk"], base64.b64decode(told["receipt_secret"]))
        return Heard(device, is_fresh=True, distrust=distrust_of(device))


def first_words() -> dict[str, bytes]:
    """All the words of the recorded kiosk."""
    return merged({}, unpack_message(base64.b64decode(recording(RECORDINGS[-1])["exchanges"][0]["said"])).news)


def test_words_of_a_newer_kiosk_are_kept_and_change_nothing(world):
    words = first_words()
    newer = words | NEW_WORDS
    said = msgpack.unpackb(unpacked(Message("B", digest(newer), whole(newer))))
    later = replace_word(newer, "loyalty")
    heard = kiosk(world)

    with world.cloud():
        told = reply(heard, msgpack.packb([*said, {"of": "later"}]))
        after = unpack_answer(told.body)
        kept = msgpack.unpackb(bytes(Remembered.objects.get().words))
        again = reply(heard, pack_message(Message("B", digest(later), difference(newer, later))))

    assert "failed" not in after
    assert {page[0] for page in after["pages"]} == {names.STREAMS.index("config"), names.STREAMS.index("catalogue")}
    assert kept == newer
    assert "failed" not in (unpack_answer(again.body) if again.body else {})


def unpacked(message: Message) -> bytes:
    """A message as plain MessagePack."""
    data = pack_message(message)
    return zstandard.decompress(data) if data[:4] == b"\x28\xb5\x2f\xfd" else data


def replace_word(words: dict[str, bytes], name: str) -> dict[str, bytes]:
    return words | {name: msgpack.packb([2, {"tier": "lead"}])}


def newer_facts() -> list[tuple[str, bytes]]:
    """An order with a field that we do not know, and a fact of a kind that we do not know."""
    _, kind, body = recording(RECORDINGS[-1])["facts"][0]
    order = json.loads(body) | {"loyalty": {"card": 77, "points": [1, None]}}
    points = {"kind": NEW_KIND, "card": 77, "points": 5, "why": {"order": order["number"]}}
    return [(kind, canonical(order)), (NEW_KIND, canonical(points))]


def send(world: World, facts: list[tuple[str, bytes]]) -> Reply:
    head = GENESIS
    for _, body in facts:
        head = link(head, body)
    heard = kiosk(world)
    world.time.at_s = recording(RECORDINGS[-1])["exchanges"][-1]["at_s"]
    with world.cloud():
        packed = pack_facts(facts, writer=Writer(KIOSK, 1), names=names.FACTS)
        return reply(heard, pack_message(Message("B", None, whole({}), Batch(1, 1, head, packed))))


def test_facts_of_a_newer_kiosk_are_kept_to_the_byte_and_what_can_be_read_is_applied(world):
    facts = newer_facts()

    told = unpack_answer(send(world, facts).body)

    assert told["facts"] == {"epoch": 1, "acked_seq": 2, "unsettled": [[2, "kept"]]}
    with world.cloud():
        kept = Record.objects.filter(device_id=KIOSK).order_by("seq")
        assert [(r.kind, bytes(r.body)) for r in kept] == facts
        assert list(Quarantine.objects.values_list("record__kind", "code")) == [(NEW_KIND, "journal.kind_unknown")]


def test_what_was_kept_is_handed_on_when_a_release_knows_it(world, monkeypatch):
    facts, seen = newer_facts(), []
    send(world, facts)
    monkeypatch.setitem(registry._handlers, NEW_KIND, lambda _fact, body: seen.append(body) or registry.Outcome())

    with world.cloud():
        apply_readable()
        open_ones = Quarantine.objects.filter(closed_at=None).count()

    assert (seen, open_ones) == ([json.loads(facts[1][1])], 0)


@dataclass
class NewerCloud(Wire):
    """The real cloud, which says more than this release does; or reads less, as one of an older release."""

    world: World
    say_more: Callable[[dict[str, Any]], dict[str, Any]] = lambda told: told
    facts_names: tuple[str, ...] = names.FACTS
    said: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__(self.world.cloud)

    def ask(self, address: str, body: bytes) -> Reply:
        """One exchange."""
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(names, "FACTS", self.facts_names)
            told = super().ask(address, body)
        return Reply(pack_answer(self.say_more(unpack_answer(told.body))), told.ack) if told.body else told


def with_more(told: dict[str, Any]) -> dict[str, Any]:
    """A section, a stream, a field of rows and an end of pages that this release does not know."""
    pages = [[*page[:4], with_a_field(page), page[5], [*page[6:], None][0], "later"] for page in told.get("pages", [])]
    future = ["loyalty", 1, 9, False, encode_rows([{"@": "card", "#": 77, "tier": "gold"}]), encode_rows([])]
    return told | {"pages": [future, *pages], "loyalty": {"greeting": [1, 2]}}


def with_a_field(page: list[Any]) -> bytes:
    rows = decode_rows(page[4], names=names.ROWS, max_bytes=2**20)
    return encode_rows([row | {"allergens": ["rye"]} for row in rows], names=names.ROWS)


def test_an_answer_of_a_newer_cloud_is_taken_as_far_as_it_can_be_read(world):
    cloud = NewerCloud(world, say_more=with_more)

    with world.box():
        report = synchronise(cloud)

        assert report.failed == {}
        assert Product.objects.count() == len(GOODS) + 1
        assert cursors()["loyalty"] == (1, 9)


def test_a_stream_that_was_skipped_is_read_from_its_beginning_by_the_release_that_knows_it(world, monkeypatch):
    with world.box():
        synchronise(NewerCloud(world, say_more=with_more))
    held: dict[str, Any] = {}
    source = registry.Source(
        lambda _stream, keys: [{"key": key, "tier": "gold"} for key in keys],
        lambda _stream, rows, _gone: held.update({row["key"]: row["tier"] for row in rows}),
    )
    monkeypatch.setitem(registry._sources, "loyalty", source)
    with world.cloud():
        changes("loyalty", *(f"card{n}" for n in range(9)))

    with world.box():
        assert Stream.objects.get(name="loyalty").seq == 9
        assert synchronise(NewerCloud(world)).failed == {}

    assert held == {f"card{n}": "gold" for n in range(9)}


def unreadable(told: dict[str, Any]) -> dict[str, Any]:
    """The first page uses the number of a name that this release does not have."""
    rows = encode_rows([{"@": "p", "#": 104, "later": 1}], names=(*names.ROWS, "later"))
    pages = [
        [*page[:4], rows, *page[5:]] if page[0] == names.STREAMS.index("config") else page for page in told["pages"]
    ]
    return told | {"pages": pages}


def test_a_page_that_cannot_be_read_holds_up_no_other(world):
    with world.box():
        report = synchronise(NewerCloud(world, say_more=lambda told: unreadable(told) if "pages" in told else told))

        assert report.failed == {"config": "kernel.malformed_column"}
        assert Product.objects.count() == len(GOODS) + 1
        assert "config" not in cursors()
        assert synchronise(NewerCloud(world)).failed == {}
        assert "config" in cursors()


def sell_under_a_new_name(world: World, monkeypatch: pytest.MonkeyPatch) -> NewerCloud:
    """The kiosk has another name in its list than the cloud, and a fact that uses it."""
    older = names.FACTS
    monkeypatch.setattr(names, "FACTS", (*older, "points"))
    with world.box(), transaction.atomic():
        append("test.sold.v1", {"points": 5})
    return NewerCloud(world, facts_names=older)


def test_facts_of_a_kiosk_with_more_names_than_the_cloud_get_through(world, monkeypatch):
    cloud = sell_under_a_new_name(world, monkeypatch)

    with world.box():
        report = synchronise(cloud)

        assert (report.failed, unsent().count) == ({}, 0)
    with world.cloud():
        assert json.loads(bytes(Record.objects.get(kind="test.sold.v1").body))["points"] == 5


def test_control_by_their_numbers_they_would_be_stuck(world, monkeypatch):
    cloud = sell_under_a_new_name(world, monkeypatch)
    monkeypatch.setattr(contact, "pack_facts", lambda facts, **said: pack_facts(facts, **said | {"names": names.FACTS}))

    with world.box():
        report = synchronise(cloud)

        assert (report.failed, unsent().count) == ({"facts": "kernel.malformed_column"}, 1)
