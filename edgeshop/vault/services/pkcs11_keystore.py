"""Keys inside a token: a cloud's HSM or a kiosk's TPM, the same code with another module path.

Private halves are made in the token, are sensitive and not extractable, and never leave it. Sealing would be slow in
there, so a random AES key per name does it in memory; on disk it is wrapped for one RSA key of the token, with its name
beside it, so that such files cannot change places.
"""

import contextlib
import hashlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from cryptography.hazmat.primitives.serialization import load_der_public_key
from pkcs11 import MGF, Attribute, KeyType, Mechanism, ObjectClass
from pkcs11 import exceptions as refusals
from pkcs11.constants import DEFAULT
from pkcs11.util.ec import encode_ec_public_key, encode_named_curve_parameters

from edgeshop.vault.errors import HardwareUnusable, KeyMissing, KeystoreLocked, SealBroken
from edgeshop.vault.services.durable_file import alone_in, write_durably
from edgeshop.vault.services.keystore import NAME, demand_name
from edgeshop.vault.services.p256 import Jwk, low_s, public_jwk
from edgeshop.vault.services.pkcs11_module import Held, Place, module
from edgeshop.vault.services.sealing import KEY_BYTES, SealKey
from edgeshop.vault.services.wrapping import BITS, OAEP_1, OAEP_256, wrap, wrap_jwk

T = TypeVar("T")
SEALER = "node.seal"  # the RSA key behind all sealing keys; with a dot, so that it is nobody's name
SEAL_ENDING = ".seal.wrapped"
PROBE = b"can you read this?"
OAEP = {
    OAEP_256: (Mechanism.SHA256, MGF.SHA256, None),
    OAEP_1: (Mechanism.SHA_1, MGF.SHA1, None),
}
CANNOT = (refusals.ArgumentsBad, refusals.MechanismParamInvalid, refusals.MechanismInvalid)
# What a key is for is said where it is allowed and left out elsewhere: tpm2-pkcs11 refuses a template that says no.
PUBLIC = dict.fromkeys((Attribute.ENCRYPT, Attribute.WRAP, Attribute.VERIFY, Attribute.DERIVE), DEFAULT)
PRIVATE = {
    **dict.fromkeys((Attribute.DECRYPT, Attribute.UNWRAP, Attribute.SIGN, Attribute.DERIVE), DEFAULT),
    Attribute.SENSITIVE: True,
    Attribute.EXTRACTABLE: False,
}


