"""`manage.py artefacts`: what kiosks may run and rank by, signed here and verified there."""

import shutil
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from edgeshop.kernel import clock
from edgeshop.kernel.errors import EdgeShopError
from edgeshop.vault.services import artefacts
from edgeshop.vault.services.artefacts.ceremony import begin, root_keystores, sign_root
from edgeshop.vault.services.artefacts.client import Client
from edgeshop.vault.services.artefacts.publishing import publish, repository, roots_folder


class Command(BaseCommand):
    """Arguments in, service calls, a few lines out."""

    help = (
        "Signed artefacts. On the cloud: `init` begins the repository, `publish NAME FILE` signs a file, `refresh` "
        "signs anew what grows old, `sign-root` adds the root signatures whose keys are here, `status` shows it all. "
        "On a kiosk: `fetch NAME` verifies and takes one now, `status` shows what was verified, `forget` lets the next "
        "contact say anew whose artefacts to believe; what is in use stays."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One action, and what it needs."""
        actions = parser.add_subparsers(dest="action", required=True)
        for action in ("init", "sign-root"):
            one = actions.add_parser(action)
            one.add_argument("--roots", type=Path, help="folder of the root keys root-1, root-2, root-3")
            one.add_argument(
                "--credential-file", type=Path, help="what opens them; without it, what opens our own keys"
            )
        one = actions.add_parser("publish")
        one.add_argument("name")
        one.add_argument("file", type=Path)
        actions.add_parser("fetch").add_argument("name")
        actions.add_parser("forget")
        actions.add_parser("refresh")
        actions.add_parser("status")

    def handle(self, *_args: Any, action: str, **options: Any) -> None:
        """Do it, and say what came of it."""
        try:
            getattr(self, f"_{action.replace('-', '_')}")(options)
        except EdgeShopError as error:
            raise CommandError(f"{error.code}: {error.message} {error.fields or ''}".rstrip()) from error
        except OSError as error:
            raise CommandError(str(error)) from error

    def _init(self, options: dict[str, Any]) -> None:
        begin(repository(), self._roots(options, is_new=True))
        self.stdout.write(f"The repository is begun. Take the root keys away from {self._folder(options)}.")

    def _sign_root(self, options: dict[str, Any]) -> None:
        done = sign_root(repository(), self._roots(options))
        end = "it is the root now" if done.is_published else "it waits for more"
        self.stdout.write(f"Root {done.version} is signed by {done.signed_by} of {done.needed}: {end}.")

    def _publish(self, options: dict[str, Any]) -> None:
        receiver = artefacts.receiver_of(options["name"])
        version = publish(receiver.path, options["file"].read_bytes())
        self.stdout.write(f"{receiver.path} is published, targets version {version}.")

    def _refresh(self, _options: dict[str, Any]) -> None:
        self.stdout.write(f"Signed anew: {', '.join(repository().refresh()) or 'nothing, all is young'}.")

    def _fetch(self, options: dict[str, Any]) -> None:
        home = artefacts.trusted_home()
        client = Client(url=f"{settings.EDGESHOP.sync.cloud_url.rstrip('/')}/artefacts", home=home)
        is_new = artefacts.fetch(client, home, options["name"])
        self.stdout.write(f"{options['name']} {'is verified and in use' if is_new else 'is the newest already'}.")

    def _forget(self, _options: dict[str, Any]) -> None:
        if settings.EDGESHOP.is_ledger:
            raise CommandError("The cloud believes itself; this is for a kiosk.")
        shutil.rmtree(artefacts.trusted_home(), ignore_errors=True)
        self.stdout.write("The next contact says whose artefacts to believe.")

    def _status(self, _options: dict[str, Any]) -> None:
        if settings.EDGESHOP.is_ledger:
            self._show_repository()
        else:
            self._show_record()

    def _show_repository(self) -> None:
        for role in repository().state():
            days = (role.expires_at - clock.now()).total_seconds() / 86400
            self.stdout.write(f"{role.role:9}  version {role.version:4}  expires in {days:.1f} days")
            for path, sha256 in sorted(role.targets.items()):
                self.stdout.write(f"  {path}  {sha256}")
        if roots_folder().exists():
            self.stdout.write(f"The root keys lie on this machine ({roots_folder()}): take them away.")

    def _show_record(self) -> None:
        record, now = artefacts.read_record(artefacts.trusted_home()), artefacts.standing()
        age = "never" if now.checked_age_s is None else f"{now.checked_age_s / 3600:.1f} hours ago"
        self.stdout.write(f"{now.state}, last checked {age}{f', {record.problem}' if record.problem else ''}")
        for name, what in sorted(record.verified.items()):
            self.stdout.write(f"  {name}  {what['path']}  version {what['version']}  {what['sha256']}")

    def _roots(self, options: dict[str, Any], *, is_new: bool = False) -> Any:
        file = options["credential_file"]
        credential = file.read_text(encoding="utf-8").strip() if file else settings.EDGESHOP.vault.credential
        return root_keystores(self._folder(options), credential=credential, is_new=is_new)

    def _folder(self, options: dict[str, Any]) -> Path:
        return options["roots"] or roots_folder()
