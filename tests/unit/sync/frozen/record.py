"""Records a frozen client: every byte that a kiosk of this release says in a few contacts, and what it was answered.

    DJANGO_SETTINGS_MODULE=edgeshop.settings.test python -m tests.unit.sync.frozen.record

writes `tests/data/frozen_client_X.Y.json` for the minor release X.Y, never over one that is there. Recorded are real
messages of the real client; only signed HTTP is left out, which has a form and tests of its own.
"""

import base64
import json
from pathlib import Path
from typing import Any

import django

FOLDER = Path(__file__).resolve().parents[3] / "data"
GAP_S = 600.0


def record() -> dict[str, Any]:
    """The whole story."""
    from edgeshop import __version__
    from edgeshop.checkout.models import Allocator
    from edgeshop.checkout.services import sell_at_counter
    from edgeshop.fleet.models import Device
    from edgeshop.fleet.services import Reply
    from edgeshop.journal.models import Record
    from edgeshop.kernel import clock
    from edgeshop.qa.two_nodes import KIOSK, THING, Wire
    from edgeshop.sync.services import synchronise
    from edgeshop.sync.services.wire import VERSION, from_address
    from tests.unit.sync.frozen.story import ON_CLOUD, begin

    class Recorder(Wire):
        """A wire that keeps what goes over it."""

        kept: list[dict[str, Any]] = []
        step = ""

        def ask(self, address: str, body: bytes) -> Reply:
            """One exchange."""
            reply = super().ask(address, body)
            said = from_address(address.partition("?")[2], body)
            told = {"at_s": world.time.at_s, "said": said, "told": reply.body, "ack": reply.ack}
            self.kept.append({"step": self.step} | told)
            return reply

    def sell() -> None:
        for qty in (1, 3):
            sell_at_counter(lines=[(THING, qty)], tender="cash", staff="ada", at=clock.now())

    world = begin()
    with world.cloud():
        jwk, secret = Device.objects.get(kiosk=KIOSK).jwk, bytes(Allocator.objects.get(kiosk=KIOSK).receipt_secret)
    wire = Recorder(world.cloud)
    on_box = {"sold": sell, "sold again": sell}
    for step in ("first", "quiet", "sold", "changed", "quiet again", "restarted", "sold again"):
        world.time.move(GAP_S)
        Recorder.step = step
        with world.cloud():
            ON_CLOUD.get(step, lambda: None)()
        if step == "restarted":
            wire = Recorder(world.cloud)
        with world.box():
            on_box.get(step, lambda: None)()
            report = synchronise(wire)
            assert report.failed == {}, report.failed
    with world.box():
        facts = [[r.seq, r.kind, bytes(r.body).decode()] for r in Record.objects.order_by("epoch", "seq")]
    world.close()
    its = {"form": VERSION, "release": __version__, "device_jwk": jwk, "receipt_secret": secret}
    return its | {"facts": facts, "exchanges": Recorder.kept}


def _written(value: object) -> str:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(value)


def main() -> None:
    """Write the file."""
    django.setup()
    told = record()
    path = FOLDER / f"frozen_client_{told['release'].rpartition('.')[0]}.json"
    with path.open("x") as file:
        json.dump(told, file, indent=1, default=_written)
        file.write("\n")


if __name__ == "__main__":
    main()
