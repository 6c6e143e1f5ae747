"""The contract with the browser: what is committed is what the code says."""

import json
from pathlib import Path
from typing import Any

import pytest
from ninja.responses import NinjaJSONEncoder

from edgeshop import __version__
from edgeshop.api import kiosk_api

pytestmark = pytest.mark.unit
COMMITTED = Path(__file__).resolve().parents[3] / "frontend/openapi.json"


@pytest.fixture
def exported(settings: Any) -> str:
    """The kiosk's API as `make api` exports it."""
    settings.ROOT_URLCONF = "tests.unit.shop.kiosk_urls"
    return json.dumps(
        kiosk_api.get_openapi_schema(), cls=NinjaJSONEncoder, indent=1, sort_keys=True, ensure_ascii=False
    )


def test_the_committed_contract_is_what_the_code_exports(exported: str):
    assert json.loads(COMMITTED.read_text(encoding="utf-8")) == json.loads(exported), "run make api, commit the result"
    assert COMMITTED.read_text(encoding="utf-8") == exported


def test_every_operation_says_its_name_and_its_refusals(exported: str):
    operations = [o for path in json.loads(exported)["paths"].values() for o in path.values()]
    names = [operation["operationId"] for operation in operations]

    assert len(names) == len(set(names)) >= 11
    assert all(operation["summary"] and operation["description"] for operation in operations)
    assert json.loads(exported)["info"]["version"] == __version__
