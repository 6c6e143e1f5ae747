"""Runs the demo from its first line to its last process."""

import fcntl
import os
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import requests

from edgeshop.kernel.errors import EdgeShopError
from edgeshop.qa.children import end_on_sigterm
from edgeshop.qa.node import REPOSITORY
from edgeshop.qa.stack import Stack
from edgeshop.shop.demo.check import sell_one
from edgeshop.shop.demo.options import BadOption, DemoOptions, demand_free, read_options
from edgeshop.shop.demo.panel import Panel
from edgeshop.shop.demo.power import Power
from edgeshop.shop.demo.terminal import Terminal
from edgeshop.shop.demo.words import welcome

_WATCH_EVERY_S = 0.5


def main(arguments: Sequence[str]) -> int:
    """Run the demo with these arguments; the answer is the exit status."""
    terminal = Terminal()
    try:
        return run(read_options(arguments), terminal)
    except EdgeShopError as error:
        terminal.say(error.message)
        return 2 if isinstance(error, BadOption) else 1


def run(options: DemoOptions, terminal: Terminal) -> int:
    """Start everything, then check or serve until Ctrl-C; the answer is the exit status. Raises: BadOption."""
    end_on_sigterm()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # what was started in the background may ignore it
    with _alone(options.state):
        demand_free(options)
        stack = Stack(
            options.state,
            data=options.data,
            policy=REPOSITORY / "deploy" / "classes.toml",
            ports=options.ports,
            database_url=os.environ.get("DATABASE_URL", ""),
            eavesdrop=True,
            say=terminal.say,
        )
        try:
            with stack:
                _demand_same_data(stack, options)
                status = _serve(stack, options, terminal)
        except KeyboardInterrupt:
            status = 0
        return _ended(stack, status, terminal)


def _serve(stack: Stack, options: DemoOptions, terminal: Terminal) -> int:
    try:
        stack.start()
        power = Power(stack.nodes, terminal.say)
        with Panel(stack, power, port=options.panel_port) as panel:
            terminal.table(welcome(stack, panel.url), title="EdgeShop is open.")
            if options.check:
                sell_one(stack, terminal)
            else:
                _watch(power)
    except (EdgeShopError, requests.RequestException) as error:
        terminal.say(f"Failed: {error}")
        return 1
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not interrupt the tidying up
        terminal.say("Stopping")
    return 0


def _watch(power: Power) -> None:
    pause = threading.Event()
    while not pause.wait(_WATCH_EVERY_S):
        power.watch_once()


def _ended(stack: Stack, status: int, terminal: Terminal) -> int:
    left = [child.name for node in stack.nodes for child in node.all_children if child.is_running]
    terminal.say(f"Still running: {', '.join(left)}" if left else "Stopped; no process is left.")
    return 1 if left else status


def _demand_same_data(stack: Stack, options: DemoOptions) -> None:
    wanted = str(options.data.resolve()) if options.data else ""
    if stack.made_from not in {None, wanted}:
        sold = stack.made_from or "the built-in shop"
        raise BadOption(f"The state in {options.state} sells {sold}. Run make demo-reset, or choose another --state.")


@contextmanager
def _alone(state: Path) -> Iterator[None]:
    """Hold the state folder while the demo runs. Raises: BadOption when another demo holds it."""
    state.mkdir(parents=True, exist_ok=True)
    with (state / "lock").open("w", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BadOption(f"A demo already runs on {state}. Stop it, or choose another --state.") from None
        yield
