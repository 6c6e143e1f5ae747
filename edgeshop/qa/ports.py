"""Ports that stay ours: found or named, and held by a bound socket that does not listen.

While nobody listens, the system refuses connections to such a port, as it does for a stopped server, and gives the
port to nobody who asks for a free one.
"""

import socket

from edgeshop.kernel.errors import EdgeShopError

HOST = "127.0.0.1"


class PortTaken(EdgeShopError):
    """Somebody else listens on a port that was asked for by number."""

    code = "qa.port_taken"


class Port:
    """A TCP port on the loopback address, held until `close`."""

    def __init__(self, number: int = 0) -> None:
        """Hold `number`, or any free port. Raises: PortTaken."""
        self._holder = _bound(number)
        self.number: int = self._holder.getsockname()[1]

    def listener(self) -> socket.socket:
        """A new socket that listens on this port; the caller closes it."""
        listener = _bound(self.number)
        listener.listen(128)
        listener.setblocking(False)
        return listener

    def close(self) -> None:
        """Give the port back."""
        self._holder.close()


def _bound(number: int) -> socket.socket:
    held = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        held.bind((HOST, number))
    except OSError as error:
        held.close()
        raise PortTaken(f"Port {number} is taken.", port=number) from error
    return held
