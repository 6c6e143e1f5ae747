"""What a stolen disk gives away: a kiosk's state and last night's copy are searched, a copied token store is tried."""

import json
import os
import secrets
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import requests

from edgeshop.qa.disk import found
from edgeshop.qa.node import REPOSITORY
from edgeshop.qa.seat import Seat
from edgeshop.qa.stack import Kiosk, Stack
from edgeshop.qa.tokens import LABEL, PIN
from edgeshop.qa.tpm import EmulatedTpm
from edgeshop.vault.services.p256 import P256Key
from edgeshop.vault.services.wrapping import WrapKey

_SECRET, _MAIL, _ERASED = "lease-canary-7f3a", "ada-canary@example.org", "eve-canary@example.org"
# How private keys in the clear begin: PKCS#8 of P-256 and of RSA, and PEM.
KEY_MARKS = (
    bytes.fromhex("020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420"),
    bytes.fromhex("020100300d06092a864886f70d0101010500048204"),
    b"PRIVATE KEY-----",
)
_LEND = "from edgeshop.fleet.services import keep_secret; keep_secret(shop_id=1, name='canary', value={value!r})"
_CHILD = f"""
import sys
from pathlib import Path
from edgeshop.kernel.errors import EdgeShopError
from edgeshop.vault.services import Pkcs11Keystore
store = Pkcs11Keystore(module=sys.argv[1], token={LABEL!r}, pin={PIN!r}, path=Path(sys.argv[2]), keeps_session=False)
try:
    store.create("device") if sys.argv[3] == "create" else None
    print(len(store.sign("device", b"order")))
except EdgeShopError:
    print(0)
"""


@dataclass(frozen=True, slots=True)
class Searched:
    """What was found, as `canary in file`; and what the control found, where canaries and keys lie open."""

    found: list[str]
    control: int


def search(folder: Path) -> Searched:
    """A kiosk that sold, mailed, borrowed and erased: its state and the night's copy must give nothing away."""
    settings = {"EDGESHOP_MAIL_URL": "smtp://127.0.0.1:9", "EDGESHOP_LOG_LEVEL": "DEBUG"}
    with Stack(folder / "stack", settings=settings) as stack:
        stack.start()
        kiosk = stack.kiosks[0]
        stack.cloud.manage("shell", "--no-imports", "-c", _LEND.format(value=_SECRET))
        for address in (_MAIL, _ERASED):
            _buy(kiosk, address)
        kiosk.wait_until(lambda: "canary" in _leases(kiosk), what="lease", timeout_s=60)
        copy = _run("backup.sh", kiosk.state, folder / "copies")
        kiosk.manage("erase", "--email", _ERASED)
        needles = _needles(kiosk)
        stack.stop()
        places = [kiosk.state, Path(copy), stack.root / "logs"]
        seen = [f"{needle!r} in {name}" for place in places for needle in needles for name in found(needle, place)]
    return Searched(seen, _control(folder / "open", needles))


def clone_signatures(folder: Path) -> tuple[int, int]:
    """Signatures that a copied disk makes on another machine's chip, and on its own (the control)."""
    folder.mkdir()
    own, other = EmulatedTpm(_made(folder / "own")), EmulatedTpm(_made(folder / "other"))
    try:
        own.start()
        own.set_up()
        other.start()
        other.store = folder / "copied"
        _sign(own, folder / "keys", "create")
        shutil.copytree(own.store, other.store)
        return _sign(other, folder / "keys", "sign"), _sign(own, folder / "keys", "sign")
    finally:
        own.remove()
        other.remove()


def _sign(chip: EmulatedTpm, keys: Path, action: str) -> int:
    env = os.environ | chip.env | {"PYTHONPATH": str(REPOSITORY), "DJANGO_SETTINGS_MODULE": "edgeshop.settings.test"}
    argv = [sys.executable, "-c", _CHILD, str(chip.module), str(keys), action]
    done = subprocess.run(argv, env=env, capture_output=True, text=True, check=True, timeout=60)  # noqa: S603 -- ours
    return int(done.stdout.strip() != "0")


def _buy(kiosk: Kiosk, address: str) -> None:
    """Buy something on a seat and leave an address with the receipt."""
    seat = Seat(kiosk.front.url)
    sold = seat.sell((seat.sellable(policy="shelf")[0], 1))
    said = {"kind": "email", "address": address}
    answer = requests.post(f"{kiosk.front.url}/api/receipts/{sold['receipt_key']}/contact", json=said, timeout=10)
    answer.raise_for_status()


def _leases(kiosk: Kiosk) -> set[str]:
    return {lease["name"] for lease in kiosk.get("/api/health")["leases"]}


def _needles(kiosk: Kiosk) -> list[str | bytes]:
    """What must not be there: canaries, this node's own secrets, the beginnings of private keys."""
    own = [kiosk.settings[name] for name in ("EDGESHOP_SECRET_KEY", "EDGESHOP_VAULT_CREDENTIAL")]
    return [_SECRET, "ada-canary", "eve-canary", *own, *KEY_MARKS]


def _control(folder: Path, needles: list[str | bytes]) -> int:
    """The same search where all of it lies open: how many of the needles it finds."""
    folder.mkdir()
    texts = [needle for needle in needles if isinstance(needle, str)]
    (folder / "texts").write_text(json.dumps(texts), encoding="utf-8")
    (folder / "ec.der").write_bytes(P256Key.generate().pkcs8())
    (folder / "rsa.der").write_bytes(WrapKey.generate().pkcs8())
    (folder / "key.pem").write_text(f"-----BEGIN PRIVATE KEY-----\n{secrets.token_urlsafe(40)}\n", encoding="utf-8")
    return sum(bool(found(needle, folder)) for needle in needles)


def _run(script: str, *arguments: Path) -> str:
    argv = ["sh", str(REPOSITORY / "deploy/kiosk" / script), *map(str, arguments)]
    done = subprocess.run(argv, capture_output=True, text=True, check=True)  # noqa: S603 -- our own script
    return done.stdout.strip()


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder
