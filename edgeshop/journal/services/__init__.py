"""The journal's verbs: append and acknowledge on a kiosk, receive on the cloud, number and page the changes."""

from edgeshop.journal.services.applying import apply_again, apply_readable
from edgeshop.journal.services.audit import AuditKind, audit, begin_cloud_epoch, take_audit
from edgeshop.journal.services.facts import (
    Unsent,
    acknowledge,
    append,
    go_back,
    open_chain,
    own_chain,
    rebase_unsent,
    unsent,
    unsent_batch,
)
from edgeshop.journal.services.packing import pack_facts, unpack_facts
from edgeshop.journal.services.pages import (
    Page,
    apply_page,
    changes,
    cursors,
    page,
    restart_streams,
    sequence,
    streams_named,
)
from edgeshop.journal.services.receive import Received, is_forked, receive

__all__ = [
    "AuditKind",
    "Page",
    "Received",
    "Unsent",
    "acknowledge",
    "append",
    "apply_again",
    "apply_page",
    "apply_readable",
    "audit",
    "begin_cloud_epoch",
    "changes",
    "cursors",
    "go_back",
    "is_forked",
    "open_chain",
    "own_chain",
    "pack_facts",
    "page",
    "rebase_unsent",
    "receive",
    "restart_streams",
    "sequence",
    "streams_named",
    "take_audit",
    "unpack_facts",
    "unsent",
    "unsent_batch",
]
