"""The goals of vectors, models and the recommendation table; `bench.sync_artefacts` measures them."""

import os
from pathlib import Path

import django

from edgeshop.kernel.report import Goal, Report


def measure(report: Report, seed: int, shared: Path) -> None:
    """What new versions cost. Effect: Django is set up."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "edgeshop.settings.test")
    django.setup()
    from bench.sync_artefacts import measure_artefacts  # noqa: PLC0415 -- needs Django

    found = measure_artefacts(seed, shared)
    if "skipped" in found:
        report.details["artefacts"] = found["skipped"]
        return
    for name, op, wanted in (
        ("vectors_incremental_bytes", "<=", 33_000),
        ("vectors_incremental_recall", ">=", 0.999),
        ("vectors_retrain_bytes", "<=", 300_000),
        ("vectors_retrain_recall", ">=", 0.99),
        ("table_weekly_delta_bytes", "<=", 20_480),
        # Of the whole file under zstd, which is less than what travels: the fetcher takes whole files as they are.
        ("table_weekly_delta_share", "<=", 0.10),
    ):
        report.goals.append(Goal(name, found.pop(name), op, wanted, "bytes" if name.endswith("bytes") else "share"))
    report.details["artefacts"] = found
