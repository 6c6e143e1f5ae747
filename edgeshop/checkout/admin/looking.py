"""What all windows on the trade share: rows are looked at; what may be done about them is an action or a form."""

from typing import Any

from django.http import HttpRequest


class LookOnly:
    """Nothing is added, edited or deleted by hand: orders and numbers come from services only."""

    def has_add_permission(self, _request: HttpRequest, *_args: Any) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Never: every number has to end, and be seen to have ended."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Never."""
        return False

    def has_act_permission(self, request: HttpRequest) -> bool:
        """Who may run the actions of a window: staff who may change what it shows."""
        opts = self.opts  # type: ignore[attr-defined]  # -- mixed into ModelAdmin
        return bool(request.user.has_perm(f"{opts.app_label}.change_{opts.model_name}"))
