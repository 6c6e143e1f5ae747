"""`make bench-vault`: the vault's figures and its bounds, each with the control that must fail beside it."""

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.vault import conduct
from edgeshop.kernel.report import Goal, Report

_SEED = 20261124
_DEVICES, _REVOKED = 100_000, 1_000
_SUITE = ("unit/vault", "integration/vault", "integration/vault_attacks", "integration/artefacts", "integration/leases",
          "integration/personal")  # fmt: skip
_ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Run everything, print the table, write the JSON."""
    args = _arguments()
    conduct.ready()
    began = time.monotonic()

    def say(text: str) -> None:
        print(f"{time.monotonic() - began:6.1f} s  {text}", file=sys.stderr, flush=True)

    report = Report("bench-vault", args.seed)
    with tempfile.TemporaryDirectory(prefix="edgeshop-vault-") as folder:
        for title, measure in _parts(args, Path(folder), say):
            say(title)
            measure(report)
    report.details["wall_s"] = round(time.monotonic() - began, 1)
    return report.conclude(args.json)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench-vault", description=__doc__)
    parser.add_argument("--seed", type=int, default=_SEED, help="moves attacks, mutants, partitions and failures")
    parser.add_argument("--json", type=Path, help="write the report there")
    parser.add_argument("--attacks", type=int, default=1_000, help="random attacks on grants and tokens")
    parser.add_argument("--mutants", type=int, default=1_000_000, help="mutated tokens, delegations and requests")
    return parser.parse_args()


def _parts(args: argparse.Namespace, folder: Path, say: conduct.Say) -> list[tuple[str, Callable[[Report], None]]]:
    return [
        ("speed: grants, checkouts by file and by chip, settlement", lambda r: _speed(r, folder)),
        ("wire: revocation list", lambda r: _revocations(r, args.seed)),
        ("rotations of issuer keys and of credentials", lambda r: _rotations(r, args.seed)),
        (
            "a revoked kiosk",
            lambda r: r.goals.append(Goal("revocation_contacts", conduct.revocation_contacts(), "<=", 1)),
        ),
        ("a stolen disk, and a poll for artefacts", lambda r: _disk(r, folder)),
        ("the vault's test suite", _suite),
        ("attacks under the real limits", lambda r: _attacks(r, args, say)),
        ("mutants", lambda r: _mutants(r, args, say)),
    ]


def _speed(report: Report, folder: Path) -> None:
    from bench.vault import speed  # noqa: PLC0415 -- needs Django

    ratio, rate = speed.grant_verify_ratio()
    by_file = speed.checkout_p95_ms(speed.file_keys(folder / "keys"))
    report.goals += [
        Goal("grant_verify_ratio", round(ratio, 3), ">=", 0.60, "of raw ES256"),
        Goal(
            "checkout_crypto_p95_ms_file",
            round(by_file, 2),
            "<=",
            5,
            "ms",
        ),
        Goal("checkout_crypto_p95_ms_tpm", round(speed.chip_p95_ms(folder / "chip"), 2), "<=", 40, "ms"),
        Goal("settle_per_s", round(speed.settle_per_s()), ">=", 1_000, "orders"),
    ]
    report.details["grants_verified_per_s"] = round(rate)


def _revocations(report: Report, seed: int) -> None:
    from edgeshop.vault.services import MemoryKeystore, StoredKey, write_revocations  # noqa: PLC0415 -- needs Django

    keys = MemoryKeystore()
    keys.create("cloud")
    revoked = sorted(random.Random(seed).sample(range(_DEVICES), _REVOKED))
    token, bits = write_revocations(signer=StoredKey(keys, "cloud"), version=4, revoked=revoked, issued_s=1_800_000_000)
    report.goals.append(Goal("revocation_bytes_100k", len(token) + len(bits), "<=", 2_000, "bytes"))
    report.peers["revocation_bytes_100k_as_json_ids"] = len(str(revoked).replace(" ", ""))


def _rotations(report: Report, seed: int) -> None:
    from edgeshop.qa import leases_run  # noqa: PLC0415 -- needs Django

    kept, broken = conduct.rotations(seed=seed)
    leases: dict[str, Any] = leases_run.run(seed=seed)
    report.goals += [
        Goal("rotation_failed", kept.failed + kept.sampled_failed, "==", 0, f"of {kept.checkouts} checkouts"),
        Goal("rotation_quarantined", kept.quarantined + kept.sampled_reviewed, "==", 0, f"of {kept.settled} orders"),
        Goal("credential_rotation_failed", leases["rotation"]["failed"], "==", 0, "of 2880 requests"),
        Goal("lease_refused_reads", leases["offline"]["refused"], "==", 0, "of 240 reads"),
    ]
    report.controls += [
        Goal("rotation_without_overlap_failed", broken.failed, ">=", 1, "checkouts"),
        Goal("credential_without_overlap_failed", leases["control"]["failed"], ">=", 1, "requests"),
    ]
    report.peers["rotation_without_overlap_quarantined"] = broken.quarantined


def _revoked_kiosk(report: Report) -> None:
    report.goals.append(Goal("revocation_contacts", conduct.revocation_contacts(), "<=", 1, "contacts"))


def _disk(report: Report, folder: Path) -> None:
    from bench.vault import disk, poll  # noqa: PLC0415 -- needs Django

    searched = disk.search(folder)
    copied, own = disk.clone_signatures(folder / "clone")
    report.goals += [
        Goal("canaries_found", len(searched.found), "==", 0, "in state, copy and logs"),
        Goal("clone_signatures", copied, "==", 0, "on another chip"),
        Goal("tuf_poll_bytes", poll.tuf_poll_bytes(folder / "poll"), "<=", 1_000, "bytes"),
    ]
    report.controls += [
        Goal("canaries_found_where_all_lies_open", searched.control, ">=", 8, "canaries"),
        Goal("own_chip_signs", own, ">=", 1, "on its own chip"),
    ]
    report.details["canaries"] = searched.found


def _suite(report: Report) -> None:
    began = time.monotonic()
    argv = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "auto", "--dist", "loadfile"]
    argv += [f"tests/{name}" for name in _SUITE]
    done = subprocess.run(argv, cwd=_ROOT, capture_output=True, text=True, check=False)  # noqa: S603 -- ours
    report.details["suite"] = done.stdout.strip().splitlines()[-1]
    report.goals += [
        Goal("suite_s", round(time.monotonic() - began, 1), "<=", 180, "s"),
        Goal("suite_failed", done.returncode, "==", 0, "exit status"),
    ]


def _attacks(report: Report, args: argparse.Namespace, say: conduct.Say) -> None:
    found = conduct.attacks(seed=args.seed, count=args.attacks, say=say)
    report.goals += [
        Goal("attacks_over_bound", found.over, "==", 0, f"of {found.count}"),
    ]
    report.controls += [
        Goal("naive_budgets_over_bound", conduct.naive_over(seed=args.seed), ">=", 1, "attacks"),
    ]
    report.details["worst_pct_of_bound"] = {level: round(pct, 1) for level, pct in sorted(found.worst.items())}
    report.details["over"] = found.examples[:5]


def _mutants(report: Report, args: argparse.Namespace, say: conduct.Say) -> None:
    done = conduct.mutants(seed=args.seed, count=args.mutants, say=say)
    report.goals += [
        Goal("mutants_accepted", done["accepted"] + done["unhandled"], "==", 0, f"of {done['count']}"),
    ]
    report.controls += [
        Goal("originals_accepted", done["controls_accepted"], ">=", max(1, done["controls"]), "of as many"),
    ]
    report.details["unhandled_exceptions"] = done["unhandled"]


if __name__ == "__main__":
    sys.exit(main())
