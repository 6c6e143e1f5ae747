"""What the cloud tells without a signature under the request: enrolment, for a box that has no name yet, and the
lists of its own keys, which carry their own signatures."""

from django.http import HttpRequest
from ninja import Field, Router, Schema

from edgeshop.fleet.services.enrolment import enrol
from edgeshop.fleet.services.issuers import vouched_lists

router = Router()
_CLAIM_MAX = 1  # hardware has to be attested, and nothing here attests it


class EnrolIn(Schema):
    """The code from the cloud's admin, and the box's own public key."""

    code: str
    device_jwk: dict[str, str]
    trust_level: int = Field(0, ge=0)


class EnrolOut(Schema):
    """Who the box is now."""

    kiosk_id: int
    kiosk_name: str
    shop_id: int
    shop: dict[str, object]
    epoch: int
    trust_level: int
    cloud_jwks: list[dict[str, str]]


@router.post("enrol", response=EnrolOut, operation_id="enrol")
def enrol_box(request: HttpRequest, body: EnrolIn) -> EnrolOut:
    """Make the box the kiosk that the code was made for. A box can say that its keys are in a file, not in a chip."""
    told = enrol(code=body.code, device_jwk=body.device_jwk, trust_level=min(body.trust_level, _CLAIM_MAX))
    return EnrolOut(**{name: getattr(told, name) for name in EnrolOut.model_fields})


class IssuersOut(Schema):
    """The lists of issuer keys, oldest first, each signed by a key of the list before."""

    lists: list[str]


@router.get("issuers", response=IssuersOut, operation_id="issuers")
def issuers(request: HttpRequest) -> IssuersOut:
    """How a kiosk that was away for long gets from the key it knows to the one in use."""
    return IssuersOut(lists=vouched_lists())
