"""What the bench does inside the cloud's own environment (`manage.py shell`): it lays out shops and enrols kiosks.

Enrolment is the real service with real codes, device by device, without HTTP around it.
"""

import json
from dataclasses import asdict
from pathlib import Path

from bench.fleet.goods import lay_out, shop_of
from edgeshop.fleet.models import Kiosk, Shop
from edgeshop.fleet.services import enrol, new_code
from edgeshop.fleet.services.enrolment import Enrolled

_IN_A_FILE = 1  # the trust level that these kiosks' keys have


def admit(file: Path, *, shops: int) -> None:
    """Enrol kiosks. Shapes: `file` holds {kiosk id: public JWK}, and then {kiosk id: what a new kiosk is told}."""
    if not Shop.objects.exists():
        lay_out(shops)
    asked = json.loads(file.read_text(encoding="utf-8"))
    told = {kiosk_id: asdict(_admit(int(kiosk_id), jwk)) for kiosk_id, jwk in asked.items()}
    file.write_text(json.dumps(told), encoding="utf-8")


def _admit(kiosk_id: int, jwk: dict[str, str]) -> Enrolled:
    kiosk = Kiosk.objects.create(pk=kiosk_id, shop_id=shop_of(kiosk_id), name=f"Till {kiosk_id}")
    return enrol(code=new_code(kiosk), device_jwk=jwk, trust_level=_IN_A_FILE)
