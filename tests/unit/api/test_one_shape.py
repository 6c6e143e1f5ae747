"""Whatever is asked of either API, an error has one shape, a known code, and the status and retry of that code."""

import importlib
import pkgutil
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.test import Client

import edgeshop
from edgeshop.api import cloud_api, kiosk_api
from edgeshop.kernel.errors import EdgeShopError
from tests.unit.api.rubbish import Ask, asks, nowhere, operations

pytestmark = [pytest.mark.unit, pytest.mark.django_db]
Known = dict[str, tuple[int, str]]
SHAPE = {"code", "message", "retry", "fields", "request_id"}


def _errors(cls: type[EdgeShopError] = EdgeShopError) -> Iterator[type[EdgeShopError]]:
    for sub in cls.__subclasses__():
        yield sub
        yield from _errors(sub)


@pytest.fixture(scope="module")
def known() -> Known:
    """Every code with its status and what to do next."""
    for module in pkgutil.walk_packages(edgeshop.__path__, "edgeshop."):
        if module.name.endswith(".errors"):
            importlib.import_module(module.name)
    return {error.code: (error.http_status, error.retry.value) for error in _errors()}


@pytest.fixture
def client() -> Client:
    """Gets the answer, also to what makes us stumble."""
    return Client(raise_request_exception=False)


def send(client: Client, ask: Ask) -> Any:
    """The answer."""
    path, _, query = ask.path.partition("?")
    return client.generic(ask.method, path, ask.body, ask.kind, QUERY_STRING=query)


def odd(answer: Any, known: Known) -> str:
    """What is wrong with an answer; empty when nothing is."""
    if answer.status_code < 400:
        return ""
    if answer.headers["Content-Type"].partition(";")[0] != "application/json":
        return f"{answer.status_code} as {answer.headers['Content-Type']}"
    error = answer.json()
    if not isinstance(error, dict) or set(error) != SHAPE:
        return f"{answer.status_code} {error}"
    if known.get(error["code"]) != (answer.status_code, error["retry"]):
        return f"{answer.status_code} {error['code']} {error['retry']}"
    if not (error["message"] and isinstance(error["fields"], dict)):
        return f"{error}"
    if error["request_id"] != answer.headers["X-Request-Id"]:
        return f"request id {error['request_id']!r}"
    return "" if answer.status_code < 500 else f"stumbled: {error}"


def walk(client: Client, asked: Iterable[Ask], known: Known) -> dict[str, str]:
    """Every odd answer by its request."""
    found = {str(ask): odd(send(client, ask), known) for ask in asked}
    assert found
    return {ask: wrong for ask, wrong in found.items() if wrong}


def test_the_walk_reaches_every_operation():
    reached = {ask.path.split("?")[0] for ask in asks(kiosk_api, "/api/")}

    assert {"/api/health", "/api/orders", "/api/seeds/x", "/api/receipts/x", "/api/push/subscriptions"} < reached
    assert [operation.operation_id for _, operation in operations(cloud_api)] == [
        "enrol", "issuers", "contact", "cloud_status",
    ]  # fmt: skip


def test_the_kiosks_answers_to_rubbish_have_one_shape(kiosk: None, client: Client, known: Known):
    assert walk(client, asks(kiosk_api, "/api/"), known) == {}


def test_the_clouds_answers_to_rubbish_have_one_shape(cloud: None, client: Client, known: Known):
    assert walk(client, asks(cloud_api, "/"), known) == {}


def test_what_is_nowhere_on_a_kiosk_is_said_in_the_same_shape(kiosk: None, client: Client, known: Known):
    assert walk(client, nowhere("/api/"), known) == {}


def test_what_is_nowhere_in_the_cloud_is_said_in_the_same_shape(cloud: None, client: Client, known: Known):
    assert walk(client, nowhere("/fleet/", "/sync/"), known) == {}


def test_a_name_that_is_not_ours_is_refused_in_the_same_shape(kiosk: None, client: Client, known: Known):
    answer = client.get("/api/health", headers={"host": "evil.example"})

    assert (odd(answer, known), answer.json()["code"]) == ("", "kernel.invalid_input")


def test_another_method_is_refused_with_those_that_work(kiosk: None, client: Client):
    answer = client.post("/api/health")

    assert (answer.status_code, answer.json()["code"]) == (405, "kernel.method_not_allowed")
    assert answer.headers["Allow"] == "GET"


def test_what_nobody_foresaw_is_said_in_the_same_shape_and_kept_in_the_log(
    kiosk: None, client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def stumble() -> None:
        raise ZeroDivisionError("the secret is 42")

    monkeypatch.setattr("edgeshop.shop.api.health_out", stumble)

    answer = client.get("/api/health")

    error = answer.json()
    assert (answer.status_code, set(error), error["code"], error["retry"]) == (500, SHAPE, "kernel.internal", "later")
    assert "secret" not in answer.content.decode()
    assert error["request_id"] in caplog.text
    assert "ZeroDivisionError: the secret is 42" in caplog.text


def test_a_stumble_before_any_operation_has_the_same_shape(
    kiosk: None, client: Client, monkeypatch: pytest.MonkeyPatch
):
    def stumble(*_args: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("django.middleware.common.CommonMiddleware.process_request", stumble)

    answer = client.get("/api/health")

    assert (answer.status_code, answer.json()["code"]) == (500, "kernel.internal")


def test_pages_for_people_keep_their_own_errors(kiosk: None, client: Client):
    answer = client.get("/media/" + "0" * 64)

    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
