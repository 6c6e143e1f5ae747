"""Deliberately broken variants of EdgeShop, for drills that must fail. Nothing in the product knows of them.

`path_for("idempotency")` is a folder for PYTHONPATH: Python loads the `sitecustomize` in it before anything else, and
that breaks one module as it is imported.
"""

from pathlib import Path


def path_for(variant: str) -> str:
    """The folder that breaks a node this way."""
    return str(Path(__file__).parent / variant)
