"""The two things tests break, by the names tests like to use: `links` and `power`."""

from edgeshop.qa.links import Link, LinkBoard
from edgeshop.qa.node import Node, Part
from edgeshop.qa.stack import Kiosk


class Links:
    """The links of the first kiosk: `front` towards the browser, `back` towards the cloud."""

    def __init__(self, kiosk: Kiosk, board: LinkBoard) -> None:
        """Offer this kiosk's links; `heal` is for all of the stack."""
        self.front: Link = kiosk.front
        self.back: Link = kiosk.back
        self._board = board

    def cut(self) -> None:
        """Both links down: the double outage."""
        self.front.down()
        self.back.down()

    def heal(self) -> None:
        """Every link of the stack up, no fault armed."""
        self._board.heal()


class Power:
    """The plugs. Every method takes a node and, to be choosy, some of its parts."""

    def pull(self, node: Node, *parts: Part) -> None:
        """SIGKILL, all at once or only these parts; returns when they are gone."""
        node.kill(*parts)

    def restore(self, node: Node, *parts: Part) -> None:
        """Start what was pulled, with what is on disk, and wait until it is healthy. Raises: ChildFailed."""
        node.start(*parts)
        node.wait_healthy()

    def cycle(self, node: Node, *parts: Part) -> None:
        """Pull and restore."""
        self.pull(node, *parts)
        self.restore(node, *parts)
