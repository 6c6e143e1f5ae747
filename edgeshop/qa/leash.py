"""Runs one program that dies with its parent: `python leash.py PARENT_PID PROGRAM ARGUMENT...`.

A script of its own, because setting this up between fork and exec is unsafe in a parent that has threads.
Source: prctl(2), PR_SET_PDEATHSIG. Elsewhere than on Linux it only runs the program.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    """Become the program, on a leash."""
    parent, program = int(sys.argv[1]), sys.argv[2:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before the leash was on
            sys.exit(1)
    os.execvp(program[0], program)  # noqa: S606 -- becoming the program is the point, and there is no shell


if __name__ == "__main__":
    main()
