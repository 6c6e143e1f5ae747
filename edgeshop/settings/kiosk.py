"""The kiosk: sells on its own box. SQLite that survives a pulled plug, and a private Redis on a Unix socket."""

from dataclasses import replace

from edgeshop.settings.base import *  # noqa: F403 -- a settings module is its names
from edgeshop.settings.base import ACCESS, CHECKOUT, PUSH, STATE_DIR, VAULT
from edgeshop.settings.env import env_amount, env_bool, env_int, env_secret, env_str, mail_from_url, sqlite_at
from edgeshop.settings.knobs import TARIFFS, EdgeShop, Sync

_mail_url = env_secret("EDGESHOP_MAIL_URL", required=False)
globals().update(mail_from_url(_mail_url))
DATABASES = {"default": sqlite_at(STATE_DIR / "kiosk.sqlite3")}
EDGESHOP = EdgeShop(
    state_dir=STATE_DIR,
    is_ledger=False,
    has_broker=True,
    vault=replace(VAULT, keeps_session=False, falls_back=True),  # a chip has little room, and a shop must go on
    checkout=CHECKOUT,
    sync=Sync(
        cloud_url=env_str("EDGESHOP_CLOUD_URL"),
        tick_s=env_int("EDGESHOP_TICK_S", 2),
        tariff=env_str("EDGESHOP_TARIFF", "metered", choices=TARIFFS),
        price_gb=env_amount("EDGESHOP_PRICE_GB"),
    ),
    push=replace(
        PUSH,
        sends_mail=bool(_mail_url),
        mail_from=env_str("EDGESHOP_MAIL_FROM", "receipts@localhost"),
        takes_phones=env_bool("EDGESHOP_TAKE_PHONES", default=False),
    ),
    access=ACCESS,
)
# The outbox is swept every tick: a lost message or a lost Redis delays a sale by one tick, never more.
CELERY_BEAT_SCHEDULE = {
    "sync.tick": {"task": "sync.tick", "schedule": float(EDGESHOP.sync.tick_s), "options": {"expires": 10}},
    "sync.verify": {
        "task": "sync.verify",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },  # a day is up hour by hour
    "push.sweep": {"task": "push.sweep", "schedule": 5.0, "options": {"expires": 10}},
    "checkout.sweep": {"task": "checkout.sweep", "schedule": 30.0, "options": {"expires": 60}},
    "fleet.apply_wanted": {"task": "fleet.apply_wanted", "schedule": 30.0, "options": {"expires": 60}},
    "fleet.close_day": {"task": "fleet.close_day", "schedule": 300.0, "options": {"expires": 300}},
}
