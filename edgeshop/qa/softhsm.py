"""An HSM made of files: SoftHSM2 in a folder of its own, no service, no root."""

from dataclasses import dataclass
from pathlib import Path

from edgeshop.qa.tokens import LABEL, PIN, SO_PIN, find_module, run


@dataclass(frozen=True)
class SoftHsm:
    """One HSM; `env` is what a process needs to see it."""

    folder: Path

    @property
    def module(self) -> Path:
        """The library. Raises: TokenToolMissing."""
        return find_module("libsofthsm2.so")

    @property
    def env(self) -> dict[str, str]:
        """Where its configuration is."""
        return {"SOFTHSM2_CONF": str(self.folder / "softhsm2.conf")}

    def set_up(self, label: str = LABEL) -> None:
        """Write the configuration and make one token, opened by `PIN`."""
        tokens = self.folder / "tokens"
        tokens.mkdir(parents=True, exist_ok=True)
        said = {"directories.tokendir": tokens, "objectstore.backend": "file", "log.level": "ERROR"}
        text = "".join(f"{name} = {value}\n" for name, value in said.items())
        (self.folder / "softhsm2.conf").write_text(text, encoding="utf-8")
        init = ["softhsm2-util", "--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", SO_PIN]
        run(init, self.env)
