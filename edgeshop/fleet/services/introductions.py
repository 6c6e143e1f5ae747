"""On the cloud: hot keys, and how a key that nobody has met is introduced by its device's certificate."""

from collections.abc import Mapping
from datetime import UTC, datetime

from edgeshop.fleet.errors import ClockWrong, KeyUnknown, SignatureRefused
from edgeshop.fleet.models import HotKey, Kiosk
from edgeshop.fleet.services.devices import device_of
from edgeshop.fleet.services.exchange import CERTIFICATE_HEADER
from edgeshop.fleet.services.keys import subject_of
from edgeshop.fleet.services.levels import lower_level
from edgeshop.kernel import clock
from edgeshop.vault.errors import Expired
from edgeshop.vault.services import (
    SPARE_LEVEL,
    WINDOW_S,
    device_kid,
    is_by_spare,
    key_name,
    peek_jws,
    signed_at,
    thumbprint,
    verify_hot_certificate,
)

_ID_DIGITS_MAX = 9  # ids are 32-bit integers


def hot_key_of(kid: str, headers: Mapping[str, str]) -> HotKey:
    """The hot key of that name: met before, or introduced by the certificate that came along.

    Raises: KeyUnknown, SignatureRefused, ClockWrong; errors of the vault for what is no certificate.
    """
    known = HotKey.objects.select_related("device__kiosk__shop").filter(kid=kid, device__isnull=False).first()
    if known is not None:
        return known
    certificate = headers.get(CERTIFICATE_HEADER)
    if certificate is None:
        raise KeyUnknown("We have not met this key; send its certificate.", kid=kid)
    return introduced(certificate, signed_s=signed_at(headers))


def introduced(certificate: str, *, signed_s: int) -> HotKey:
    """A hot key that a kiosk's device key vouched for when the request was signed.

    Effect: kept when it is good now as well, and that kiosk's old ones are forgotten.
    """
    header, claimed = peek_jws(certificate)
    kiosk = _subject(str(claimed.get("sub", "")))
    device = device_of(kiosk.pk, device_kid(header))
    if device is None:
        raise SignatureRefused("We know no such device of this kiosk.", kiosk_id=kiosk.pk)
    subject, now_s = subject_of(kiosk.pk), clock.timestamp()
    try:
        jwk = verify_hot_certificate(certificate, issuer_jwk=device.jwk, subject=subject, now_s=signed_s)
    except Expired as error:
        raise ClockWrong("This kiosk's clock is wrong.", now_s=int(now_s)) from error
    if is_by_spare(header, issuer_jwk=device.jwk):  # whatever else the kiosk says of itself
        lower_level(kiosk.pk, told=SPARE_LEVEL)
    kid, expires_at = key_name(thumbprint(jwk)), datetime.fromtimestamp(int(claimed["exp"]), UTC)
    known = HotKey.objects.select_related("device__kiosk__shop").filter(kid=kid).first()
    if known is not None and known.kiosk_id != kiosk.pk:  # a public key proves nothing: others could vouch for it, too
        raise SignatureRefused("This key is another kiosk's.", kid=kid)
    born = {"kiosk": kiosk, "device": device, "jwk": jwk, "certificate": certificate, "expires_at": expires_at}
    fresh = HotKey(kid=kid, **born)
    if abs(now_s - signed_s) <= WINDOW_S and expires_at.timestamp() > now_s:
        HotKey.objects.filter(kiosk=kiosk, expires_at__lte=clock.now()).delete()
        fresh, _ = HotKey.objects.update_or_create(kid=kid, defaults=born)
    return fresh


def _subject(text: str) -> Kiosk:
    prefix, _, number = text.partition("/")
    is_name = prefix == "kiosk" and number.isascii() and number.isdecimal() and len(number) <= _ID_DIGITS_MAX
    kiosk = Kiosk.objects.filter(pk=int(number)).first() if is_name else None
    if kiosk is None:
        raise SignatureRefused("We know no such kiosk.", subject=text[:40])
    return kiosk
