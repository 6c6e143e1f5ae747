"""The journal's Django app."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """Facts up, changes down; knows neither commerce nor the network."""

    name = "edgeshop.journal"
    label = "journal"
