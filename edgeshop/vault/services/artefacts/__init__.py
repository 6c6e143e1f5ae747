"""Signed artefacts: what executes or ranks on a kiosk is a target of our TUF repository, verified before it is used.

The cloud keeps the repository and signs with its keystore; the root keys are people's. A kiosk needs none of this to
boot: what it has verified once goes on running, whatever has expired since.

Here is what every process may need. The modules that sign and verify (`client`, `publishing`, `repository`, `ceremony`)
load python-tuf, a tenth of a second that a web server does not pay: they are imported by name, where they are used.
"""

from edgeshop.vault.services.artefacts.delivery import bring, fetch, nudge
from edgeshop.vault.services.artefacts.receivers import Receiver, receive, receiver_of, receivers
from edgeshop.vault.services.artefacts.record import (
    Record,
    Standing,
    has_root,
    read_record,
    standing,
    trust,
    trusted_home,
)

__all__ = [
    "Receiver",
    "Record",
    "Standing",
    "bring",
    "fetch",
    "has_root",
    "nudge",
    "read_record",
    "receive",
    "receiver_of",
    "receivers",
    "standing",
    "trust",
    "trusted_home",
]
