"""`manage.py keystore`: make this node's keys, see what is there, and change what opens them."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from edgeshop.kernel.errors import EdgeShopError
from edgeshop.vault.services import FallbackKeystore, FileKeystore, keystore, keystore_state, thumbprint
from edgeshop.vault.services.node_keystore import DEVICE


class Command(BaseCommand):
    """Arguments in, keystore calls, a few lines out. Private keys are never shown."""

    help = (
        "Make this node's keys or show them by name and thumbprint. `init` makes the device key if it is missing and "
        "may be run again at any time; with --new-chip it takes the chip that is there now for ours, after which the "
        "kiosk has to be enrolled again. `status` changes nothing; its exit status is 1 when the keys do not open or a "
        "chip that should hold them is not used. `rotate` puts the encrypted folder under the credential in the file "
        "that --new-credential-file names; then give that file to the services in place of the old one and restart "
        "them. It may be run again if it was interrupted. Keys in a chip are never moved: a new device key comes with "
        "`init --new-chip` or with a new enrolment."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=("init", "status", "rotate"))
        parser.add_argument("--new-credential-file", type=Path, help="rotate: the file that holds the new credential")
        parser.add_argument("--new-chip", action="store_true", help="init: this is another chip, and that is right")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['action']}")(options)
        except (EdgeShopError, OSError) as problem:
            raise CommandError(f"The keystore does not work: {problem}") from problem

    def _init(self, options: dict[str, Any]) -> None:
        store = keystore()
        if options["new_chip"]:
            if not isinstance(store, FallbackKeystore):
                raise CommandError("This node expects no chip; nothing was done.")
            store.forget()
        store.create(DEVICE)
        self._report()

    def _status(self, _options: dict[str, Any]) -> None:
        self._report()
        problem = keystore_state().problem
        if problem:
            raise CommandError(f"The keys are not where they should be: {problem}")

    def _rotate(self, options: dict[str, Any]) -> None:
        if options["new_credential_file"] is None:
            raise CommandError("Say --new-credential-file FILE: the file that holds the new credential.")
        vault = settings.EDGESHOP.vault
        if vault.backend == "memory":
            raise CommandError("These keys end with the process; there is nothing to rotate.")
        fresh = options["new_credential_file"].read_text(encoding="utf-8").strip()
        if FileKeystore(path=Path(vault.path), credential=vault.credential).change_credential(fresh):
            self.stdout.write("The keys open with the new credential only. Hand it to the services and restart them.")
        else:
            self.stdout.write("There are no keys in the folder yet; simply use the new credential.")

    def _report(self) -> None:
        vault, store = settings.EDGESHOP.vault, keystore()
        place = {"file": f" at {vault.path}", "pkcs11": f" in token {vault.token} of {vault.module}"}
        state = keystore_state()
        self.stdout.write(f"{vault.backend} keystore{place.get(vault.backend, '')}, trust level {state.level}")
        if state.problem:
            self.stdout.write(f"  problem: {state.problem}")
        names = store.key_names()
        for name in names:
            self.stdout.write(f"  {name}  {thumbprint(store.public_key(name))}")
        if DEVICE not in names:
            self.stdout.write("  no device key yet: run `manage.py keystore init`")
