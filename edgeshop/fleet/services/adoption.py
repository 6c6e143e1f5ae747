"""How a box becomes a kiosk, on the box: it takes what the cloud has said, whole or not at all."""

import base64
import logging
from typing import Any

from django.db import transaction

from edgeshop.fleet.errors import StillUnsent
from edgeshop.fleet.models import Kiosk, RevocationList, Shop
from edgeshop.fleet.services.certification import install_certificate
from edgeshop.fleet.services.enrolment import Enrolled
from edgeshop.fleet.services.revocation import install_revocations
from edgeshop.journal import contact
from edgeshop.journal.models import Chain
from edgeshop.journal.services import open_chain, rebase_unsent, unsent
from edgeshop.kernel import clock
from edgeshop.kernel.errors import EdgeShopError

log = logging.getLogger(__name__)


@transaction.atomic
def adopt(told: Enrolled) -> Kiosk:
    """On the box: become the kiosk that the cloud says we are, open its journal, and take what it needs to sell.

    Raises: StillUnsent when this box holds sales of another kiosk that the cloud has not acknowledged; TrustRefused
    when the certificate or the revocation list is not in order, and the box is no kiosk then.
    """
    if unsent().count and not Chain.objects.filter(is_own=True, device_id=told.kiosk_id).exists():
        raise StillUnsent("This box holds sales of another kiosk. Send them first: manage.py sync.")
    shop, _ = Shop.objects.update_or_create(pk=told.shop_id, defaults=told.shop)
    Kiosk.objects.filter(is_self=True).exclude(pk=told.kiosk_id).update(is_self=False)
    kiosk, _ = Kiosk.objects.update_or_create(
        pk=told.kiosk_id,
        defaults={
            "shop": shop,
            "name": told.kiosk_name,
            "epoch": told.epoch,
            "trust_level": told.trust_level,
            "cloud_jwks": told.cloud_jwks,
            "issuers_at": None,
            "enrolled_at": clock.now(),
            "revoked_at": None,
            "is_self": True,
            "is_epoch_stale": False,
        },
    )
    open_chain(device_id=kiosk.pk, epoch=told.epoch)
    rebase_unsent()
    _take_trust(told)
    for section in contact.sections():
        if section.is_welcome and section.name in told.welcome:
            _take_welcome(section, told.welcome[section.name])
    return kiosk


def _take_trust(told: Enrolled) -> None:
    RevocationList.objects.all().delete()  # it may be another cloud's, with numbers of its own
    if told.certificate:
        install_certificate(told.certificate)
    if told.revocations:
        install_revocations(told.revocations["token"], base64.b64decode(told.revocations["bits"]))


def _take_welcome(section: contact.ContactSection, said: Any) -> None:
    """What does not fit comes again with the first contact; it must not stand between a box and its shop."""
    try:
        with transaction.atomic():
            section.take(said)
    except EdgeShopError as error:
        log.warning("%s of the enrolment could not be used: %s", section.name, error.code)
