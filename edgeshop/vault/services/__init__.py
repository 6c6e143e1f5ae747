"""The vault's public face: keys by name, signed tokens, signed HTTP, sealed secrets."""

from edgeshop.vault.services.certificates import (
    DeviceCertificate,
    issue_certificate,
    read_certificate,
    read_request,
    write_request,
)
from edgeshop.vault.services.fallback_keystore import FallbackKeystore
from edgeshop.vault.services.file_keystore import FileKeystore
from edgeshop.vault.services.hot_keys import HotKey, current_hot_key, new_hot_key, verify_hot_certificate
from edgeshop.vault.services.http_signatures import (
    WINDOW_S,
    sign_request,
    sign_response,
    signed_at,
    verify_request,
    verify_response,
)
from edgeshop.vault.services.jws import (
    peek_jws,
    put_together,
    sign_jws,
    signature_of,
    signing_input_sha256,
    verify_jws,
    write_jws,
)
from edgeshop.vault.services.keystore import Keystore
from edgeshop.vault.services.lease_form import Lease, Terms, revoke_lease, seal_lease
from edgeshop.vault.services.lease_renewal import Renewals
from edgeshop.vault.services.leases import WRAP_KEY, LeaseFolder, LeaseState, Standing, Trust
from edgeshop.vault.services.memory_keystore import MemoryKeystore
from edgeshop.vault.services.node_keystore import KeystoreState, keystore, keystore_state, level_for, own_keys
from edgeshop.vault.services.p256 import Jwk, key_name, thumbprint
from edgeshop.vault.services.pins import new_pepper, peppered
from edgeshop.vault.services.pkcs11_keystore import Pkcs11Keystore
from edgeshop.vault.services.revocations import Revocations, read_revocations, write_revocations
from edgeshop.vault.services.signers import Signer, StoredKey
from edgeshop.vault.services.spare import LEVEL as SPARE_LEVEL
from edgeshop.vault.services.spare import device_kid, is_by_spare
from edgeshop.vault.services.trusted_clock import (
    authority_now,
    authority_s,
    bind_chip_clock,
    note_cloud_time,
    shop_now,
    wall_is_off_by_s,
)
from edgeshop.vault.services.vapid import VapidKey, load_vapid, new_vapid_secret, read_vapid_secret
from edgeshop.vault.services.wrapping import wrap, wrap_thumbprint

__all__ = [
    "SPARE_LEVEL",
    "WINDOW_S",
    "WRAP_KEY",
    "DeviceCertificate",
    "FallbackKeystore",
    "FileKeystore",
    "HotKey",
    "Jwk",
    "Keystore",
    "KeystoreState",
    "Lease",
    "LeaseFolder",
    "LeaseState",
    "MemoryKeystore",
    "Pkcs11Keystore",
    "Renewals",
    "Revocations",
    "Signer",
    "Standing",
    "StoredKey",
    "Terms",
    "Trust",
    "VapidKey",
    "authority_now",
    "authority_s",
    "bind_chip_clock",
    "current_hot_key",
    "device_kid",
    "is_by_spare",
    "issue_certificate",
    "key_name",
    "keystore",
    "keystore_state",
    "level_for",
    "load_vapid",
    "new_hot_key",
    "new_pepper",
    "new_vapid_secret",
    "note_cloud_time",
    "own_keys",
    "peek_jws",
    "peppered",
    "put_together",
    "read_certificate",
    "read_request",
    "read_revocations",
    "read_vapid_secret",
    "revoke_lease",
    "seal_lease",
    "shop_now",
    "sign_jws",
    "sign_request",
    "sign_response",
    "signature_of",
    "signed_at",
    "signing_input_sha256",
    "thumbprint",
    "verify_hot_certificate",
    "verify_jws",
    "verify_request",
    "verify_response",
    "wall_is_off_by_s",
    "wrap",
    "wrap_thumbprint",
    "write_jws",
    "write_request",
    "write_revocations",
]
