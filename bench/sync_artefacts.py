"""What a new version of vectors, of a model and of the recommendation table costs on the wire, and what it is worth.

    DJANGO_SETTINGS_MODULE=edgeshop.settings.test python -m bench.sync_artefacts [SHARED_FOLDER]

Vectors and models: the workload generator `bench/sync/workload.py` of the shared folder, as it is. Table: "Online
Retail", UCI Machine Learning Repository, doi 10.24432/C5BW33, CC BY 4.0.
"""

import csv
import gzip
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import django
import numpy as np
import zstandard
from numpy.typing import NDArray

from bench.sync.generator import SHARED
from bench.sync.generator import workload as read_workload
from edgeshop.kernel.deltas import Arrays, Chosen, Gate, apply, choose, digest, recall

EVERY = 33  # the sample of the first measurements, and a larger one by chance, must both pass
QUERIES = 2_000
RECALL_MIN = {"incremental": 0.999, "retrain": 0.99}
ACCURACY_LOST_MAX = 0.001  # a tenth of a point
WEEK_DAYS = 7

Baskets = list[list[int]]


def measure_artefacts(seed: int, shared: Path = SHARED) -> dict[str, Any]:
    """Bytes and quality by name; `skipped` says why there are none. `seed` draws the vectors that are asked for."""
    generator, sales = shared / "bench" / "sync" / "workload.py", shared / "data" / "online_retail.csv.gz"
    for needed in (generator, sales):
        if not needed.exists():
            return {"skipped": f"{needed} is not here"}
    workload = read_workload(generator)
    return _vectors(workload, seed) | _table(sales) | {"details": _models(workload)}


# Vectors


def _vectors(workload: ModuleType, seed: int) -> dict[str, Any]:
    base, *versions, _rows = workload.vectors()
    found: dict[str, Any] = {}
    for name, new in zip(RECALL_MIN, versions, strict=True):
        few, many = recall(new, np.arange(0, len(new), EVERY)[:300]), recall(new, _sample(len(new), seed))
        gate = Gate(lambda got, few=few, many=many: min(few(got), many(got)), RECALL_MIN[name])
        chosen = _checked([base], [new], gate)
        found |= {
            f"vectors_{name}_bytes": len(chosen.delta),
            f"vectors_{name}_recall": chosen.quality,
            f"vectors_{name}_form": chosen.form,
            f"vectors_{name}_stale_recall": gate.measure([base]),
            f"vectors_{name}_candidates": [(c.form, c.size_bytes, c.quality) for c in chosen.candidates],
        }
    return found


def _sample(count: int, seed: int) -> NDArray[np.int64]:
    return np.random.default_rng(seed).choice(count, QUERIES, replace=False)


def _checked(base: Arrays, new: Arrays, gate: Gate) -> Chosen:
    """The choice of the publisher, after a kiosk has arrived at the same."""
    chosen = choose(base, new, gate)
    if chosen is None or digest(apply(chosen.delta, base)) != digest(chosen.arrays):
        raise AssertionError("a kiosk would not arrive where the publisher is")
    return chosen


# Models


def _models(workload: ModuleType) -> dict[str, Any]:
    base, full, head = workload.models()
    asked, wanted = workload.model_task(drift=0.25, n=8_000, salt=9)

    def accuracy(weights: Arrays) -> float:
        return float((workload.mlp_forward(weights, asked)[-1].argmax(1) == wanted).mean())

    found: dict[str, Any] = {"model_stale_accuracy": accuracy(base)}
    for name, new in (("full", full), ("head", head)):
        chosen = _checked(base, new, Gate(accuracy, accuracy(new) - ACCURACY_LOST_MAX))
        found |= {
            f"model_{name}_bytes": len(chosen.delta),
            f"model_{name}_accuracy": chosen.quality,
            f"model_{name}_accuracy_true": accuracy(new),
            f"model_{name}_form": chosen.form,
        }
    return found


# The recommendation table


def _table(sales: Path) -> dict[str, Any]:
    """One weekly training after another: the delta, and both tables on baskets that come after."""
    from edgeshop.recommend.services import table_delta, train  # noqa: PLC0415 -- wants Django to be set up
    from edgeshop.recommend.services.agreement import compare  # noqa: PLC0415 -- the same

    days, baskets, texts = _sales(sales)
    cut = int(len(baskets) * 0.9)
    before = [b for b, day in zip(baskets[:cut], days, strict=False) if day <= days[cut - 1] - WEEK_DAYS]
    base = train(before, _known(before, texts))
    now = _known(baskets[:cut], texts)
    fresh, near = train(baskets[:cut], now), train(baskets[:cut], now, base=base, model_version=2)
    file = near.to_bytes()
    delta = table_delta.encode(base.to_bytes(), file)
    pressed = len(zstandard.ZstdCompressor(level=19).compress(file))
    known = set(fresh.product_ids.tolist())
    unseen = [np.searchsorted(fresh.product_ids, [p for p in b if p in known]) for b in baskets[cut:]]
    agreement = compare(fresh, near, unseen)
    return {
        "table_weekly_delta_bytes": len(delta),
        "table_weekly_delta_share": len(delta) / pressed,  # of the whole file under zstd; against it raw is kinder
        "table_file_bytes": len(file),
        "table_file_zstd_bytes": pressed,
        "table_overlap": agreement.overlap,
        "table_hits_lost": agreement.hits_lost,
        "table_was_given_up": bool(np.array_equal(near.nid, fresh.nid)),
    }


def _known(baskets: Baskets, texts: dict[int, str]) -> dict[int, str]:
    """The texts of the products that there are by then: numbers are given as products come."""
    last = max(max(basket) for basket in baskets)
    return {product: text for product, text in texts.items() if product <= last}


def _sales(file: Path) -> tuple[list[int], Baskets, dict[int, str]]:
    """Days and baskets of goods, oldest first, and what the goods are called."""
    seen: dict[str, tuple[str, dict[str, None]]] = {}
    names: dict[str, str] = {}
    with gzip.open(file, "rt", encoding="utf-8", newline="") as text:
        for row in csv.DictReader(text):
            code = row["StockCode"].upper()
            sold = row["InvoiceNo"][0].isdigit() and int(row["Quantity"]) > 0 and float(row["UnitPrice"]) > 0
            if sold and code[:5].isdigit():
                seen.setdefault(row["InvoiceNo"], (row["InvoiceDate"], {}))[1].setdefault(code)
                names.setdefault(code, row["Description"])
    dated = sorted((at, invoice, list(codes)) for invoice, (at, codes) in seen.items())
    number: dict[str, int] = {}
    baskets = [[number.setdefault(code, len(number) + 1) for code in codes] for *_, codes in dated]
    days = [int(np.datetime64(at[:10]).astype(int)) for at, *_ in dated]
    return days, baskets, {number[code]: names[code] for code in number}


if __name__ == "__main__":
    django.setup()
    print(json.dumps(measure_artefacts(1, *map(Path, sys.argv[1:2])), indent=1))
