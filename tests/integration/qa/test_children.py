"""Children that die when they are told to, and when their parent does."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from edgeshop.qa.children import Child, ChildFailed, stop_all

pytestmark = pytest.mark.integration
SLEEPER = [sys.executable, "-ISc", "import time; print('up', flush=True); time.sleep(60)"]
STUBBORN = [
    sys.executable,
    "-ISc",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)",
]


def child(tmp_path: Path, argv: list[str]) -> Child:
    return Child("child", argv, tmp_path / "logs" / "child.log")


def until(holds) -> None:
    give_up_at = time.monotonic() + 5
    while not holds():
        assert time.monotonic() < give_up_at
        time.sleep(0.01)


def is_alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False


def test_kill_leaves_no_process_and_says_how_it_ended(tmp_path):
    sleeper = child(tmp_path, SLEEPER)
    sleeper.start()
    pid = sleeper.pid

    sleeper.kill()

    assert (sleeper.is_running, sleeper.exit_status, is_alive(pid)) == (False, -signal.SIGKILL, False)


def test_stop_kills_what_does_not_want_to_end(tmp_path):
    stubborn = child(tmp_path, STUBBORN)
    stubborn.start()
    until(lambda: stubborn.last_lines() == "up")

    stubborn.stop(timeout_s=0.2)

    assert stubborn.exit_status == -signal.SIGKILL


def test_start_after_kill_adds_to_the_same_log(tmp_path):
    sleeper = child(tmp_path, SLEEPER)

    for lines in ("up", "up\nup"):
        sleeper.start()
        until(lambda wanted=lines: sleeper.last_lines() == wanted)
        sleeper.kill()


def test_wait_reports_the_status_and_the_last_lines(tmp_path):
    broken = child(tmp_path, [sys.executable, "-ISc", "print('no database'); raise SystemExit(3)"])
    broken.start()

    with pytest.raises(ChildFailed, match=r"ended with status 3\.\nno database") as failure:
        broken.wait(5)

    assert failure.value.fields == {"status": 3}


def test_a_child_outlives_the_thread_that_started_it(tmp_path):
    sleeper = child(tmp_path, SLEEPER)
    starter = threading.Thread(target=sleeper.start)

    starter.start()
    starter.join()
    until(lambda: sleeper.last_lines() == "up")

    assert sleeper.is_running
    sleeper.kill()


def test_stop_all_waits_for_the_slowest_only(tmp_path):
    several = [Child(str(n), STUBBORN, tmp_path / f"{n}.log") for n in range(3)]
    for each in several:
        each.start()
    until(lambda: all(each.last_lines() == "up" for each in several))

    started = time.monotonic()
    stop_all(several, timeout_s=0.3)

    assert not any(each.is_running for each in several)
    assert time.monotonic() - started < 2


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux kills the children of a killed parent")
def test_children_die_with_a_killed_parent(tmp_path):
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path)], stdout=subprocess.PIPE, env={"PYTHONPATH": str(Path.cwd())}
    )
    with parent:
        pid = int(parent.stdout.readline())
        assert is_alive(pid)
        os.kill(parent.pid, signal.SIGKILL)

    until(lambda: not is_alive(pid))


PARENT = f"""
import sys, time
from pathlib import Path
from edgeshop.qa.children import Child
child = Child("child", {SLEEPER!r}, Path(sys.argv[1]) / "child.log")
child.start()
print(child.pid, flush=True)
time.sleep(60)
"""
