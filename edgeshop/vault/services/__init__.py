"""The vault's public face: keys by name, signed tokens, signed HTTP, sealed secrets."""

from edgeshop.vault.services.file_keystore import FileKeystore
from edgeshop.vault.services.hot_keys import HotKey, current_hot_key, new_hot_key, verify_hot_certificate
from edgeshop.vault.services.http_signatures import sign_request, sign_response, verify_request, verify_response
from edgeshop.vault.services.jws import peek_jws, sign_jws, signing_input_sha256, verify_jws, write_jws
from edgeshop.vault.services.keystore import Keystore
from edgeshop.vault.services.memory_keystore import MemoryKeystore
from edgeshop.vault.services.node_keystore import keystore
from edgeshop.vault.services.p256 import Jwk, thumbprint
from edgeshop.vault.services.pins import new_pepper, peppered
from edgeshop.vault.services.signers import Signer, StoredKey
from edgeshop.vault.services.vapid import VapidKey, load_vapid
from edgeshop.vault.services.wrapping import wrap

__all__ = [
    "FileKeystore",
    "HotKey",
    "Jwk",
    "Keystore",
    "MemoryKeystore",
    "Signer",
    "StoredKey",
    "VapidKey",
    "current_hot_key",
    "keystore",
    "load_vapid",
    "new_hot_key",
    "new_pepper",
    "peek_jws",
    "peppered",
    "sign_jws",
    "sign_request",
    "sign_response",
    "signing_input_sha256",
    "thumbprint",
    "verify_hot_certificate",
    "verify_jws",
    "verify_request",
    "verify_response",
    "wrap",
    "write_jws",
]
