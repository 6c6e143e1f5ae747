"""Every task that beat sends is one that the workers know."""

import importlib

import pytest

from edgeshop.celery import app

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("role", ["cloud", "kiosk"])
def test_beat_sends_only_tasks_that_workers_have(role, monkeypatch):
    monkeypatch.setenv("EDGESHOP_CLOUD_URL", "http://127.0.0.1:9")
    settings = importlib.import_module(f"edgeshop.settings.{role}")
    app.loader.import_default_modules()

    sent = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    assert sent - set(app.tasks) == set()
