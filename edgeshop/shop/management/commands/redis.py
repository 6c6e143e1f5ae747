"""`manage.py redis`: this node's private Redis in the foreground, for a systemd unit."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from edgeshop.kernel.errors import EdgeShopError
from edgeshop.qa.redis_child import answers, server_argv


class Command(BaseCommand):
    """Become the Redis of this node."""

    help = (
        "Run this node's private Redis or Valkey in the foreground: on the Unix socket that EDGESHOP_REDIS_URL names, "
        "append-only, evicting nothing, its file in the state folder. Uses redis-server or valkey-server from the "
        "PATH, else the embedded one of the demo extra. With --check it only says whether that socket answers."
    )
    requires_system_checks: list[str] = []  # a broker must come up whatever the database says

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Only a look, or the real thing."""
        parser.add_argument("--check", action="store_true", help="say whether it answers; exit status 1 when not")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Look, or hand this process over to the server."""
        url = str(settings.CHANNELS_HOST["address"]).partition("?")[0]
        if options["check"]:
            self._report(url)
            return
        if urlsplit(url).scheme != "unix":
            raise CommandError(f"EDGESHOP_REDIS_URL is {url}: that server is not ours to run.")
        try:
            argv = server_argv(socket_path=Path(urlsplit(url).path), data_dir=settings.EDGESHOP.state_dir / "redis")
        except EdgeShopError as error:
            raise CommandError(error.message) from error
        os.execv(argv[0], argv)  # noqa: S606 -- becoming the server is the point, and there is no shell

    def _report(self, url: str) -> None:
        if not answers(url):
            raise CommandError(f"No Redis answers at {url}.")
        self.stdout.write(f"Redis answers at {url}.")
