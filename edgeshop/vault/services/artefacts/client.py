"""A kiosk's side of the artefact repository: python-tuf's client, told the time by us.

Its verdicts rest on the clock, and a kiosk's clock can be turned back; so the time that counts is the trusted one, and
a clock that lies far behind it is refused before anything is asked.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from tuf.api.exceptions import DownloadError, DownloadHTTPError, DownloadLengthMismatchError, RepositoryError
from tuf.api.metadata import Metadata
from tuf.ngclient.updater import Updater

from edgeshop.kernel import clock
from edgeshop.kernel.errors import NotFound
from edgeshop.vault.errors import ArtefactRefused, ArtefactsUnreachable, ClockBehind
from edgeshop.vault.services.artefacts.fetcher import Fetcher, Unreachable
from edgeshop.vault.services.artefacts.record import ROOT, has_root
from edgeshop.vault.services.artefacts.repository import LIVES
from edgeshop.vault.services.durable_file import make_folder
from edgeshop.vault.services.trusted_clock import authority_s

BEHIND_MAX_S = 300.0  # a box between two corrections of its clock; the trusted time rules all the same
Seconds = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Found:
    """A target as our keys describe it now. `version` is that of the targets role."""

    path: str
    sha256: str
    size_bytes: int
    version: int


class Client:
    """The repository at `url` as one kiosk sees it; what it trusts is kept below `home`."""

    def __init__(self, *, url: str, home: Path, authority_s: Seconds | None = authority_s) -> None:
        """`authority_s` is the trusted time; with None the wall clock is believed."""
        self._url, self._home = url.rstrip("/"), home
        self._authority_s = authority_s
        self._metadata = home / "metadata"
        self._fetcher = Fetcher(self._metadata)
        self._updater: _Updater | None = None

    def refresh(self) -> float:
        """Ask for news; answers until when, in unix seconds, the answer may be believed.

        Raises: NotFound without a root, ClockBehind, ArtefactsUnreachable, ArtefactRefused; then what was known stays.
        """
        at = self._trusted_time()
        if not has_root(self._home):
            raise NotFound("This kiosk has not been told yet whose artefacts to believe; a contact brings it.")
        make_folder(self._metadata)
        self._updater = None
        with _in_our_words():
            updater = _Updater(self._url, self._home, self._fetcher, at)
            updater.refresh()
        self._updater = updater
        return min(self._expires_s(role) for role in LIVES)

    def find(self, path: str) -> Found | None:
        """What is published at `path`, as of the last `refresh`; None when nothing is."""
        with _in_our_words():
            info = self._refreshed().get_targetinfo(path)
        return None if info is None else Found(path, info.hashes["sha256"], info.length, self._refreshed().version)

    def download(self, found: Found) -> Path:
        """The file of a target, its length and digest checked before it got its name. Raises: as `refresh`."""
        target = self._home / "incoming" / quote(found.path, safe="")
        with _in_our_words():
            info = self._refreshed().get_targetinfo(found.path)
            if info is None:
                raise NotFound("There is no such artefact any more.", path=found.path)
            self._refreshed().download_target(info, str(target))
        return target

    def close(self) -> None:
        """Let the connection go; the client stays usable."""
        self._fetcher.close()

    def _refreshed(self) -> "_Updater":
        if self._updater is None:
            self.refresh()
        assert self._updater is not None  # noqa: S101 -- refresh sets it or raises
        return self._updater

    def _trusted_time(self) -> datetime:
        wall_s = clock.timestamp()
        trusted_s = wall_s if self._authority_s is None else self._authority_s()
        if wall_s < trusted_s - BEHIND_MAX_S:
            raise ClockBehind("This box's clock has been turned back.", behind_s=round(trusted_s - wall_s))
        return datetime.fromtimestamp(trusted_s, UTC)

    def _expires_s(self, role: str) -> float:
        metadata = Metadata.from_bytes((self._metadata / f"{role}.json").read_bytes())
        expires: datetime = metadata.signed.expires
        return expires.timestamp()


class _Updater(Updater):
    """python-tuf's client at a time of our choice; without that it would read the system's clock itself."""

    def __init__(self, url: str, home: Path, fetcher: Fetcher, at: datetime) -> None:
        super().__init__(
            metadata_dir=str(home / "metadata"),
            metadata_base_url=f"{url}/metadata/",
            target_base_url=f"{url}/targets/",
            fetcher=fetcher,
            bootstrap=(home / ROOT).read_bytes(),
        )
        self._trusted_set.reference_time = at

    @property
    def version(self) -> int:
        """Of the targets role."""
        return self._trusted_set.targets.version


@contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        yield
    except (RepositoryError, DownloadLengthMismatchError) as error:
        raise ArtefactRefused("The artefacts are not what our keys signed.", why=type(error).__name__) from error
    except DownloadHTTPError as error:
        how = "missing" if error.status_code == 404 else "malformed"
        raise ArtefactsUnreachable("The repository refused a file.", how=how, status=error.status_code) from error
    except DownloadError as error:
        how = error.how if isinstance(error, Unreachable) else "malformed"
        raise ArtefactsUnreachable("The artefact repository did not answer.", how=how) from error
