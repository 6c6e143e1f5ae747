"""Train, install, rank: what other rooms may call. Training is imported when it runs, since scipy is slow to load."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from edgeshop.recommend.services.arrays import arrays_here, vectors_here
from edgeshop.recommend.services.serving import Recommendation, current_table, recommend, similar
from edgeshop.recommend.services.store import install
from edgeshop.recommend.services.table import Table

__all__ = [
    "Recommendation",
    "Table",
    "arrays_here",
    "current_table",
    "install",
    "rebuild",
    "recommend",
    "similar",
    "train",
    "train_and_install",
    "vectors_here",
]


def train(
    baskets: Iterable[Sequence[int]], texts: Mapping[int, str], *, model_version: int = 1, base: Table | None = None
) -> Table:
    """A table learned from baskets (oldest first, newest line last) and texts, near a `base` where there is one.

    Raises: NothingToLearn, ShopTooLarge.
    """
    from edgeshop.recommend.services import training  # noqa: PLC0415 -- slow import, not for a process that only ranks

    return training.train(baskets, texts, model_version=model_version, base=base)


def rebuild(delta: bytes) -> bytes:
    """The table file that a delta makes of the one in use; nothing is installed. Raises: NotFound, BadDelta."""
    from edgeshop.recommend.services import store, table_delta  # noqa: PLC0415 -- for the moment when one comes

    return table_delta.apply(delta, store.installed())


def train_and_install(*, progress: Callable[[str], None] = lambda _: None) -> int:
    """Learn from all baskets of the past, install the table here, send it to the kiosks; answers its version.

    Raises: NothingToLearn, ShopTooLarge.
    """
    from edgeshop.recommend.services import retraining  # noqa: PLC0415 -- as above

    return retraining.train_and_install(progress=progress)
