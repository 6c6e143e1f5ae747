"""What the windows of the fleet share."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


class OnCloudOnly:
    """Kept in the cloud: on a kiosk these are copies, to be looked at only."""

    def has_add_permission(self, request: HttpRequest, *_args: Any) -> bool:
        """Only where the ledger is."""
        return bool(settings.EDGESHOP.is_ledger and super().has_add_permission(request, *_args))  # type: ignore[misc]  # -- mixed into ModelAdmin

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only where the ledger is."""
        return bool(settings.EDGESHOP.is_ledger and super().has_change_permission(request, obj))  # type: ignore[misc]  # -- mixed into ModelAdmin

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Nothing here is deleted; ids are never reused."""
        return False
