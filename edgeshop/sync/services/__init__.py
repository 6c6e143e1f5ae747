"""Sync's verbs: a kiosk makes contacts, the cloud answers them."""

from edgeshop.sync.services.answer import reply
from edgeshop.sync.services.artefacts import fetch_artefacts
from edgeshop.sync.services.contact import Report, synchronise
from edgeshop.sync.services.downloads import fetch_bundles, progress
from edgeshop.sync.services.first import FirstSync, first_sync
from edgeshop.sync.services.pictures import fetch_pictures

__all__ = [
    "FirstSync",
    "Report",
    "fetch_artefacts",
    "fetch_bundles",
    "fetch_pictures",
    "first_sync",
    "progress",
    "reply",
    "synchronise",
]
