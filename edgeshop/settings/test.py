"""Unit tests: one SQLite database that plays both roles, keys in memory, no broker."""

import os
import tempfile
from pathlib import Path

_state = Path(tempfile.mkdtemp(prefix="edgeshop-test-"))
os.environ.setdefault("EDGESHOP_STATE", str(_state))
os.environ.setdefault("EDGESHOP_SECRET_KEY", "unit-tests-only")
os.environ.setdefault("EDGESHOP_VAULT_CREDENTIAL", "unit-tests-only")
os.environ.setdefault("EDGESHOP_SECOND_FACTOR", "off")

from edgeshop.settings.base import *  # noqa: E402, F403 -- the environment above comes first
from edgeshop.settings.base import ACCESS, CHECKOUT, PUSH, STATE_DIR  # noqa: E402 -- as above
from edgeshop.settings.env import sqlite_at  # noqa: E402 -- as above
from edgeshop.settings.knobs import EdgeShop, Sync, Vault  # noqa: E402 -- as above

DATABASES = {"default": sqlite_at(STATE_DIR / "test.sqlite3")}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
EDGESHOP = EdgeShop(
    state_dir=STATE_DIR,
    is_ledger=True,
    has_broker=False,
    vault=Vault(backend="memory", path=STATE_DIR / "keys", credential="unit-tests-only"),
    checkout=CHECKOUT,
    sync=Sync(cloud_url="http://127.0.0.1:9", tick_s=2),
    push=PUSH,
    access=ACCESS,
)
