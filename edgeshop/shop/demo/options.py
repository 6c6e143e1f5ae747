"""What a visitor may choose: ports, state folder, data. Each by option or by environment variable."""

import argparse
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from edgeshop.kernel.errors import EdgeShopError
from edgeshop.qa.node import REPOSITORY
from edgeshop.qa.ports import Port, PortTaken
from edgeshop.qa.stack import Ports

_PORTS = {
    "shop": (8100, "the shop, as a browser reaches it"),
    "panel": (8101, "the demo panel"),
    "cloud": (8102, "the cloud"),
    "kiosk": (8103, "the kiosk, without a link in between"),
    "link": (8104, "the kiosk's way to the cloud"),
}


class BadOption(EdgeShopError):
    """The demo cannot start as asked; the message names the option to change."""

    code = "shop.demo_option"


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """What was chosen."""

    check: bool
    data: Path | None
    state: Path
    ports: Ports
    panel_port: int


def add_arguments(parser: argparse.ArgumentParser, environ: Mapping[str, str] = os.environ) -> None:
    """Declare the options; their defaults come from the environment."""
    parser.add_argument(
        "--check", action="store_true", help="start, make one sale through both tiers, stop; exit status"
    )
    parser.add_argument("--data", help="sell real transactions (csv or csv.gz) instead of the built-in shop")
    state = environ.get("EDGESHOP_DEMO_STATE", str(REPOSITORY / "var" / "demo"))
    parser.add_argument("--state", default=state, help="folder for everything the demo keeps (EDGESHOP_DEMO_STATE)")
    for name, (number, about) in _PORTS.items():
        variable = _variable(name)
        text = f"port of {about} (default {number}; {variable})"
        parser.add_argument(f"--port-{name}", type=int, default=int(environ.get(variable, number)), help=text)


def read_options(arguments: Sequence[str]) -> DemoOptions:
    """The options of a command line. Raises: SystemExit with a message, as argparse does; BadOption."""
    parser = argparse.ArgumentParser("demo", description="Run a whole EdgeShop here, with a panel to break it with.")
    add_arguments(parser)
    return chosen(vars(parser.parse_args(arguments)))


def chosen(given: Mapping[str, object]) -> DemoOptions:
    """Check what was given. Raises: BadOption for a file that is not there."""
    data = Path(str(given["data"])) if given["data"] else None
    if data is not None and not data.is_file():
        raise BadOption(f"--data {data}: there is no such file.")
    ports = {name: int(str(given[f"port_{name}"])) for name in _PORTS}
    panel_port = ports.pop("panel")
    return DemoOptions(bool(given["check"]), data, Path(str(given["state"])).resolve(), Ports(**ports), panel_port)


def demand_free(options: DemoOptions) -> None:
    """Raises: BadOption naming the option and the variable of the first port that somebody else has."""
    wanted = {
        "shop": options.ports.shop,
        "panel": options.panel_port,
        "cloud": options.ports.cloud,
        "kiosk": options.ports.kiosk,
        "link": options.ports.link,
    }
    for name, number in wanted.items():
        try:
            Port(number).close()
        except PortTaken:
            raise BadOption(
                f"Port {number} ({_PORTS[name][1]}) is taken. "
                f"Choose another: --port-{name} {number + 1000}, or {_variable(name)}={number + 1000}.",
                port=number,
            ) from None


def _variable(name: str) -> str:
    return f"EDGESHOP_DEMO_PORT_{name.upper()}"
