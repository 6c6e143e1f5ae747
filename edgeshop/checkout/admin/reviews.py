"""The review queue: the cloud decides, a kiosk proposes."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.widgets import UnfoldAdminIntegerFieldWidget

from edgeshop.checkout.admin.looking import LookOnly
from edgeshop.checkout.enums import Decision
from edgeshop.checkout.models import Review
from edgeshop.checkout.services import decide_review, propose_decision
from edgeshop.checkout.services.explain import explain, money
from edgeshop.fleet.errors import ApprovalNeeded
from edgeshop.fleet.forms import name_field, pin_field, second_in
from edgeshop.fleet.models import Staff
from edgeshop.fleet.roles import may_alone
from edgeshop.fleet.services.approvals import NOBODY, Second
from edgeshop.kernel import clock
from edgeshop.kernel.errors import EdgeShopError


class WaitingFilter(admin.SimpleListFilter):
    """What waits comes first; what is decided is a click away."""

    title = "state"
    parameter_name = "state"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, str]]:
        """Waiting is the default, so it has no entry of its own."""
        return [("decided", "Decided"), ("all", "All")]

    def choices(self, changelist: Any) -> Any:
        """The default is called by its name instead of "All"."""
        first, *others = super().choices(changelist)
        return [{**first, "display": "Waiting"}, *others]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Review]) -> QuerySet[Review]:
        """By whether somebody has decided."""
        if self.value() == "all":
            return queryset
        return queryset.filter(decided_at__isnull=self.value() != "decided")


class DecisionForm(forms.ModelForm):  # type: ignore[type-arg]  # -- not generic at run time
    """What a person decides; money back only with `correct`."""

    refund_minor = forms.IntegerField(
        required=False,
        min_value=0,
        widget=UnfoldAdminIntegerFieldWidget,
        label="Pay back (minor units)",
        help_text="Only with the decision to correct.",
    )
    second_name = name_field("A manager's name", required=False)
    second_pin = pin_field("Their PIN on this kiosk", required=False)

    class Meta:
        model = Review
        fields = ("decision", "note", "proposal")


@admin.register(Review)
class ReviewAdmin(LookOnly, ModelAdmin):
    """Reviews, the oldest first."""

    comes_from = "Good: there is nothing that a person must decide."
    form = DecisionForm
    list_display = ("order", "what", "opened_at", "amount", "suggested", "proposal", "decision", "decided_by")
    list_filter = (WaitingFilter, "reason", "order__kiosk")
    list_select_related = ("order__kiosk__shop", "order__number")
    search_fields = ("order__number__number",)
    ordering = ("opened_at",)
    actions = ("accept", "void")
    _ALWAYS = ("order_link", "what", "opened_at", "amount", "comparison", "proposed_by")

    def has_act_permission(self, request: HttpRequest) -> bool:
        """Deciding takes more than proposing."""
        verb = "decide" if settings.EDGESHOP.is_ledger else "change"
        return bool(request.user.has_perm(f"checkout.{verb}_review"))

    def has_change_permission(self, request: HttpRequest, obj: Review | None = None) -> bool:
        """Open reviews may be decided, by staff who may."""
        return self.has_act_permission(request) and (obj is None or not obj.decision)

    def get_readonly_fields(self, _request: HttpRequest, _obj: Review | None = None) -> tuple[str, ...]:
        """All but what this tier may say."""
        closed = ("proposal",) if settings.EDGESHOP.is_ledger else ("decision", "note")
        return (*self._ALWAYS, *closed, "decided_at", "decided_by")

    def get_fieldsets(self, request: HttpRequest, obj: Review | None = None) -> Any:
        """The case, then what to do about it."""
        own: tuple[Any, ...] = ("decision", "refund_minor", "note") if settings.EDGESHOP.is_ledger else ("proposal",)
        if not settings.EDGESHOP.is_ledger and isinstance(request.user, Staff) and not may_alone(request.user):
            own = (*own, ("second_name", "second_pin"))
        if (obj is not None and obj.decision) or not self.has_act_permission(request):
            own = ("decision", "decided_by", "decided_at", "note")
        told = ("order_link", ("what", "opened_at", "amount"), "comparison")
        return (("Case", {"fields": told}), ("Decision", {"fields": (*own, "proposed_by")}))

    @display(description="reason", ordering="reason", label=True)
    def what(self, review: Review) -> str:
        """The reason in words."""
        return review.get_reason_display()

    @display(description="order")
    def order_link(self, review: Review) -> SafeString:
        """Where the journey is."""
        where = reverse("admin:checkout_order_change", args=[review.order_id])
        return format_html('<a class="text-primary-600 dark:text-primary-400" href="{}">{}</a>', where, review.order)

    @display(description="total")
    def amount(self, review: Review) -> str:
        """What is at stake."""
        return money(review.order.total_minor, review.order)

    @display(description="suggested")
    def suggested(self, review: Review) -> str:
        """What we would do."""
        return explain(review, review.order).suggestion.label

    @display(description="sold as, against now")
    def comparison(self, review: Review) -> SafeString:
        """Both sides, with the differences marked, and a suggestion."""
        return render_to_string("checkout/comparison.html", {"case": explain(review, review.order), "review": review})

    def save_model(self, request: HttpRequest, obj: Review, form: Any, _change: bool) -> None:
        """Through the service, in one transaction."""
        told = form.cleaned_data
        decision = told.get("decision") if settings.EDGESHOP.is_ledger else told.get("proposal")
        if decision:
            note, refund = told.get("note") or "", told.get("refund_minor") or 0
            self._say(request, obj, decision, note=note, refund=refund, second=second_in(told))

    @admin.action(description="Accept: it stands", permissions=["act"])
    def accept(self, request: HttpRequest, queryset: QuerySet[Review]) -> None:
        """Accept, or propose to."""
        for review in queryset:
            self._say(request, review, Decision.ACCEPT)

    @admin.action(description="Void: it does not count", permissions=["act"])
    def void(self, request: HttpRequest, queryset: QuerySet[Review]) -> None:
        """Void, or propose to."""
        for review in queryset:
            self._say(request, review, Decision.VOID)

    def _say(
        self,
        request: HttpRequest,
        review: Review,
        what: str,
        *,
        note: str = "",
        refund: int = 0,
        second: Second = NOBODY,
    ) -> None:
        by, at, decision = request.user.get_username(), clock.now(), Decision(what)
        try:
            if settings.EDGESHOP.is_ledger:
                decide_review(review_id=review.pk, decision=decision, by=by, at=at, note=note, refund_minor=refund)
            else:
                propose_decision(review_id=review.pk, proposal=decision, by=by, at=at, second=second)
        except ApprovalNeeded as needed:
            messages.error(request, f"{review.order.number_id}: {needed.message} Open the review and type both there.")
        except EdgeShopError as refused:
            messages.error(request, refused.message)
