"""The shop's Django app."""

from django.apps import AppConfig


class ShopConfig(AppConfig):
    """The door."""

    name = "edgeshop.shop"
    label = "shop"
