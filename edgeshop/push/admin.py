"""A window on what was told to whom, and the page where staff ask to be told of reviews."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern, path
from unfold.admin import ModelAdmin

from edgeshop.kernel.errors import EdgeShopError
from edgeshop.push.models import Notice, ReceiptContact
from edgeshop.push.views import tell_me


@admin.register(Notice)
class NoticeAdmin(ModelAdmin):
    """Notices, newest first."""

    comes_from = "What staff should know of appears here, and on their phones."
    list_display = ("key", "attempts", "sent_at", "given_up_at", "problem")
    list_filter = (("sent_at", admin.EmptyFieldListFilter), ("given_up_at", admin.EmptyFieldListFilter))
    search_fields = ("key",)
    ordering = ("-made_at", "-id")
    fields = ("key", "attempts", "made_at", "next_at", "sent_at", "given_up_at", "problem")
    readonly_fields = fields

    def get_urls(self) -> list[URLPattern]:
        """With the staff's own page, which is about notices but not one of them."""
        return [path("tell-me/", self.admin_site.admin_view(tell_me), name="push_tell_me"), *super().get_urls()]

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """Notices are found, not written."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """A notice that is gone would be sent again."""
        return False


@admin.register(ReceiptContact)
class ReceiptContactAdmin(ModelAdmin):
    """Who left an address with a receipt. It is opened on the row's own page only, on the kiosk that has the key."""

    comes_from = "Shoppers who leave an address with their receipt appear here."
    list_display = ("number", "kind", "made_at", "sent_at", "given_up_at", "problem")
    list_filter = ("kind",)
    search_fields = ("number",)
    ordering = ("-made_at", "-id")
    fields = ("number", "kind", "opened", "language", "subject", "made_at", "sent_at", "given_up_at", "problem")
    readonly_fields = fields

    @admin.display(description="address")
    def opened(self, contact: ReceiptContact) -> str:
        """The address, or why it is not readable."""
        try:
            return str(contact.address)
        except EdgeShopError as error:
            return error.message

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing personal is at the cloud, so there is no such page."""
        return not settings.EDGESHOP.is_ledger and super().has_view_permission(request, obj)

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """What a shopper has left is not corrected here."""
        return False

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """Shoppers leave addresses, nobody else."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """`manage.py erase` forgets a person; a deleted row would leave the key."""
        return False
