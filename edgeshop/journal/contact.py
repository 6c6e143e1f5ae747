"""Contact sections: apps add what a contact between kiosk and cloud carries; sync only walks the list."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Section = Any
Ask = Callable[[], Section | None]
Answer = Callable[[int, Section | None], Section | None]
Take = Callable[[Section], None]


@dataclass(frozen=True, slots=True)
class ContactSection:
    """`ask` runs on the kiosk, `answer(kiosk_id, asked)` on the cloud, `take` on the kiosk with what came back.

    `comes_first`: before facts and everything else, and also for a device that is told nothing else.
    `is_welcome`: a new kiosk gets it with its enrolment; the cloud is asked `{}` and answers in JSON.
    """

    name: str
    ask: Ask
    answer: Answer
    take: Take
    comes_first: bool = False
    is_welcome: bool = False


_sections: dict[str, ContactSection] = {}


def section(
    name: str, *, ask: Ask, answer: Answer, take: Take, comes_first: bool = False, is_welcome: bool = False
) -> None:
    """Register one section. None from `ask` or `answer` leaves it out of the message."""
    _sections[name] = ContactSection(name, ask, answer, take, comes_first, is_welcome)


def sections() -> list[ContactSection]:
    """All sections in the order of registration, which is the order they are applied in."""
    return list(_sections.values())
