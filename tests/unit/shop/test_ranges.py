"""Seed files over HTTP: whole, resumed, and past their end; kept for ever by whoever has them."""

from typing import Any

import pytest
from django.test import Client

from edgeshop.fleet.models import Kiosk
from edgeshop.shop.services.seed_files import seed_file
from tests.factories.shop import moved

pytestmark = [pytest.mark.unit, pytest.mark.django_db]
FOREVER = "public, max-age=31536000, immutable"


@pytest.fixture
def item(kiosk: Kiosk) -> dict[str, Any]:
    """The core seed, as the manifest offers it."""
    return Client().get("/api/seeds").json()["stages"][0]["items"][0]


@pytest.fixture
def whole(item: dict[str, Any]) -> bytes:
    """Its bytes."""
    return seed_file(item["sha256"]).read_bytes()


def test_a_seed_comes_whole_and_may_be_kept_for_ever(item: dict[str, Any], whole: bytes):
    answer = Client().get(item["url"])

    names = ("Content-Type", "Content-Length", "Cache-Control", "Accept-Ranges", "X-Content-Type-Options")
    assert (answer.status_code, answer.content) == (200, whole)
    assert [answer.headers[name] for name in names] == [
        "application/octet-stream",
        str(item["size_bytes"]),
        FOREVER,
        "bytes",
        "nosniff",
    ]
    assert "Content-Range" not in answer.headers


@pytest.mark.parametrize("start", [0, 1, 100])
def test_a_download_goes_on_where_it_stopped(item: dict[str, Any], whole: bytes, start: int):
    answer = Client().get(item["url"], headers={"range": f"bytes={start}-"})

    size = len(whole)
    assert (answer.status_code, answer.content) == (206, whole[start:])
    assert answer.headers["Content-Range"] == f"bytes {start}-{size - 1}/{size}"
    assert answer.headers["Cache-Control"] == FOREVER


@pytest.mark.parametrize("past", [0, 1, 10**14])
def test_there_is_nothing_past_the_end(item: dict[str, Any], whole: bytes, past: int):
    answer = Client().get(item["url"], headers={"range": f"bytes={len(whole) + past}-"})

    assert (answer.status_code, answer.content) == (416, b"")
    assert answer.headers["Content-Range"] == f"bytes */{len(whole)}"
    assert "Cache-Control" not in answer.headers


@pytest.mark.parametrize(
    "asked", ["bytes=0-9", "bytes=-5", "bytes=1-,5-", "items=3-", "bytes=", "bytes=" + "9" * 5000 + "-", "bytes=٣-"]
)
def test_a_range_of_another_form_gets_the_whole(item: dict[str, Any], whole: bytes, asked: str):
    answer = Client().get(item["url"], HTTP_RANGE=asked)

    assert (answer.status_code, answer.content) == (200, whole)


@pytest.mark.parametrize(
    "name", ["0" * 64, "x", "A" * 64, "0" * 63, "..%2F..%2Fkeys", "%2e%2e%2ffiles%2f" + "0" * 64, "0" * 64 + "%00"]
)
def test_nothing_but_a_current_seed_is_served(item: dict[str, Any], name: str):
    answer = Client().get(f"/api/seeds/{name}")

    assert answer.status_code == 404
    assert "Cache-Control" not in answer.headers


def test_a_seed_of_before_is_served_while_it_is_kept(item: dict[str, Any], whole: bytes):
    moved("catalogue")
    now = Client().get("/api/seeds").json()["stages"][0]["items"][0]

    assert now["sha256"] != item["sha256"]
    assert Client().get(item["url"]).content == whole


def test_the_manifest_itself_is_not_to_be_kept(item: dict[str, Any]):
    assert "immutable" not in Client().get("/api/seeds").headers.get("Cache-Control", "")
