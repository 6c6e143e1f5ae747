"""Kiosks that come back: each at a moment of its own, and again after a pause when it did not go through."""

import asyncio
import random
import time
from collections.abc import Coroutine, Sequence
from typing import Any

from bench.fleet.box import AnswerLost, Box, Refused
from edgeshop.kernel.errors import EdgeShopError

_TRIES_MAX = 200
_PAUSE_S = 2.0  # between two looks of a kiosk's beat
_GIVE_UP_S = 1800  # a bench that hangs tells nothing


def reconnect(boxes: Sequence[Box], *, within_s: float, rng: random.Random) -> float:
    """Let all kiosks come back within so many seconds; answers how long it took until all was told. Units: seconds."""
    began = time.monotonic()
    _run(_all(boxes, [rng.uniform(0, within_s) for _ in boxes], rng))
    return time.monotonic() - began


def _run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(work, _GIVE_UP_S))


async def _all(boxes: Sequence[Box], moments_s: Sequence[float], rng: random.Random) -> None:
    pauses = [random.Random(rng.random()) for _ in boxes]
    await asyncio.gather(*(_one(*each) for each in zip(boxes, moments_s, pauses, strict=True)))
    for box in boxes:
        box.line.drop()


async def _one(box: Box, at_s: float, rng: random.Random) -> None:
    await asyncio.sleep(at_s)
    for _ in range(_TRIES_MAX):
        try:
            await box.drain()
        except (OSError, EOFError, TimeoutError, AnswerLost, EdgeShopError) as broken:
            _note(box.seen.broken, type(broken).__name__)
        except Refused as refused:
            _note(box.seen.refused, refused.code or str(refused.status))
        else:
            return
        await asyncio.sleep(_PAUSE_S * rng.uniform(0.5, 1.5))


def _note(tally: dict[str, int], name: str) -> None:
    tally[name] = tally.get(name, 0) + 1
