"""What the door registers: the shop window as a signed artefact. It comes when a person says so."""

from edgeshop.shop.services.pwa import activate
from edgeshop.vault.services import artefacts


def register() -> None:
    """Called once, when the apps are ready."""
    artefacts.receive("pwa", path="pwa/dist.tar", take=activate, comes_by_itself=False)
