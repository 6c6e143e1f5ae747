"""What the cloud tells without a signature under the request: enrolment, for a box that has no name yet, and the lists
of its own keys, which carry their own signatures."""

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from edgeshop.fleet.services.enrolment import enrol_by_request
from edgeshop.fleet.services.issuers import vouched_lists

router = Router()


class EnrolIn(Schema):
    """The code from the cloud's admin, a request (CSR, PEM) by the box's own key, and what holds that key.

    `trust_level` is a claim: 1 for an encrypted file, 2 for a chip; more is for people to find out.
    """

    code: str
    csr: str
    trust_level: int = Field(0, ge=0)


class EnrolOut(Schema):
    """Who the box is now, whose word it may trust, and what it needs to sell."""

    kiosk_id: int
    kiosk_name: str
    shop_id: int
    shop: dict[str, object]
    epoch: int
    trust_level: int
    cloud_jwks: list[dict[str, str]]
    certificate: str
    revocations: dict[str, str] | None
    welcome: dict[str, Any]


@router.post("enrol", response=EnrolOut, operation_id="enrol")
def enrol_box(request: HttpRequest, body: EnrolIn) -> EnrolOut:
    """Make the box the kiosk that the code was made for."""
    told = enrol_by_request(code=body.code, csr=body.csr, trust_level=body.trust_level)
    return EnrolOut(**asdict(told))


class IssuersOut(Schema):
    """The lists of issuer keys, oldest first, each signed by a key of the list before."""

    lists: list[str]


@router.get("issuers", response=IssuersOut, operation_id="issuers")
def issuers(request: HttpRequest) -> IssuersOut:
    """How a kiosk that was away for long gets from the key it knows to the one in use."""
    return IssuersOut(lists=vouched_lists())
