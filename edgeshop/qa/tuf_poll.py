"""What it costs a kiosk to ask whether its artefacts are still the newest: bytes on the wire, headers and all."""

from contextlib import closing
from pathlib import Path

from edgeshop.qa.links import Link
from edgeshop.vault.services.artefacts import has_root, trust
from edgeshop.vault.services.artefacts.client import Client


def idle_poll_bytes(*, link: Link, root: bytes, home: Path) -> int:
    """TCP payload, both ways, of one poll through `link` when nothing is new, on a connection that is kept alive.

    `root` is what the kiosk was told at first, `home` a folder of this measurement's own.
    """
    if not has_root(home):
        trust(home, root)
    with closing(Client(url=f"{link.url}/artefacts", home=home)) as client:
        client.refresh()  # fetches everything, and opens the connection
        before = link.traffic
        client.refresh()
        after = link.traffic
    return after.up_bytes + after.down_bytes - before.up_bytes - before.down_bytes
