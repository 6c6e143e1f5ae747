"""Pictures come after everything that sells: fetched by name when a contact has gone through, checked by name."""

import hashlib
import logging
import math

from edgeshop.catalog import media
from edgeshop.catalog.models import Product
from edgeshop.fleet.errors import CloudRefused, CloudUnreachable
from edgeshop.fleet.services import CloudClient
from edgeshop.journal.services import unsent_batch
from edgeshop.kernel import events
from edgeshop.kernel.errors import InvalidInput
from edgeshop.sync.services.egress.account import PICTURES
from edgeshop.sync.services.egress.ledger import noted

log = logging.getLogger(__name__)
_PER_RUN_MAX = 300


def fetch_pictures(client: CloudClient, *, bytes_max: float = math.inf) -> int:
    """Fetch pictures that the catalogue names and this kiosk lacks; answers how many came.

    Stops when the link does, when a sale waits for the cloud, and when `bytes_max` are reached: the rest comes after a
    later contact.
    """
    wanted = Product.objects.filter(is_active=True).values_list("image_sha256", flat=True)
    came = 0
    absent = media.absent(n for n in wanted if n)[:_PER_RUN_MAX]
    if not absent:
        return 0
    try:
        with noted(PICTURES) as moved:
            for name in absent:
                if unsent_batch(1) is not None or moved.down_bytes >= bytes_max:
                    break
                came += _fetch(client, name)
    except CloudUnreachable as error:
        log.info("pictures wait for a better link (%s)", error.fields)
    if came:
        events.publish("pictures.changed", count=came)
    return came


def _fetch(client: CloudClient, name: str) -> bool:
    """Whether this picture came. One that the cloud lacks or that is no picture holds up no other."""
    try:
        data = client.get(f"/media/{name}")
        if hashlib.sha256(data).hexdigest() != name:
            raise CloudUnreachable("Something else came in its place.", how="not_ours", picture=name)
        media.store(data)
    except (CloudRefused, InvalidInput) as error:
        log.warning("picture %s did not come: %s", name, error.code)
        return False
    return True
