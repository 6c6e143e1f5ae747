"""What processes and all their children have used of the processors, from /proc.

What a child used is counted where its parent has waited for it: nothing is lost between two looks. Source: proc(5).
"""

import os
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

_TICK_S = 1 / os.sysconf("SC_CLK_TCK")
_PPID, _USED = 1, slice(11, 15)  # fields after the name: parent; user, system, and both of waited-for children


def used_s(roots: Iterable[int]) -> float:
    """Processor time of these processes and their descendants. Units: seconds over all cores."""
    used: dict[int, float] = {}
    children: dict[int, list[int]] = defaultdict(list)
    for pid, fields in _processes():
        used[pid] = sum(map(int, fields[_USED])) * _TICK_S
        children[int(fields[_PPID])].append(pid)
    total, waiting = 0.0, list(roots)
    while waiting:
        pid = waiting.pop()
        total += used.get(pid, 0.0)
        waiting += children[pid]
    return total


def _processes() -> Iterable[tuple[int, list[str]]]:
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                stat = (folder / "stat").read_text(encoding="utf-8", errors="replace")
            except OSError:  # it has ended meanwhile
                continue
            yield int(folder.name), stat.rpartition(")")[2].split()
