"""A private Redis that is killed, restarted and flushed."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from edgeshop.qa import redis_child
from edgeshop.qa.children import ChildFailed
from edgeshop.qa.redis_child import RedisChild, RedisMissing, answers, find_server

pytestmark = pytest.mark.integration


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisChild]:
    server = RedisChild(name="redis", data_dir=tmp_path / "data", log_path=tmp_path / "redis.log")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def client(server: RedisChild) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(server.url) as client:
        yield client


def test_what_was_accepted_survives_a_kill(server, client):
    client.rpush("default", "job")

    server.restart()

    assert client.lrange("default", 0, -1) == [b"job"]


def test_a_killed_server_answers_nobody(server):
    url = server.url

    server.kill()

    assert not answers(url)


def test_flush_forgets_everything(server, client):
    client.set("a", "1")

    server.flush()

    assert client.dbsize() == 0


def test_it_evicts_nothing_and_writes_everything(client):
    assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    assert client.config_get("appendonly") == {"appendonly": "yes"}


def test_only_its_owner_can_reach_it(server):
    path = Path(server.url.removeprefix("unix://"))

    assert len(str(path)) < 108
    assert stat.S_IMODE(path.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_stop_removes_its_run_folder(tmp_path):
    server = RedisChild(name="redis", data_dir=tmp_path / "data", log_path=tmp_path / "redis.log")
    server.start()

    server.stop()

    assert not Path(server.url.removeprefix("unix://")).parent.exists()


def test_a_named_server_is_used_and_left_alone(server, tmp_path):
    named = RedisChild(
        name="redis", data_dir=tmp_path / "x", log_path=tmp_path / "x.log", environ={"EDGESHOP_REDIS_URL": server.url}
    )

    named.start()
    named.kill()
    named.stop()

    assert (named.url, named.child, answers(server.url)) == (server.url, None, True)


def test_a_named_server_that_is_away_is_reported(tmp_path):
    away = {"EDGESHOP_REDIS_URL": f"unix://{tmp_path}/nobody.sock"}
    named = RedisChild(name="redis", data_dir=tmp_path, log_path=tmp_path / "x.log", environ=away)

    with pytest.raises(ChildFailed, match="No Redis answers"):
        named.start(timeout_s=0.1)
    named.stop()


def test_a_server_on_the_path_goes_before_the_bundled_one(tmp_path, monkeypatch):
    program = tmp_path / "valkey-server"
    program.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert find_server() == program


def test_without_any_server_the_message_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(redis_child, "_bundled", lambda: None)

    with pytest.raises(RedisMissing, match=r"apt-get install redis-server.*edgeshop\[demo\]"):
        find_server()


def test_the_bundled_server_is_a_program():
    bundled = redis_child._bundled()

    assert bundled is not None
    assert os.access(bundled, os.X_OK)
