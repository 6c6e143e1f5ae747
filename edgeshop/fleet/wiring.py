"""What the fleet registers with the journal: streams of staff and config, and the contact sections about trust."""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db.models import F, Value
from django.db.models.functions import Concat, Greatest

from edgeshop import __version__
from edgeshop.fleet import components
from edgeshop.fleet.models import Kiosk, Shop, Staff, StaffPin
from edgeshop.fleet.queries import this_kiosk, this_kiosk_id, this_shop_id
from edgeshop.fleet.services import (
    audit_heads,
    certification,
    erasures,
    health,
    policies,
    revocation,
    signing_in,
)
from edgeshop.fleet.services.enrolment import SHOP_FIELDS
from edgeshop.fleet.services.epochs import adopt_epoch, issue_epoch, notice_restore, recognise_past
from edgeshop.fleet.services.issuers import answer_issuers, ask_issuers, take_issuers
from edgeshop.fleet.services.lease_section import answer_leases, ask_leases, take_leases
from edgeshop.fleet.services.twin import section
from edgeshop.journal import contact, registry
from edgeshop.journal.models import Chain
from edgeshop.journal.registry import EVERYBODY, Source
from edgeshop.journal.services import Mark, go_back, lacking, own_chain, past_marks, unsent
from edgeshop.kernel import clock
from edgeshop.kernel.facts import GENESIS

log = logging.getLogger(__name__)
STAFF_FIELDS = ("username", "first_name", "last_name", "password", "is_active", "is_staff", "is_superuser", "role")


def register() -> None:
    """Called once, when the apps are ready."""
    registry.source("staff", Source(_collect_staff, _apply_staff, keys=_staff_keys, audience=_staff_audience))
    registry.source("config", Source(_collect_config, _apply_config, keys=_config_keys, audience=lambda row: row["id"]))
    contact.section("issuers", ask=ask_issuers, answer=answer_issuers, take=take_issuers, comes_first=True)
    contact.section(
        "revocations",
        ask=revocation.ask_revocations,
        answer=revocation.answer_revocations,
        take=revocation.take_revocations,
        comes_first=True,
    )
    contact.section("identity", ask=_ask_identity, answer=_answer_identity, take=_take_identity)
    contact.section(
        "certificate",
        ask=certification.ask_certificate,
        answer=certification.answer_certificate,
        take=certification.take_certificate,
    )
    contact.section("leases", ask=ask_leases, answer=answer_leases, take=take_leases)
    registry.apply_fact(erasures.ERASED, erasures.take_erased)
    contact.section("erasures", ask=erasures.ask_erasures, answer=erasures.answer_erasures, take=erasures.take_erasures)
    contact.section("audit", ask=audit_heads.ask_head, answer=audit_heads.answer_head, take=audit_heads.take_head)
    contact.section("twin", ask=section.ask_twin, answer=section.answer_twin, take=section.take_twin)
    components.component(
        policies.POLICY,
        target=policies.policy_target,
        versions=policies.policy_versions,
        applier=policies.PolicyApplier(),
    )
    health.health_source(health.STARTS, lambda: health.tallied(health.STARTS))
    signing_in.listen()


def _collect_staff(_stream: str, keys: Sequence[str]) -> list[dict[str, Any]]:
    found = Staff.objects.filter(pk__in=[int(key) for key in keys])
    return [{"key": str(s.pk), "shop": s.shop_id} | {f: getattr(s, f) for f in STAFF_FIELDS} for s in found]


def _staff_keys(_stream: str) -> list[str]:
    return [str(pk) for pk in Staff.objects.values_list("pk", flat=True)]


def _staff_audience(row: dict[str, Any]) -> int:
    return row["shop"] or EVERYBODY


def _apply_staff(_stream: str, rows: list[dict[str, Any]], gone: list[str]) -> None:
    """Take who works here, and those of no one shop; others cannot log in here; nothing to try is kept of them."""
    here = this_shop_id()
    ours = [row for row in rows if row["shop"] in {None, here}]
    others = [int(key) for key in gone] + [int(row["key"]) for row in rows if row not in ours]
    Staff.objects.filter(pk__in=others).update(is_active=False, password="!")  # noqa: S106 -- Django's "no password"
    StaffPin.objects.filter(staff__in=others).delete()
    # Names may have changed hands within one page: nobody holds one while they are given out anew.
    Staff.objects.filter(pk__in=[int(row["key"]) for row in ours]).update(username=Concat(Value("?"), F("id")))
    for row in ours:
        fields = {name: row[name] for name in STAFF_FIELDS} | {"shop_id": row["shop"]}
        Staff.objects.update_or_create(pk=int(row["key"]), defaults=fields)