class Pkcs11Keystore:
    """A `Keystore` of level 2. Opens at first use. `path` holds its wrapped sealing keys and its lock.

    `keeps_session` is for a token that one process has for itself or that serves many (an HSM); without it, processes
    take turns at the chip and leave nothing in it. Raises, everywhere: HardwareUnusable.
    """

    trust_level: int = 2

    def __init__(self, *, module: str, token: str, pin: str, path: Path, keeps_session: bool = True) -> None:
        self._place = Place(module, token, pin)
        self._path = path
        self._keeps_session = keeps_session
        self._public: dict[tuple[str, KeyType], Jwk] = {}
        self._sealers: dict[str, SealKey] = {}
        self._oaep: str | None = None
        self._sealing = threading.Lock()

    def key_names(self) -> list[str]:
        wanted = {Attribute.CLASS: ObjectClass.PUBLIC_KEY, Attribute.KEY_TYPE: KeyType.EC}
        labels = self._ask("names", lambda held: [str(key.label) for key in held.session.get_objects(wanted)])
        return sorted(label for label in labels if NAME.fullmatch(label))

    def create(self, name: str) -> Jwk:
        return self._ensured(name, KeyType.EC)

    def public_key(self, name: str) -> Jwk:
        return self._found(name, KeyType.EC)

    def sign(self, name: str, data: bytes) -> bytes:
        self._found(name, KeyType.EC)
        digest = hashlib.sha256(data).digest()
        signed = self._ask(
            _item(name, KeyType.EC),
            lambda held: _private(held, name, KeyType.EC).sign(digest, mechanism=Mechanism.ECDSA),
        )
        return low_s(bytes(signed))

    def create_wrap_key(self, name: str) -> Jwk:
        return self._ensured(name, KeyType.RSA)

    def public_wrap_key(self, name: str) -> Jwk:
        return self._found(name, KeyType.RSA)

    def unwrap(self, name: str, wrapped: bytes) -> bytes:
        jwk = self._found(name, KeyType.RSA)
        return self._unwrap(name, jwk, wrapped)

    def seal(self, name: str, data: bytes, context: bytes) -> bytes:
        return self._sealer(name, makes=True).seal(data, context)

    def open_sealed(self, name: str, sealed: bytes, context: bytes) -> bytes:
        return self._sealer(name, makes=False).open(sealed, context)

    def _ask(self, item: str, use: Callable[[Held], T], *, alone: bool = False, fresh: bool = False) -> T:
        takes_turns = alone or not self._keeps_session
        try:
            with alone_in(self._path) if takes_turns else contextlib.nullcontext():
                return module(self._place.module).ask(self._place, item, use, keeps=self._keeps_session, fresh=fresh)
        except HardwareUnusable:
            self._public.clear()  # another token may come back
            raise
        except refusals.NoSuchKey:
            raise KeyMissing("This token has no such key.", key=item) from None

    def _ensured(self, name: str, kind: KeyType) -> Jwk:
        try:
            return self._found(name, kind)
        except KeyMissing:
            self._ask(_item(name, kind), lambda held: _made(held, name, kind), alone=True, fresh=True)
            return self._found(name, kind)

    def _found(self, name: str, kind: KeyType) -> Jwk:
        if name != SEALER:
            demand_name(name)
        if (name, kind) not in self._public:
            try:
                self._public[name, kind] = self._ask(_item(name, kind), lambda held: self._read(held, name, kind))
            except KeyMissing:  # another process may have made it
                self._public[name, kind] = self._ask(
                    _item(name, kind), lambda held: self._read(held, name, kind), fresh=True
                )
        return dict(self._public[name, kind])

    def _read(self, held: Held, name: str, kind: KeyType) -> Jwk:
        key = held.session.get_key(object_class=ObjectClass.PUBLIC_KEY, key_type=kind, label=name)
        if kind is KeyType.EC:
            return public_jwk(load_der_public_key(encode_ec_public_key(key)))  # type: ignore[arg-type]  # -- the key type was asked for
        n, e = (int.from_bytes(key[part], "big") for part in (Attribute.MODULUS, Attribute.PUBLIC_EXPONENT))
        if self._oaep is None:
            self._oaep = _best_oaep(_private(held, name, kind), n, e)
        return wrap_jwk(n=n, e=e, alg=self._oaep)

    def _unwrap(self, name: str, jwk: Jwk, wrapped: bytes) -> bytes:
        if len(wrapped) != BITS // 8:
            raise SealBroken("This was not wrapped for this key.")

        try:
            return self._decrypted(name, jwk, wrapped)
        except HardwareUnusable:
            # Tokens do not say whether they or the data are broken: what we wrap ourselves tells.
            if self._decrypted(name, jwk, wrap(jwk, PROBE)) != PROBE:
                raise
            raise SealBroken("This was not wrapped for this key.") from None

    def _decrypted(self, name: str, jwk: Jwk, wrapped: bytes) -> bytes:
        return self._ask(
            _item(name, KeyType.RSA), lambda held: _decrypt(_private(held, name, KeyType.RSA), wrapped, jwk["alg"])
        )

    def _sealer(self, name: str, *, makes: bool) -> SealKey:
        demand_name(name)
        with self._sealing:
            if name not in self._sealers:
                self._sealers[name] = self._opened(name, makes=makes)
            return self._sealers[name]

    def _opened(self, name: str, *, makes: bool) -> SealKey:
        file = self._path / f"{name}{SEAL_ENDING}"
        if makes and not file.exists():
            jwk = self._ensured(SEALER, KeyType.RSA)
            with alone_in(self._path):
                if not file.exists():
                    write_durably(file, wrap(jwk, SealKey.generate() + name.encode()))
        try:
            wrapped = file.read_bytes()
        except FileNotFoundError:
            raise KeyMissing("This node has no such key.", key=name, kind="seal") from None
        return self._unlocked(name, wrapped)

    def _unlocked(self, name: str, wrapped: bytes) -> SealKey:
        try:
            opened = self._unwrap(SEALER, self._found(SEALER, KeyType.RSA), wrapped)
        except (SealBroken, KeyMissing):
            raise KeystoreLocked("A sealing key is damaged, or another token's.", key=name) from None
        if opened[KEY_BYTES:] != name.encode():
            raise KeystoreLocked("A sealing key is not in its place.", key=name)
        return SealKey(opened[:KEY_BYTES])


def _item(name: str, kind: KeyType) -> str:
    return f"{name}.{kind.name}"


def _private(held: Held, name: str, kind: KeyType) -> Any:
    if held.key is None:
        held.key = held.session.get_key(object_class=ObjectClass.PRIVATE_KEY, key_type=kind, label=name)
    return held.key


def _made(held: Held, name: str, kind: KeyType) -> None:
    """Make a pair unless it is there: another process may have been first. Raises: HardwareUnusable for half a pair."""
    wanted = {Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.KEY_TYPE: kind, Attribute.LABEL: name}
    if list(held.session.get_objects(wanted)):  # to its end: a search left open outlives its session
        return
    marks = {"label": name, "id": _item(name, kind).encode(), "store": True}
    if kind is KeyType.EC:
        curve = {Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")}
        parameters = held.session.create_domain_parameters(KeyType.EC, curve, local=True)
        allowed = {Attribute.SIGN: True}
        parameters.generate_keypair(**marks, public_template=PUBLIC, private_template=PRIVATE | allowed)
    else:
        allowed = {Attribute.DECRYPT: True}
        held.session.generate_keypair(kind, BITS, **marks, public_template=PUBLIC, private_template=PRIVATE | allowed)


def _decrypt(key: Any, wrapped: bytes, alg: str) -> bytes:
    return bytes(key.decrypt(wrapped, mechanism=Mechanism.RSA_PKCS_OAEP, mechanism_param=OAEP[alg]))


def _best_oaep(key: Any, n: int, e: int) -> str:
    """The better of the two paddings that this token can undo; asked by doing, for tokens list one mechanism for both.

    Raises: HardwareUnusable when it can do neither.
    """
    for alg in (OAEP_256, OAEP_1):
        with contextlib.suppress(*CANNOT):
            if _decrypt(key, wrap(wrap_jwk(n=n, e=e, alg=alg), PROBE), alg) == PROBE:
                return alg
    raise HardwareUnusable("This token cannot undo RSA-OAEP.", why="oaep")
