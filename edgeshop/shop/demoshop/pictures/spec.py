"""What a picture is asked for."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PictureSpec:
    """One drawing: which thing, in which colour, on which ground, with what on it.

    `subject` is what is inside or grows in it, where that shows; `variant` moves small things about, so that two
    drawings of the same thing are not the same drawing.
    """

    family: str
    form: str
    motif: str
    colour: str
    ground: str
    subject: str = ""
    variant: int = 0
