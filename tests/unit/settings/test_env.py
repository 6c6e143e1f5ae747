"""An odd setting stops the boot with a sentence; it is never guessed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from edgeshop.settings.env import OddSetting, env_bool, env_int, env_secret, env_str, postgres_from_url, redis_urls

pytestmark = pytest.mark.unit
REPOSITORY = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("role", [None, "", "till", "CLOUD"])
def test_a_missing_or_odd_role_stops_the_boot_with_a_sentence(role):
    env = {k: v for k, v in os.environ.items() if not k.startswith(("EDGESHOP_", "DJANGO_"))}
    env |= {} if role is None else {"EDGESHOP_ROLE": role}

    done = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=REPOSITORY, env=env, capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert done.stderr.strip().endswith("say EDGESHOP_ROLE=cloud or EDGESHOP_ROLE=kiosk and start again.")
    assert "Traceback" not in done.stderr


def test_numbers_and_answers_are_read_strictly(monkeypatch):
    monkeypatch.setenv("X_INT", "12")
    monkeypatch.setenv("X_BOOL", "no")
    assert (env_int("X_INT", 1), env_bool("X_BOOL", default=True), env_int("X_ABSENT", 7)) == (12, False, 7)

    monkeypatch.setenv("X_INT", "12s")
    with pytest.raises(OddSetting, match="whole number"):
        env_int("X_INT", 1)
    monkeypatch.setenv("X_BOOL", "maybe")
    with pytest.raises(OddSetting, match="yes or no"):
        env_bool("X_BOOL", default=True)
    monkeypatch.setenv("X_CHOICE", "blue")
    with pytest.raises(OddSetting, match="red, green"):
        env_str("X_CHOICE", choices=("red", "green"))


def test_a_secret_may_stand_in_a_file(monkeypatch, tmp_path):
    (tmp_path / "secret").write_text("s3cret\n")
    monkeypatch.setenv("X_SECRET_FILE", str(tmp_path / "secret"))

    assert env_secret("X_SECRET") == "s3cret"

    monkeypatch.delenv("X_SECRET_FILE")
    with pytest.raises(OddSetting, match="X_SECRET_FILE"):
        env_secret("X_SECRET")


def test_postgres_urls_are_read_whole_or_refused():
    read = postgres_from_url("postgres://ada:p%40ss@db.example:5433/shop?sslmode=require")

    assert [read[k] for k in ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")] == [
        "shop", "ada", "p@ss", "db.example", "5433", {"sslmode": "require"},
    ]  # fmt: skip
    with pytest.raises(OddSetting):
        postgres_from_url("mysql://x/y")


def test_redis_on_a_socket_gets_its_own_numbers_and_no_read_timeout():
    broker, channels = redis_urls("unix:///run/r.sock")

    assert broker == "redis+socket:///run/r.sock?virtual_host=2"
    assert channels == {"address": "unix:///run/r.sock?db=1", "socket_timeout": None}
    assert redis_urls("redis://h:1")[0] == "redis://h:1/2"
    with pytest.raises(OddSetting):
        redis_urls("h:1")
