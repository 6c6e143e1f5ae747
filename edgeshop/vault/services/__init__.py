"""The vault's public face: keys by name, signed tokens, signed HTTP, sealed secrets."""

from edgeshop.vault.services.certificates import (
    DeviceCertificate,
    issue_certificate,
    read_certificate,
    read_request,
    write_request,
)
from edgeshop.vault.services.file_keystore import FileKeystore
from edgeshop.vault.services.hot_keys import HotKey, current_hot_key, new_hot_key, verify_hot_certificate
from edgeshop.vault.services.http_signatures import (
    WINDOW_S,
    created_s,
    sign_request,
    sign_response,
    verify_request,
    verify_response,
)
from edgeshop.vault.services.jws import peek_jws, sign_jws, signing_input_sha256, verify_jws, write_jws
from edgeshop.vault.services.keystore import Keystore
from edgeshop.vault.services.memory_keystore import MemoryKeystore
from edgeshop.vault.services.node_keystore import keystore
from edgeshop.vault.services.p256 import Jwk, thumbprint
from edgeshop.vault.services.revocations import Revocations, read_revocations, write_revocations
from edgeshop.vault.services.signers import Signer, StoredKey
from edgeshop.vault.services.vapid import VapidKey, load_vapid
from edgeshop.vault.services.wrapping import wrap

__all__ = [
    "WINDOW_S",
    "DeviceCertificate",
    "FileKeystore",
    "HotKey",
    "Jwk",
    "Keystore",
    "MemoryKeystore",
    "Revocations",
    "Signer",
    "StoredKey",
    "VapidKey",
    "created_s",
    "current_hot_key",
    "issue_certificate",
    "keystore",
    "load_vapid",
    "new_hot_key",
    "peek_jws",
    "read_certificate",
    "read_request",
    "read_revocations",
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
    "write_request",
    "write_revocations",
]
