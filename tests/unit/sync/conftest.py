"""Sync is tried in a house: a cloud, and a box that is its kiosk."""

from tests.factories.bundles import large
from tests.factories.facts import ledger, synced
from tests.factories.house import house, kiosk, second_database, shop

__all__ = ["house", "kiosk", "large", "ledger", "second_database", "shop", "synced"]
