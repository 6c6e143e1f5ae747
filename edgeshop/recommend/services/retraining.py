"""A new table for the whole fleet, from the catalogue's baskets and texts."""

from collections.abc import Callable

from django.db import transaction

from edgeshop.catalog.queries import product_texts, training_baskets
from edgeshop.journal.services import changes
from edgeshop.recommend.services import store, table_delta
from edgeshop.recommend.services.table import Table
from edgeshop.recommend.services.training import train
from edgeshop.vault.services.artefacts.publishing import publish as publish_artefact

KEY = "table"


def learn(*, progress: Callable[[str], None] = lambda _: None) -> Table:
    """A table of the active products, one version above the installed one and near it.

    Raises: NothingToLearn, ShopTooLarge.
    """
    progress("reading products and baskets")
    texts = product_texts()
    baskets = [[product for product in basket if product in texts] for basket in training_baskets()]
    known = store.current()
    version = known.model_version + 1 if known else 1
    return train(baskets, texts, model_version=version, base=known, progress=progress)


def publish(table: Table) -> int:
    """Install a table here, sign it as an artefact and let the kiosks know; answers its version.

    Raises: KeyMissing, KeystoreLocked; then the kiosks keep what they have.
    """
    data = table.to_bytes()
    version = store.install(data)
    publish_artefact(store.TARGET, data, delta=table_delta.encode)
    with transaction.atomic():
        changes(store.STREAM, KEY)
    return version


def train_and_install(*, progress: Callable[[str], None] = lambda _: None) -> int:
    """Learn from all baskets of the past, install the table and sign it for the kiosks; answers its version.

    Raises: NothingToLearn, ShopTooLarge.
    """
    return publish(learn(progress=progress))
