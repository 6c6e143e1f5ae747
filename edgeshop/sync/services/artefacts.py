"""Signed artefacts come after what sells and before pictures: when a contact has gone through, and rarely otherwise."""

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from edgeshop.sync.services.egress.account import ARTEFACTS
from edgeshop.sync.services.egress.ledger import noted
from edgeshop.vault.services.artefacts import bring, trusted_home

if TYPE_CHECKING:
    from edgeshop.vault.services.artefacts.client import Client


def fetch_artefacts(*, force: bool = False) -> list[str]:
    """Take what is new and signed; answers the names. Raises nothing for a link that fails meanwhile.

    `force` asks although it is not due yet.
    """
    with noted(ARTEFACTS):
        return bring(_client(settings.EDGESHOP.sync.cloud_url, trusted_home()), trusted_home(), force=force)


@lru_cache(maxsize=4)  # one per process in a shop, a few in tests: its connection is kept alive
def _client(cloud_url: str, home: Path) -> "Client":
    from edgeshop.vault.services.artefacts.client import Client  # noqa: PLC0415 -- slow, and no web server needs it

    return Client(url=f"{cloud_url.rstrip('/')}/artefacts", home=home)
