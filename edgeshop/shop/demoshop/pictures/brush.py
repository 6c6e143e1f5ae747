"""One drawing in the making: its colours, its own chance, and the shapes it refers to by name."""

import random
from collections.abc import Callable
from hashlib import sha256

from edgeshop.shop.demoshop.pictures.inks import Inks
from edgeshop.shop.demoshop.pictures.palette import GLAZES, GROUNDS
from edgeshop.shop.demoshop.pictures.pen import placed
from edgeshop.shop.demoshop.pictures.spec import PictureSpec

Drawer = Callable[["Brush"], str]


class Brush:
    """Holds what one picture needs while it is drawn.

    Names of clips and stamps start with a digest of the whole specification, so that two pictures on one page
    never share a name, and one picture shown twice means the same thing both times.
    """

    def __init__(self, spec: PictureSpec) -> None:
        digest = sha256(repr(spec).encode()).digest()
        self.spec = spec
        self.glaze = GLAZES[spec.colour]
        self.ground = GROUNDS[spec.ground]
        self.ink = Inks(self.glaze.base)
        self.mirrored = False  # while true, what is drawn will be flipped, and light must come from the other side
        self.chance = random.Random(digest)  # noqa: S311 -- a steady hand's wobble, not a secret
        self._key = "p" + digest.hex()[:7]
        self._defs: dict[str, str] = {}

    def flip(self) -> bool:
        """Heads or tails by the product's number: which side the handle is on."""
        return self.spec.variant % 2 == 1

    def near(self, value: float, by: float) -> float:
        """The value, a little off, as a hand would have it."""
        return value + self.chance.uniform(-by, by)

    def clip(self, d: str, markup: str) -> str:
        """The marks, cut to the outline."""
        name = self._name(f'<clipPath id="{{}}"><path d="{d}"/></clipPath>')
        return f'<g clip-path="url(#{name})">{markup}</g>'

    def stamp(self, markup: str) -> str:
        """A name under which the marks can be put down again and again."""
        return self._name(f'<g id="{{}}">{markup}</g>')

    def put(self, stamp: str, x: float, y: float, scale: float = 1, turn: float = 0, *, flip: bool = False) -> str:
        """A stamp, put down once."""
        return f'<use href="#{stamp}" transform="{placed(x, y, scale, turn, flip=flip)}"/>'

    def defs(self) -> str:
        """The named shapes, to stand at the head of the drawing."""
        return f"<defs>{''.join(self._defs.values())}</defs>" if self._defs else ""

    def _name(self, form: str) -> str:
        for name, known in self._defs.items():
            if known == form.format(name):
                return name
        name = f"{self._key}{chr(97 + len(self._defs))}"
        self._defs[name] = form.format(name)
        return name
