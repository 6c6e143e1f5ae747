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
    """`ask` runs on the kiosk, `answer(kiosk_id, asked)` on the cloud, `take` on the kiosk with what came back."""

    name: str
    ask: Ask
    answer: Answer
    take: Take


_sections: dict[str, ContactSection] = {}


def section(name: str, *, ask: Ask, answer: Answer, take: Take) -> None:
    """Register one section. None from `ask` or `answer` leaves it out of the message."""
    _sections[name] = ContactSection(name, ask, answer, take)


def sections() -> list[ContactSection]:
    """All sections in the order of registration, which is the order they are applied in."""
    return list(_sections.values())
