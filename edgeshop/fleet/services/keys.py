"""Which key speaks for what on this node. The hot key of a process keeps a slow chip out of a shopper's way."""

from edgeshop.fleet.queries import this_kiosk_id
from edgeshop.fleet.services import issuers
from edgeshop.vault.services import HotKey, StoredKey, authority_s, current_hot_key, keystore

DEVICE_KEY = "device"
CLOUD_KEY = issuers.FIRST_NAME
DEVICE_CA_KEY = "device-ca"


def ready_keys(*, is_ledger: bool) -> dict[str, str]:
    """Make this node's own key if it has none; answers its public JWK."""
    return keystore().create(CLOUD_KEY if is_ledger else DEVICE_KEY)


def cloud_jwks() -> list[dict[str, str]]:
    """The public keys a kiosk should trust answers and grants of this cloud by."""
    return issuers.trusted_jwks()


def cloud_key() -> StoredKey:
    """What the cloud signs its answers and grants with."""
    return issuers.signing_key()


def device_ca() -> StoredKey:
    """What the cloud certifies devices with, made at first use: a key of its own, so that it can be kept apart."""
    keystore().create(DEVICE_CA_KEY)
    return StoredKey(keystore(), DEVICE_CA_KEY)


def hot_key(*, now_s: float | None = None) -> HotKey:
    """This process's hot key, certified by the device key, renewed in time. `now_s` is for who knows the time better.

    Raises: NotEnrolled, KeyMissing.
    """
    return current_hot_key(
        subject=subject_of(this_kiosk_id()), key=DEVICE_KEY, now_s=authority_s() if now_s is None else now_s
    )


def subject_of(kiosk_id: int) -> str:
    """How certificates name a kiosk."""
    return f"kiosk/{kiosk_id}"
