"""A TPM made of software: swtpm as a child on two loopback ports, its PKCS#11 store in a folder beside it.

It has no resource manager, so it is harsher than a kiosk's /dev/tpmrm0: three objects at a time, for all processes.
Started by root it runs as nobody. Its state is the chip, its store is what lies on a kiosk's disk: a test that copies
only the store has copied a disk.
"""

import os
import shutil
import socket
import tempfile
import time
from pathlib import Path

from edgeshop.qa.children import Child, ChildFailed
from edgeshop.qa.ports import HOST
from edgeshop.qa.tokens import LABEL, PIN, SO_PIN, find_module, run

_TRIES = 20
_NOBODY = ("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--pdeathsig=KILL")  # setuid takes it off


class EmulatedTpm:
    """One chip. `stop` and `start` are a power cut: what it keeps, it keeps."""

    def __init__(self, folder: Path) -> None:
        """Prepare a chip whose log and PKCS#11 stores lie in `folder`; its own state is elsewhere, as a chip's is."""
        self._folder = folder
        self.state = Path(tempfile.mkdtemp(prefix="es-tpm-"))  # not below pytest's folder, where nobody may not look
        if os.geteuid() == 0:
            shutil.chown(self.state, "nobody", "nogroup")
        self.store = folder / "store"
        self.port = 0
        self.child: Child | None = None

    @property
    def module(self) -> Path:
        """The library. Raises: TokenToolMissing."""
        return find_module("libtpm2_pkcs11.so")

    @property
    def tcti(self) -> str:
        """How tpm2-tools and EDGESHOP_TPM name this chip."""
        return f"swtpm:host={HOST},port={self.port}"

    @property
    def env(self) -> dict[str, str]:
        """What a process needs to see this chip and its present store."""
        return {
            "TPM2_PKCS11_STORE": str(self.store),
            "TPM2_PKCS11_TCTI": self.tcti,
            "TSS2_LOG": "all+NONE",  # refusals are expected in tests, and loud
        }

    def start(self, timeout_s: float = 10) -> None:
        """Power on, on a free pair of ports, the last ones if they are. Raises: ChildFailed."""
        if self.child is not None and self.child.is_running:
            return
        give_up_at = time.monotonic() + timeout_s
        for _ in range(_TRIES):
            self.port = _free_pair(self.port)
            self.child = Child("swtpm", self._argv(), self._folder / "swtpm.log")
            self.child.start()
            while self.child.is_running and time.monotonic() < give_up_at:
                if _answers(self.port + 1):
                    return
                time.sleep(0.01)
            self.child.kill()
        raise ChildFailed(f"No emulated TPM.\n{self.child.last_lines() if self.child else ''}")

    def _argv(self) -> list[str]:
        ports = [f"type=tcp,port={port},bindaddr={HOST}" for port in (self.port, self.port + 1)]
        argv = ["swtpm", "socket", "--tpm2", "--tpmstate", f"dir={self.state}", "--server", ports[0]]
        argv += ["--ctrl", ports[1], "--flags", "not-need-init,startup-clear"]
        return [*(_NOBODY if os.geteuid() == 0 else ()), *argv]

    def set_up(self, label: str = LABEL) -> None:
        """Make an empty store beside those before it, with one token opened by `PIN`.

        A new chip locks itself after three power cuts in a row (each counts as a guess that was cut short); docs/
        operations.md tells how a kiosk's is set up, and so it is done here. What killed processes left is flushed.
        """
        tools = {"TPM2TOOLS_TCTI": self.tcti, "TSS2_LOG": "all+NONE"}
        run(["tpm2_dictionarylockout", "-s", "-n", "1000", "-t", "1", "-l", "1"], tools)
        run(["tpm2_dictionarylockout", "-c"], tools)
        for left in ("-t", "-l", "-s"):
            run(["tpm2_flushcontext", left], tools)
        self.store = Path(tempfile.mkdtemp(prefix="store-", dir=self._folder))
        tool = ["pkcs11-tool", "--module", str(self.module)]
        run([*tool, "--slot-index", "0", "--init-token", "--label", label, "--so-pin", SO_PIN], self.env)
        run([*tool, "--token-label", label, "--so-pin", SO_PIN, "--init-pin", "--pin", PIN], self.env)

    def stop(self) -> None:
        """Pull the plug."""
        if self.child is not None:
            self.child.kill()

    def remove(self) -> None:
        """Pull the plug and throw the chip away."""
        self.stop()
        shutil.rmtree(self.state, ignore_errors=True)


def _free_pair(last: int) -> int:
    """A port whose successor is free, too (the control port, as the TCTI expects); the last pair again if possible."""
    for wanted in (last, *(0,) * _TRIES):
        with socket.socket() as command, socket.socket() as control:
            try:
                for one, number in ((command, wanted), (control, 0)):
                    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    one.bind((HOST, number if one is command else command.getsockname()[1] + 1))
                return int(command.getsockname()[1])
            except (OSError, OverflowError):
                continue
    raise ChildFailed("No two free ports in a row.")


def _answers(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex((HOST, port)) == 0
