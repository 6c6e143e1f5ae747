"""The push app."""

from django.apps import AppConfig


class PushConfig(AppConfig):
    """Owns subscriptions and notices; finds by itself what is worth telling."""

    name = "edgeshop.push"
    label = "push"
