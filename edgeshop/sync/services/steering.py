"""On the cloud, each night: which table each kiosk gets, so that its month ends under its cap.

The steering remembers the days of the month. It is not kept between nights but fed with the ledger again, day by day:
the same spending gives the same tables, whoever computes them and how often.
"""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date

import numpy as np
from django.db import transaction
from django.db.models import F, Sum

from edgeshop.fleet.models import Kiosk
from edgeshop.fleet.services.policies import rules_of
from edgeshop.kernel import clock
from edgeshop.sync.models import DayEgress, LinkAccount, PricedTable
from edgeshop.sync.schedule import Steering
from edgeshop.sync.schedule.workload import Floats
from edgeshop.sync.services.egress.budget import cap_of
from edgeshop.sync.services.egress.report import report_for
from edgeshop.sync.services.egress.tariff import pico

_UNIT = float(pico(100))  # picos of one unit of a currency


def steer_all() -> int:
    """Steer every class that has tables, once a day; answers how many kiosks were steered.

    Effect: each kiosk's `place`, none where its class sets no cap; and its share of the cap.
    """
    today, steered = clock.now().date(), 0
    for node_class in PricedTable.objects.order_by().values_list("node_class", flat=True).distinct():
        waiting = Kiosk.objects.filter(node_class=node_class, enrolled_at__isnull=False, revoked_at=None)
        done = LinkAccount.objects.filter(steered_on=today).values("kiosk")
        steered += _steer(
            node_class, list(waiting.exclude(pk__in=done).order_by("pk").values_list("pk", flat=True)), today
        )
    return steered


@transaction.atomic
def _steer(node_class: str, kiosks: Sequence[int], today: date) -> int:
    by_unit: dict[str, list[tuple[int, int]]] = {}
    for kiosk_id in kiosks:
        cap, unit = cap_of(rules_of(kiosk_id))
        by_unit.setdefault(unit if cap else "none", []).append((kiosk_id, cap))
    for unit, capped in by_unit.items():
        ids = [kiosk_id for kiosk_id, _ in capped]
        places = {} if unit == "none" else places_of(node_class, dict(capped), unit, today)
        for kiosk_id in ids:
            share = report_for(kiosk_id, today).spent_pct
            LinkAccount.objects.update_or_create(
                pk=kiosk_id, defaults={"place": places.get(kiosk_id), "steered_on": today, "spent_pct": share}
            )
    return len(kiosks)


def places_of(node_class: str, caps: dict[int, int], unit: str, today: date) -> dict[int, int]:
    """Which table each kiosk gets on a day, by caps in bytes (`unit` is "") or in picos of a currency.

    A forecast in money is the fleet file's, read as an amount of the cap's currency; what was really spent corrects it.
    """
    tables = list(PricedTable.objects.filter(node_class=node_class))
    if len(tables) < 2:
        return dict.fromkeys(caps, 0)
    daily = np.array([t.day_usd * _UNIT if unit else t.day_bytes for t in tables])
    ids = list(caps)
    steering = Steering(daily, np.array([caps[i] for i in ids], float), monthrange(today.year, today.month)[1])
    for day, spent in enumerate(_spent_until(ids, unit, today)):
        mix = steering.tonight(day, spent)
    chosen = mix.choose(np.array(ids), np.arange(len(ids)))
    return dict(zip(ids, chosen.tolist(), strict=True))


def _spent_until(ids: Sequence[int], unit: str, today: date) -> list[Floats]:
    """What was spent of the month before each day up to `today`. Shapes: [kiosks] each."""
    rows = DayEgress.objects.filter(kiosk__in=ids, on__gte=today.replace(day=1), on__lt=today).exclude(grade="A")
    what = F("cost_pico") if unit else F("up_bytes") + F("down_bytes")
    place = {kiosk_id: at for at, kiosk_id in enumerate(ids)}
    days = np.zeros((today.day, len(ids)))
    for on, kiosk_id, amount in rows.values_list("on", "kiosk").annotate(total=Sum(what)):
        days[on.day, place[kiosk_id]] = amount
    return list(days.cumsum(0))
