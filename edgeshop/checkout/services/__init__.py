"""The checkout's verbs: admit seats, mint tokens, place orders, settle them, and follow every number to its end."""

from edgeshop.checkout.services.counter import sell_at_counter
from edgeshop.checkout.services.counting import place_counted
from edgeshop.checkout.services.exposure import close_epochs
from edgeshop.checkout.services.grant_issue import issue_grant
from edgeshop.checkout.services.grants import install_grant
from edgeshop.checkout.services.level import GrantLevel, GrantState, grant_level
from edgeshop.checkout.services.numbers import end_numbers
from edgeshop.checkout.services.orders import place
from edgeshop.checkout.services.pausing import is_paused, pause_uncleared, resume_uncleared
from edgeshop.checkout.services.progress import move_order
from edgeshop.checkout.services.replies import Placed, placed
from edgeshop.checkout.services.reviews import decide_review, give_back, propose_decision
from edgeshop.checkout.services.seat_requests import TokenRequest, open_request
from edgeshop.checkout.services.seats import Admitted, admit_seats, request_seat
from edgeshop.checkout.services.sweep import drop_old_envelopes, sweep_numbers, void_numbers
from edgeshop.checkout.services.tenders import tender_codes
from edgeshop.checkout.services.tokens import Minted, renew_tokens

__all__ = [
    "Admitted",
    "GrantLevel",
    "GrantState",
    "Minted",
    "Placed",
    "TokenRequest",
    "admit_seats",
    "close_epochs",
    "decide_review",
    "drop_old_envelopes",
    "end_numbers",
    "give_back",
    "grant_level",
    "install_grant",
    "is_paused",
    "issue_grant",
    "move_order",
    "open_request",
    "pause_uncleared",
    "place",
    "place_counted",
    "placed",
    "propose_decision",
    "renew_tokens",
    "request_seat",
    "resume_uncleared",
    "sell_at_counter",
    "sweep_numbers",
    "tender_codes",
    "void_numbers",
]
