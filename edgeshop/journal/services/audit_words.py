"""Audit entries as people read them. An entry of a newer release is shown with its kind and what it is about."""

from typing import Any

from edgeshop.journal.services.audit import CLOUD, AuditKind

_WORDS: dict[str, str] = {
    AuditKind.LOGIN: "logged in with {way}",
    AuditKind.LOGIN_FAILED: "was not let in with {way}",
    AuditKind.LOGOUT: "logged out",
    AuditKind.PIN_SET: "set a PIN of their own",
    AuditKind.PIN_RESET: "reset the PIN of person {person}",
    AuditKind.SECOND_FACTOR_SET: "set up a second factor",
    AuditKind.SECOND_FACTOR_RESET: "took the second factor from person {person}",
    AuditKind.APPROVED: "approved: {action}",
    AuditKind.REFUSED: "asked in vain for approval: {action}",
    AuditKind.REVIEW_DECIDED: "decided the review of {number} ({reason}): {decision}",
    AuditKind.BOOK_PUBLISHED: "published price book {version}",
    AuditKind.CODE_MADE: "made an enrolment code for kiosk {kiosk}",
    AuditKind.KIOSK_REVOKED: "revoked kiosk {kiosk}",
    AuditKind.SEAT_ADMITTED: "admitted {count} screens",
    AuditKind.STAFF_CHANGED: "changed person {person}: {fields}",
    AuditKind.SETTING_CHANGED: "set {setting} to {to}",
}
_SAID_ALREADY = {"person", "way"}


def in_words(kind: str, about: dict[str, Any]) -> str:
    """What was done, and whatever else is known of it."""
    pattern = _WORDS.get(kind, kind)
    try:
        said = pattern.format(**about)
    except (KeyError, IndexError):
        said, pattern = kind, ""
    more = {name: value for name, value in about.items() if f"{{{name}}}" not in pattern and name not in _SAID_ALREADY}
    return said + "".join(f", {name.replace('_', ' ')} {value}" for name, value in more.items())


def place_in_words(device_id: int) -> str:
    """Where it was done."""
    return "cloud" if device_id == CLOUD else f"kiosk {device_id}"
