"""A surface to paint on."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Area:
    """The box a motif may fill; `bend` is how far a level line sags on a round body. `grain` is a figure's size."""

    x: float
    y: float
    w: float
    h: float
    bend: float = 0
    grain: float = 64

    @property
    def cx(self) -> float:
        """The middle, across."""
        return self.x + self.w / 2

    @property
    def cy(self) -> float:
        """The middle, down."""
        return self.y + self.h / 2

    @property
    def small(self) -> float:
        """The shorter side."""
        return min(self.w, self.h)
