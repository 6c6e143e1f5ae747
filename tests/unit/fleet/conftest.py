"""Fleet is tried in a house: a cloud, and a box that is its kiosk."""

from tests.factories.house import held_clock, house, kiosk, second_database, shop

__all__ = ["held_clock", "house", "kiosk", "second_database", "shop"]
