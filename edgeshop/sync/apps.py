"""The sync app."""

from django.apps import AppConfig


class SyncConfig(AppConfig):
    """Walks the contact sections that others registered; owns facts-up and pages-down itself."""

    name = "edgeshop.sync"
    label = "sync"
