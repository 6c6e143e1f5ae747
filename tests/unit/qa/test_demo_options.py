"""What a visitor may choose, and what the demo says when that cannot be."""

import socket
from pathlib import Path

import pytest

from edgeshop.qa.ports import HOST
from edgeshop.qa.stack import Ports
from edgeshop.shop.demo.options import BadOption, DemoOptions, demand_free, read_options

pytestmark = pytest.mark.unit
PORTS = [f"--port-{name}=0" for name in ("shop", "panel", "cloud", "kiosk", "link")]


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch):
    for name in ("STATE", "PORT_SHOP", "PORT_PANEL", "PORT_CLOUD", "PORT_KIOSK", "PORT_LINK"):
        monkeypatch.delenv(f"EDGESHOP_DEMO_{name}", raising=False)


def test_without_options_the_demo_keeps_its_state_under_var():
    options = read_options([])

    assert (options.check, options.data, options.panel_port) == (False, None, 8101)
    assert options.ports == Ports(cloud=8102, kiosk=8103, shop=8100, link=8104)
    assert options.state.parts[-2:] == ("var", "demo")


def test_the_environment_sets_defaults_and_options_win(monkeypatch, tmp_path):
    monkeypatch.setenv("EDGESHOP_DEMO_PORT_SHOP", "9001")
    monkeypatch.setenv("EDGESHOP_DEMO_PORT_CLOUD", "9002")
    monkeypatch.setenv("EDGESHOP_DEMO_STATE", str(tmp_path))

    options = read_options(["--port-cloud", "9003"])

    assert (options.ports.shop, options.ports.cloud, options.state) == (9001, 9003, tmp_path)


def test_missing_data_is_said_before_anything_starts(tmp_path):
    with pytest.raises(BadOption, match=r"--data .*gone\.csv: there is no such file"):
        read_options(["--data", str(tmp_path / "gone.csv")])


def test_a_taken_port_names_the_option_and_the_variable(tmp_path):
    with socket.create_server((HOST, 0)) as server:
        number = server.getsockname()[1]
        options = DemoOptions(False, None, tmp_path, Ports(cloud=number), 0)
        with pytest.raises(BadOption) as refusal:
            demand_free(options)

    assert refusal.value.fields == {"port": number}
    assert f"Port {number} (the cloud) is taken." in refusal.value.message
    assert f"--port-cloud {number + 1000}, or EDGESHOP_DEMO_PORT_CLOUD={number + 1000}" in refusal.value.message


def test_free_ports_are_no_obstacle(tmp_path):
    demand_free(read_options([*PORTS, "--state", str(tmp_path)]))


def test_help_names_every_variable(capsys):
    with pytest.raises(SystemExit):
        read_options(["--help"])

    told = "".join(capsys.readouterr().out.split())
    for name in ("STATE", "PORT_SHOP", "PORT_PANEL", "PORT_CLOUD", "PORT_KIOSK", "PORT_LINK"):
        assert f"EDGESHOP_DEMO_{name}" in told


def test_state_is_an_absolute_path(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)

    assert read_options(["--state", "here"]).state == Path(tmp_path / "here")
