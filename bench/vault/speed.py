"""What cryptography costs a shopper and the ledger, side by side with the plain primitive."""

import hashlib
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from edgeshop.qa.tokens import LABEL, PIN, seen
from edgeshop.qa.tpm import EmulatedTpm
from edgeshop.vault.services import (
    FileKeystore,
    HotKey,
    Jwk,
    Keystore,
    MemoryKeystore,
    Pkcs11Keystore,
    new_hot_key,
    peek_jws,
    sign_jws,
    verify_hot_certificate,
    verify_jws,
)
from edgeshop.vault.services.p256 import ALGORITHM, read_jwk, to_der

_ROUNDS, _BATCH, _CHECKOUTS, _ORDERS = 9, 600, 200, 400
_GRANT = {
    "jti": "0193f2c4-7a1e-7c3d-9f00-3b5e8c1d2a44", "sub": 12, "epoch": 3, "level": 2, "iat": 1_800_000_000,
    "soft": 1_800_086_400, "exp": 1_800_259_200, "currency": "EUR", "order_max": 15_000, "window": 100_000,
    "sum_ceil": 140_000, "count_ceil": 260, "book_min": 7, "numbers": {"epoch": 3, "from": 1}, "revocations_min": 4,
    "cnf": {"jkt": "x" * 43},
}  # fmt: skip
_SUBJECT = "kiosk/12"


@dataclass(frozen=True, slots=True)
class Paper:
    """All that one offline checkout signs and checks: who may, whose token, whose order."""

    cloud: Jwk
    device: Jwk
    seat: Jwk
    grant: str
    token: str
    order: str


def grant_verify_ratio() -> tuple[float, float]:
    """Grants verified per second over raw ES256 verifications per second, interleaved; and the former."""
    keys = MemoryKeystore()
    jwk = keys.create("cloud")
    grant = sign_jws(keystore=keys, key="cloud", typ="grant+jwt", claims=_GRANT)
    signed, _, _ = grant.rpartition(".")
    data, public = signed.encode(), read_jwk(jwk).get_op_key("verify")
    signature = to_der(keys.sign("cloud", data))
    ratios, rates = [], []
    for _ in range(_ROUNDS):
        raw = _rate(lambda: public.verify(signature, data, ALGORITHM), _BATCH)
        rates.append(_rate(lambda: verify_jws(grant, jwk=jwk, typ="grant+jwt"), _BATCH))
        ratios.append(rates[-1] / raw)
    return statistics.median(ratios), statistics.median(rates)


def checkout_p95_ms(keys: Keystore) -> float:
    """The whole of an offline checkout, by the wall: check the grant, certify a fresh hot key with the device key (in a
    shop that happens once a day), sign the token, check it and the seat's order, sign the receipt."""
    device, cloud, seat = keys.create("device"), MemoryKeystore(), MemoryKeystore()
    issuer, jkt = cloud.create("cloud"), seat.create("seat")
    grant = sign_jws(keystore=cloud, key="cloud", typ="grant+jwt", claims=_GRANT)
    times = []
    for n in range(_CHECKOUTS):
        began = time.perf_counter()
        verify_jws(grant, jwk=issuer, typ="grant+jwt")
        paper = _sell(_hot(keys), device, seat, jkt, issuer, grant, n)
        _check_at_till(paper)
        times.append(1000 * (time.perf_counter() - began))
    return statistics.quantiles(times, n=20)[-1]


def settle_per_s() -> float:
    """Orders per second of one core: the grant, the token and its certificate, the order, and its link in the chain."""
    keys, cloud, seat = MemoryKeystore(), MemoryKeystore(), MemoryKeystore()
    device, issuer, jwk = keys.create("device"), cloud.create("cloud"), seat.create("seat")
    grant = sign_jws(keystore=cloud, key="cloud", typ="grant+jwt", claims=_GRANT)
    hot = _hot(keys)  # a process signs with one for most of a day
    papers = [_sell(hot, device, seat, jwk, issuer, grant, n) for n in range(_ORDERS)]
    chain, began = bytes(32), time.process_time()
    for paper in papers:
        verify_jws(paper.grant, jwk=paper.cloud, typ="grant+jwt")
        _check_at_till(paper)
        chain = hashlib.sha256(chain + paper.order.encode()).digest()
    return _ORDERS / (time.process_time() - began)


def file_keys(folder: Path) -> Keystore:
    """Keys in an encrypted folder."""
    return FileKeystore(path=folder, credential="the words on the card in the till")


def chip_p95_ms(folder: Path) -> float:
    """The checkout with the device key in an emulated TPM."""
    folder.mkdir()
    chip = EmulatedTpm(folder)
    try:
        chip.start()
        chip.set_up()
        with seen(chip.module, chip.env):
            return checkout_p95_ms(
                Pkcs11Keystore(module=str(chip.module), token=LABEL, pin=PIN, path=folder / "keys", keeps_session=True)
            )
    finally:
        chip.remove()


def _hot(keys: Keystore) -> HotKey:
    return new_hot_key(subject=_SUBJECT, keystore=keys, now_s=_GRANT["iat"])  # type: ignore[arg-type]  # -- an int


def _sell(hot: HotKey, device: Jwk, seat: Keystore, jwk: Jwk, issuer: Jwk, grant: str, n: int) -> Paper:
    claims = {"rn": f"3-12-3-{n + 1}", "aud": 12, "max": 15_000, "iat": _GRANT["iat"], "cnf": {"jkt": "x" * 43}}
    token = hot.sign_jws("token+jwt", claims, {"cert": hot.certificate})
    said = {"rn": claims["rn"], "token": token, "book": 7, "lines": [[17, 2, 1250], [90, 1, 480]], "total": 2980}
    order = sign_jws(keystore=seat, key="seat", typ="order+jws", claims=said, headers={"jwk": jwk})
    hot.sign_jws("receipt+jws", {"rn": claims["rn"], "total": 2980})
    return Paper(issuer, device, jwk, grant, token, order)


def _check_at_till(paper: Paper) -> None:
    _, said = peek_jws(paper.order)
    header, _ = peek_jws(said["token"])
    hot = verify_hot_certificate(header["cert"], issuer_jwk=paper.device, now_s=_GRANT["iat"], subject=_SUBJECT)  # type: ignore[arg-type]  # -- an int
    verify_jws(said["token"], jwk=hot, typ="token+jwt")
    verify_jws(paper.order, jwk=paper.seat, typ="order+jws")


def _rate(work: Callable[[], object], count: int) -> float:
    began = time.process_time()
    for _ in range(count):
        work()
    return count / (time.process_time() - began)