def _collect_config(_stream: str, keys: Sequence[str]) -> list[dict[str, Any]]:
    shops = Shop.objects.filter(pk__in=[int(key.removeprefix("shop")) for key in keys if key.startswith("shop")])
    return [{"key": f"shop{s.pk}", "id": s.pk} | {f: getattr(s, f) for f in SHOP_FIELDS} for s in shops]


def _config_keys(_stream: str) -> list[str]:
    return [f"shop{pk}" for pk in Shop.objects.values_list("pk", flat=True)]


def _apply_config(_stream: str, rows: list[dict[str, Any]], _gone: list[str]) -> None:
    for row in rows:
        Shop.objects.filter(pk=row["id"]).update(**{name: row[name] for name in SHOP_FIELDS})


def _ask_identity() -> dict[str, Any]:
    is_stale = notice_restore()
    kiosk, chain, waiting = this_kiosk(), own_chain(), unsent()
    return _past_of(kiosk) | {
        "epoch": kiosk.epoch,
        "seq": chain.seq,
        "head": bytes(chain.head),
        "acked": chain.acked_seq,
        "stale": is_stale,
        "unsent": waiting.count,
        "oldest": int(waiting.oldest_at.timestamp()) if waiting.oldest_at else None,
        "release": __version__,
    }


def _past_of(kiosk: Kiosk) -> dict[str, Any]:
    """What was acknowledged in epochs that are over: a word that seldom changes, and none in a first life."""
    marks = past_marks(device_id=kiosk.pk, before=kiosk.epoch) if kiosk.epoch > 1 else []
    return {"past": [[mark.epoch, mark.seq, mark.head] for mark in marks]} if marks else {}


def _answer_identity(kiosk_id: int, asked: dict[str, Any] | None) -> dict[str, Any] | None:
    """Note how the kiosk is. A new epoch for one that needs it, our last word to one that may need it, and what we
    lack to one that thinks we have it."""
    if asked is None:
        return None
    oldest = None if asked["oldest"] is None else datetime.fromtimestamp(asked["oldest"], UTC)
    Kiosk.objects.filter(pk=kiosk_id).update(
        last_contact_at=clock.now(),
        unsent_count=asked["unsent"],
        unsent_oldest_at=oldest,
        release=asked["release"][:40],
        epoch=Greatest(F("epoch"), Value(asked["epoch"])),  # we gave it; if we do not remember, we were restored
    )
    known = Kiosk.objects.values_list("epoch", flat=True).get(pk=kiosk_id)
    if asked["stale"] or asked["epoch"] < known:
        return {"epoch": issue_epoch(kiosk_id)}
    return _compare(kiosk_id, asked)


def _compare(kiosk_id: int, asked: dict[str, Any]) -> dict[str, Any] | None:
    marks = [Mark(asked["epoch"], asked["acked"]), *(Mark(*said) for said in asked.get("past", []))]
    found = Chain.objects.filter(device_id=kiosk_id, epoch__in=[mark.epoch for mark in marks])
    chains = {chain.epoch: chain for chain in found}
    lacks = lacking(chains, marks)
    if lacks:
        return {"lacks": [[mark.epoch, mark.seq, mark.head] for mark in lacks]}
    seen = chains.get(asked["epoch"])
    seq, head = (seen.seq, bytes(seen.head)) if seen else (0, GENESIS)
    if seq and seq >= asked["seq"] and (seq, head) != (asked["seq"], asked["head"]):
        return {"seen": {"epoch": asked["epoch"], "seq": seq, "head": head}}
    return None


def _take_identity(told: dict[str, Any]) -> None:
    for epoch, seq, head in told.get("lacks", []):
        log.warning("the cloud has forgotten what it had acknowledged: sending epoch %s again from %s", epoch, seq)
        go_back(device_id=this_kiosk_id(), lacks=Mark(epoch, seq, head))
    if "seen" in told:
        recognise_past(**told["seen"])
    if "epoch" in told:
        adopt_epoch(int(told["epoch"]))
