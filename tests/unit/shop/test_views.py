"""Files over HTTP: the shell, the build, pictures; nothing outside them, and nothing in a picture runs."""

from pathlib import Path

import pytest
from django.test import Client

from edgeshop.catalog import media
from edgeshop.catalog.models import Product
from edgeshop.fleet.models import Kiosk
from edgeshop.shop import views
from tests.factories.checkout import APPLE
from tests.factories.shop import with_picture

pytestmark = [pytest.mark.unit, pytest.mark.django_db]
FOREVER = "public, max-age=31536000, immutable"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


@pytest.fixture(autouse=True)
def dist(kiosk: Kiosk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A build: shell, worker, one asset of each kind, and a secret beside it."""
    home = tmp_path / "static" / "dist"
    (home / "assets").mkdir(parents=True)
    for name in ("index.html", "sw.js", "icon.svg", "app.webmanifest"):
        (home / name).write_text(f"this is {name}", encoding="utf-8")
    for name in ("app-1a2b.js", "app-1a2b.css", "inter.woff2", "odd.bin"):
        (home / "assets" / name).write_text(f"this is {name}", encoding="utf-8")
    (home.parent / "secret.json").write_text("nobody reads this", encoding="utf-8")
    (home / "link.json").symlink_to(home.parent / "secret.json")
    monkeypatch.setattr(views, "DIST", home)
    return home


@pytest.mark.parametrize("path", ["/", "/product/7", "/r/abc", "/%D8%B3%D9%84%D8%A9", "/adminx"])
def test_every_address_of_the_shop_is_the_shell(path: str):
    answer = Client().get(path)

    assert (answer.status_code, answer.content) == (200, b"this is index.html")
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-cache"


def test_the_shell_loads_and_calls_nothing_from_elsewhere():
    answer = Client().get("/", headers={"host": "localhost:8001"})

    assert answer.headers["Content-Security-Policy"] == (
        "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
        "connect-src 'self' ws://localhost:8001 wss://localhost:8001; "
        "frame-ancestors 'self' http://localhost:* http://127.0.0.1:*; "
        "object-src 'none'; base-uri 'none'; form-action 'self'"
    )
    assert "X-Frame-Options" not in answer.headers  # it would forbid the frame that the policy allows
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_box_that_is_no_kiosk_yet_leads_to_its_enrolment():
    Kiosk.objects.update(is_self=False)

    answer = Client().get("/")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/enrol")


def test_a_name_that_is_not_ours_gets_no_shell():
    assert Client().get("/", headers={"host": "evil.example"}).status_code == 400


def test_a_shell_that_is_not_built_says_how_to_build_it(dist: Path):
    (dist / "index.html").unlink()

    answer = Client().get("/")

    assert (answer.status_code, answer.content) == (503, b"The shop window is not built yet. Run: make frontend")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"


def test_the_worker_is_never_cached_and_may_rule_the_whole_origin():
    answer = Client().get("/sw.js")

    assert answer.content == b"this is sw.js"
    assert [answer.headers[name] for name in ("Content-Type", "Cache-Control", "Service-Worker-Allowed")] == [
        "text/javascript; charset=utf-8",
        "no-cache",
        "/",
    ]


@pytest.mark.parametrize(
    ("path", "kind", "cache"),
    [
        ("/assets/app-1a2b.js", "text/javascript; charset=utf-8", FOREVER),
        ("/assets/app-1a2b.css", "text/css; charset=utf-8", FOREVER),
        ("/assets/inter.woff2", "font/woff2", FOREVER),
        ("/assets/odd.bin", "application/octet-stream", FOREVER),
        ("/icon.svg", "image/svg+xml", "no-cache"),
        ("/app.webmanifest", "application/manifest+json", "no-cache"),
    ],
)
def test_what_is_named_by_its_content_may_be_kept_for_ever(path: str, kind: str, cache: str):
    answer = Client().get(path)

    assert (answer.status_code, answer.content.decode()) == (200, f"this is {path.rpartition('/')[2]}")
    assert (answer.headers["Content-Type"], answer.headers["Cache-Control"]) == (kind, cache)


def test_a_detour_does_not_make_the_shell_immutable():
    assert Client().get("/assets/../index.html").headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../../secret.json",
        "/assets/..%2f..%2fsecret.json",
        "/assets/%2e%2e/%2e%2e/secret.json",
        "/assets//etc/passwd",
        "/assets/../../../../../../../../etc/passwd",
        "/link.json",
        "/assets/",
        "/assets/..",
        "/assets/gone.js",
    ],
)
def test_nothing_outside_the_build_is_served(path: str):
    answer = Client().get(path)

    assert answer.status_code == 404 or answer.content == b"this is index.html"


@pytest.mark.parametrize("method", ["post", "put", "delete"])
@pytest.mark.parametrize("path", ["/", "/sw.js", "/icon.svg", "/media/" + "0" * 64])
def test_files_are_only_read(path: str, method: str):
    assert getattr(Client(), method)(path).status_code == 405


def test_a_drawing_is_shown_and_cannot_run():
    name = with_picture(Product.objects.get(pk=APPLE))

    answer = Client().get(f"/media/{name}")

    assert answer.content == media.load(name)
    assert b"<script>" in answer.content
    names = ("Content-Type", "Cache-Control", "Content-Security-Policy", "X-Content-Type-Options")
    assert [answer.headers[header] for header in names] == [
        "image/svg+xml",
        FOREVER,
        "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        "nosniff",
    ]


def test_a_photograph_has_the_type_of_its_bytes():
    assert Client().get(f"/media/{media.store(PNG)}").headers["Content-Type"] == "image/png"


def test_a_file_that_is_no_picture_is_not_served_as_one():
    path = media.path_of("a" * 64)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"<html><script>alert(1)</script>")

    assert Client().get("/media/" + "a" * 64).status_code == 404


@pytest.mark.parametrize("name", ["0" * 64, "x", "A" * 64, "..", "..%2f..%2fkeys", "%2e%2e", "a" * 64 + "%0a"])
def test_nothing_but_pictures_lies_under_media(name: str):
    answer = Client().get(f"/media/{name}")

    assert answer.status_code == 404
    assert "Cache-Control" not in answer.headers


def test_head_says_the_same_without_the_bytes():
    whole, head = Client().get("/assets/app-1a2b.js"), Client().head("/assets/app-1a2b.js")

    assert (head.content, head.headers["Content-Length"]) == (b"", whole.headers["Content-Length"])


def test_the_rest_of_an_asset_can_be_asked_for_but_not_of_the_shell():
    asset = Client().get("/assets/app-1a2b.js", headers={"range": "bytes=8-"})
    page = Client().get("/", headers={"range": "bytes=8-"})

    assert (asset.status_code, asset.content) == (206, b"app-1a2b.js")
    assert asset.headers["Content-Range"] == "bytes 8-18/19"
    assert asset.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert asset.headers["Cache-Control"] == FOREVER
    assert (page.status_code, page.content) == (200, b"this is index.html")
