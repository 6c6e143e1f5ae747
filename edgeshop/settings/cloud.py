"""The cloud: owns catalogue, prices, fleet and the ledger. PostgreSQL when DATABASE_URL names it, else SQLite."""

from edgeshop.settings.base import *  # noqa: F403 -- a settings module is its names
from edgeshop.settings.base import ACCESS, CHECKOUT, PUSH, STATE_DIR, VAULT
from edgeshop.settings.env import env_secret, postgres_from_url, sqlite_at
from edgeshop.settings.knobs import EdgeShop, Sync

_url = env_secret("DATABASE_URL", required=False)
DATABASES = {"default": postgres_from_url(_url) if _url else sqlite_at(STATE_DIR / "cloud.sqlite3")}
EDGESHOP = EdgeShop(
    state_dir=STATE_DIR,
    is_ledger=True,
    has_broker=True,
    vault=VAULT,
    checkout=CHECKOUT,
    sync=Sync(cloud_url="", tick_s=0),
    push=PUSH,
    access=ACCESS,
)
CELERY_BEAT_SCHEDULE = {
    "journal.sequence": {"task": "journal.sequence", "schedule": 5.0},
    "journal.compact": {"task": "journal.compact", "schedule": 3600.0},
    "push.sweep": {"task": "push.sweep", "schedule": 10.0},
    "checkout.sweep": {"task": "checkout.sweep", "schedule": 30.0},
    "fleet.rotate_issuers": {"task": "fleet.rotate_issuers", "schedule": 3600.0},
    "fleet.judge_rollouts": {"task": "fleet.judge_rollouts", "schedule": 300.0},
    "sync.steer": {"task": "sync.steer", "schedule": 900.0},
    "catalog.share_out": {"task": "catalog.share_out", "schedule": 5.0},
    "vault.refresh_artefacts": {"task": "vault.refresh_artefacts", "schedule": 60.0},
}
