"""Django for the generator: everything of the bench that knows orders and facts is imported after this."""

import os
import shutil
from pathlib import Path

import django

from edgeshop.qa.node import Node
from edgeshop.qa.template import migrated_database

_SECRETS = {"EDGESHOP_SECRET_KEY": "bench-only", "EDGESHOP_VAULT_CREDENTIAL": "bench-only"}


def ready(folder: Path) -> None:
    """Set this process up on an empty database of its own below `folder`; once."""
    state = folder / "kiosks"
    state.mkdir()
    source = migrated_database(lambda root: Node(name="template", role="cloud", root=root, settings=_SECRETS))
    shutil.copyfile(source, state / "test.sqlite3")
    os.environ |= {"EDGESHOP_STATE": str(state), "DJANGO_SETTINGS_MODULE": "edgeshop.settings.test"}
    django.setup()
