"""On the cloud: decision tables for each class at a row of prices, solved from the fleet file and kept.

A class's kinds of node are joined into one, with their traffic on average: the cloud does not know how busy a kiosk is.
What a node is expected to spend by each table is measured by living through a month, as the simulator does.
"""

from dataclasses import replace

import numpy as np
from django.db import transaction

from edgeshop.fleet.classes import NODE_CLASSES
from edgeshop.sync.errors import FleetInvalid
from edgeshop.sync.models import PricedTable
from edgeshop.sync.schedule import solve
from edgeshop.sync.schedule.workload import Floats, Workload
from edgeshop.sync.simulate.fleet import Fleet
from edgeshop.sync.simulate.policies import Tables
from edgeshop.sync.simulate.run import WARM_UP_DAYS, live
from edgeshop.sync.simulate.world import make_world

MUS = tuple(np.geomspace(30, 30_000, 10).tolist())  # as far as the simulator draws its frontier
_NODES, _DAYS, _SEED = 20, 30, 20261128


@transaction.atomic
def keep_tables(fleet: Fleet, mus: tuple[float, ...] = MUS) -> int:
    """Solve and keep all tables; answers how many. The steering hands them out the next night.

    Raises: FleetInvalid for classes that kiosks do not have. Effect: other tables than before, all at once.
    """
    names, workload = _joined(fleet)
    plan = solve(workload, mus)
    world = make_world(workload, np.full(len(names), _NODES), days=WARM_UP_DAYS + _DAYS, seeds=[_SEED])
    PricedTable.objects.all().delete()
    least = np.full((2, len(names)), np.inf)
    for place, mu in enumerate(plan.mus):
        lived = live(world, Tables(world, plan.tables[place], has_push=False))
        spent = [np.bincount(world.kind_of, each) / _NODES / _DAYS for each in (lived.bytes.sum(1), lived.money)]
        least = np.minimum(least, spent)  # dearer money never spends more, whatever chance says
        for kind, name in enumerate(names):
            day_bytes, day_usd = least[:, kind].tolist()
            table = plan.tables[place][kind].to_bytes()
            PricedTable.objects.create(
                node_class=name, place=place, mu=mu, table=table, day_bytes=day_bytes, day_usd=day_usd
            )
    return len(names) * len(plan.mus)


def _joined(fleet: Fleet) -> tuple[list[str], Workload]:
    names = list(dict.fromkeys(kind.class_name for kind in fleet.kinds))
    unknown = [name for name in names if name not in NODE_CLASSES]
    if unknown:
        expected = ", ".join(NODE_CLASSES)
        raise FleetInvalid(f"classes.{unknown[0]}: expected one of {expected}.", key=unknown[0], expected=expected)
    every = fleet.workload
    first = [next(i for i, kind in enumerate(fleet.kinds) if kind.class_name == name) for name in names]
    kinds = replace(
        every.kinds,
        names=tuple(names),
        grades=tuple(every.kinds.grades[i] for i in first),
        weights=np.stack([_mean_weights(fleet, name) for name in names], 1),
        prices=every.kinds.prices[first],
        fail=every.kinds.fail[first],
        repair=every.kinds.repair[first],
    )
    return names, replace(every, kinds=kinds)


def _mean_weights(fleet: Fleet, name: str) -> Floats:
    """Shape: [streams, 96]."""
    own = [kind for kind in fleet.kinds if kind.class_name == name]
    return np.asarray(np.average([kind.weights for kind in own], axis=0, weights=[kind.share for kind in own]))
