"""A kiosk and its cloud, to lay the bench's own beside."""

from tests.factories.house import house, second_database

__all__ = ["house", "second_database"]
