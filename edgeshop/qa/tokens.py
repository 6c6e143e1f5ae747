"""What the token fixtures share: where the modules are, and the world that a PKCS#11 library sees when it starts.

A library reads its environment once, at its start, and is loaded once per process. `seen` starts it again in this
process with another world; whoever needs two worlds at a time runs a child for the second.
"""

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from edgeshop.kernel.errors import EdgeShopError
from edgeshop.vault.services.pkcs11_module import module

PIN, SO_PIN, LABEL = "123456", "12345678", "device"


class TokenToolMissing(EdgeShopError):
    """A program or module that plays an HSM or a TPM is not installed."""

    code = "qa.token_tool_missing"


def find_module(name: str) -> Path:
    """A PKCS#11 module of this machine. Raises: TokenToolMissing."""
    for pattern in (f"lib*/softhsm/{name}", f"lib*/*/softhsm/{name}", f"lib*/pkcs11/{name}", f"lib*/*/pkcs11/{name}"):
        for found in Path("/usr").glob(pattern):
            return found
    raise TokenToolMissing(f"No {name} here: apt-get install softhsm2 swtpm tpm2-tools libtpm2-pkcs11-1 opensc.")


def run(argv: Sequence[str], env: Mapping[str, str]) -> str:
    """What a tool prints. Raises: TokenToolMissing with its last words."""
    done = subprocess.run(  # noqa: S603 -- our own argument lists, no shell
        argv, env=os.environ | dict(env), capture_output=True, text=True, timeout=60, check=False
    )
    if done.returncode != 0:
        raise TokenToolMissing(f"{argv[0]} ended with status {done.returncode}: {done.stderr[-400:]}")
    return done.stdout


@contextmanager
def seen(path: Path, env: Mapping[str, str]) -> Iterator[None]:
    """While held, this process's library at `path` lives in the world that `env` describes."""
    before = {name: os.environ.get(name) for name in env}
    os.environ.update(env)
    module(str(path)).restart()
    try:
        yield
    finally:
        module(str(path)).restart()
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
