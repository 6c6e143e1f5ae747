"""Rules and traffic for kiosks: what a class allows here, and bytes that were moved."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from edgeshop.fleet.classes import ClassPolicy, lay_over, read_overrides, read_policy
from edgeshop.fleet.models import ActivePolicy, Twin
from edgeshop.sync.services.egress import ledger
from edgeshop.sync.services.egress.account import Account

POLICY = (Path(__file__).resolve().parents[2] / "deploy/classes.toml").read_text(encoding="utf-8")


def rules(node_class: str = "popup", overrides: str = "") -> ClassPolicy:
    """The rules of a class as they ship, with others laid over."""
    found = read_policy(POLICY)[node_class]
    return lay_over(found, read_overrides(overrides)) if overrides else found


def go_by(said: ClassPolicy) -> None:
    """On a kiosk: these rules count."""
    ActivePolicy.objects.update_or_create(
        pk="active", defaults={"version": 1, "node_class": "popup", "rules": said.as_json()}
    )


def tell_to_go_by(kiosk_id: int, said: ClassPolicy) -> None:
    """On the cloud: the kiosk is told to go by these rules."""
    Twin.objects.update_or_create(pk=kiosk_id, defaults={"targets": {"policy": {"rules": said.as_json()}}})


def move(stream: str, *, up: int = 0, down: int = 0, grade: str = "B") -> None:
    """On a kiosk: enter bytes in its ledger."""
    account = Account()
    account.add(stream, grade, up=up, down=down)
    ledger.write(account)


def on(day: int, hour: int = 0, month: int = 11) -> datetime:
    """A moment of 2026."""
    return datetime(2026, month, day, hour, tzinfo=UTC)


def with_knobs(settings: Any, **knobs: Any) -> None:
    """Other settings of the exchange."""
    settings.EDGESHOP = replace(settings.EDGESHOP, sync=replace(settings.EDGESHOP.sync, **knobs))
