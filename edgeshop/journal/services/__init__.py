"""The journal's verbs: append and acknowledge on a kiosk, receive on the cloud, number and page the changes."""

from edgeshop.journal.services.applying import apply_again, apply_readable
from edgeshop.journal.services.audit import AuditKind, audit, begin_cloud_epoch, take_audit
from edgeshop.journal.services.compacting import forget_old_changes
from edgeshop.journal.services.digests import (
    TOLD_BYTES,
    add_digests,
    digest_of,
    note_rows,
    row_digest,
    row_digests,
    subtract_digests,
    sum_up,
)
from edgeshop.journal.services.facts import (
    Unsent,
    acknowledge,
    append,
    open_chain,
    own_chain,
    rebase_unsent,
    unsent,
    unsent_batch,
)
from edgeshop.journal.services.numbering import changes, restart_streams, sequence
from edgeshop.journal.services.packing import pack_facts, unpack_facts
from edgeshop.journal.services.pages import Page, page, size_of, snapshot, streams_named
from edgeshop.journal.services.past import Mark, go_back, lacking, past_marks
from edgeshop.journal.services.receive import Received, heard_since, is_forked, receive
from edgeshop.journal.services.repairs import diverged, due_repairs, end_try, judge, verify_streams
from edgeshop.journal.services.taking import apply_page, cursors, versions

__all__ = [
    "TOLD_BYTES",
    "AuditKind",
    "Mark",
    "Page",
    "Received",
    "Unsent",
    "acknowledge",
    "add_digests",
    "append",
    "apply_again",
    "apply_page",
    "apply_readable",
    "audit",
    "begin_cloud_epoch",
    "changes",
    "cursors",
    "digest_of",
    "diverged",
    "due_repairs",
    "end_try",
    "forget_old_changes",
    "go_back",
    "heard_since",
    "is_forked",
    "judge",
    "lacking",
    "note_rows",
    "open_chain",
    "own_chain",
    "pack_facts",
    "page",
    "past_marks",
    "rebase_unsent",
    "receive",
    "restart_streams",
    "row_digest",
    "row_digests",
    "sequence",
    "size_of",
    "snapshot",
    "streams_named",
    "subtract_digests",
    "sum_up",
    "take_audit",
    "unpack_facts",
    "unsent",
    "unsent_batch",
    "verify_streams",
    "versions",
]
