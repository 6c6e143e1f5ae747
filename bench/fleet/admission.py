"""What the bench does inside the cloud's own environment (`manage.py shell`): it lays out shops, enrols kiosks and
gives them a table.

Enrolment is the real service with real codes, device by device, without HTTP around it. The table is the real solver's
at one price. Which kiosk gets which the steering works out once a night; here all get that one.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from bench.fleet.goods import lay_out, shop_of
from edgeshop.fleet.models import Kiosk, Shop
from edgeshop.fleet.services import enrol, new_code
from edgeshop.fleet.services.enrolment import Enrolled
from edgeshop.kernel import clock
from edgeshop.qa.node import REPOSITORY
from edgeshop.sync.models import LinkAccount, PricedTable
from edgeshop.sync.services.tables import MUS, keep_tables
from edgeshop.sync.simulate.fleet_file import read_fleet

_PRICE = 5  # in the middle of the ten that a cloud solves for
_IN_A_FILE = 1  # the trust level that these kiosks' keys have


def admit(file: Path, *, shops: int) -> None:
    """Enrol kiosks. Shapes: `file` holds {kiosk id: public JWK}, and then {kiosk id: what a new kiosk is told}."""
    if not Shop.objects.exists():
        lay_out(shops)
    asked = json.loads(file.read_text(encoding="utf-8"))
    told = {kiosk_id: asdict(_admit(int(kiosk_id), jwk)) for kiosk_id, jwk in asked.items()}
    file.write_text(json.dumps(told), encoding="utf-8")


def steer(ids: Sequence[int]) -> None:
    """Let these kiosks go by the table of their class. Effect: it is solved, unless it is there."""
    if not PricedTable.objects.exists():
        keep_tables(read_fleet(REPOSITORY / "deploy/fleet.toml"), MUS[_PRICE:][:1])
    today = clock.now().date()
    for kiosk_id in ids:
        LinkAccount.objects.update_or_create(pk=kiosk_id, defaults={"place": 0, "steered_on": today})


def _admit(kiosk_id: int, jwk: dict[str, str]) -> Enrolled:
    kiosk = Kiosk.objects.create(pk=kiosk_id, shop_id=shop_of(kiosk_id), name=f"Till {kiosk_id}")
    return enrol(code=new_code(kiosk), device_jwk=jwk, trust_level=_IN_A_FILE)
