"""`manage.py rank 12 407`: what goes with a basket, as a shopper would be told."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from edgeshop.catalog.queries import product_texts
from edgeshop.recommend.services import recommend


class Command(BaseCommand):
    """Rank for a basket."""

    help = "Show what goes with a basket: give its product ids, the newest last. Says where the answer comes from."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The basket and how many answers."""
        parser.add_argument("products", nargs="*", type=int, help="product ids in the basket, newest last")
        parser.add_argument("-k", type=int, default=10, help="how many answers (default 10)")

    def handle(self, *_args: Any, **options: Any) -> None:
        """One line per answer, then where it comes from."""
        if options["k"] < 1:
            raise CommandError("At least one answer must be asked for.")
        answer = recommend(options["products"], options["k"])
        texts = product_texts()
        for place, product in enumerate(answer.items, start=1):
            self.stdout.write(f"{place:3}  {product:7}  {texts.get(product, '')}")
        version = "none" if answer.model_version is None else answer.model_version
        self.stdout.write(f"source {answer.source}, table {version}, confidence {answer.confidence:.2f}")
