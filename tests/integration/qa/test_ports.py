"""Ports that are held without listening."""

import socket

import pytest

from edgeshop.qa.ports import HOST, Port, PortTaken

pytestmark = pytest.mark.integration


def test_a_held_port_refuses_connections_until_somebody_listens():
    port = Port()

    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((HOST, port.number), timeout=1)
    with port.listener():
        socket.create_connection((HOST, port.number), timeout=1).close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((HOST, port.number), timeout=1)
    port.close()


def test_a_server_may_listen_on_a_held_port_again_and_again():
    port = Port()

    for _ in range(3):
        with socket.create_server((HOST, port.number)) as server:
            assert server.getsockname()[1] == port.number
    port.close()


def test_a_port_that_somebody_listens_on_is_taken():
    with socket.create_server((HOST, 0)) as server:
        number = server.getsockname()[1]
        with pytest.raises(PortTaken) as refusal:
            Port(number)

    assert refusal.value.fields == {"port": number}
