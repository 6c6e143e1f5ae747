"""Deltas between versions of vectors and weights, for links that cost by the byte.

Closed loop: whoever publishes applies its own delta, and what comes out is the next version. So a kiosk can check a
sha256, and what one delta rounds off the next one knows of: errors do not add up. What a version is good for, and how
it travels, is for others to say.
"""

from edgeshop.kernel.deltas.chain import Candidate, Chosen, Gate, choose
from edgeshop.kernel.deltas.delta import Arrays, apply, digest
from edgeshop.kernel.deltas.errors import BadDelta
from edgeshop.kernel.deltas.recall import recall

__all__ = ["Arrays", "BadDelta", "Candidate", "Chosen", "Gate", "apply", "choose", "digest", "recall"]
