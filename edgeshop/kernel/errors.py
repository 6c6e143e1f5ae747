"""The one base of our errors: each knows its code, its HTTP status and what the caller should do next."""

from enum import StrEnum
from typing import Any, ClassVar


class Retry(StrEnum):
    """What the caller should do next."""

    NEVER = "never"
    LATER = "later"
    AFTER_SYNC = "after_sync"
    ASK_STAFF = "ask_staff"


class EdgeShopError(Exception):
    """Something a caller can act on without reading prose.

    `fields` carries the data of the case (ids and numbers, never people), ready for JSON.
    """

    code: ClassVar[str] = "kernel.error"
    http_status: ClassVar[int] = 400
    retry: ClassVar[Retry] = Retry.NEVER

    def __init__(self, message: str, **fields: Any) -> None:
        super().__init__(message)
        self.message = message
        self.fields = fields


class NotFound(EdgeShopError):
    """There is no such thing here, or not any more."""

    code = "kernel.not_found"
    http_status = 404


class InvalidInput(EdgeShopError):
    """A request, file or setting does not fit its form; `fields` names the place."""

    code = "kernel.invalid_input"
    http_status = 422


class MethodNotAllowed(EdgeShopError):
    """Something is at this address, but it is not to be asked in this way."""

    code = "kernel.method_not_allowed"
    http_status = 405


class Internal(EdgeShopError):
    """Something went wrong that nobody foresaw; the log holds it under the request id."""

    code = "kernel.internal"
    http_status = 500
    retry = Retry.LATER
