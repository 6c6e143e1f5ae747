"""What a kiosk's question whether its artefacts are the newest costs on the wire, against a real cloud."""

from pathlib import Path

from edgeshop.qa.stack import Stack
from edgeshop.qa.tuf_poll import idle_poll_bytes
from edgeshop.vault.services import MemoryKeystore
from edgeshop.vault.services.artefacts.repository import Repository


def tuf_poll_bytes(folder: Path) -> int:
    """TCP payload of an idle poll, both ways, headers and all, on a link of its own."""
    with Stack(folder) as stack:
        stack.start()
        link = stack.links.add("poll", upstream=stack.cloud.port)
        root = Repository(stack.cloud.state / "artefacts", MemoryKeystore()).root()
        return idle_poll_bytes(link=link, root=root, home=folder / "home")
