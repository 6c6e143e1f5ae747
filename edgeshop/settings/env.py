"""Typed readers of the environment. An odd value stops the boot with a sentence; it is never guessed."""

import os
import re
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

ROLES = ("cloud", "kiosk")
_MISSING = "\0missing"
_MAIL_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


class OddSetting(SystemExit):
    """A setting is missing or odd; the text says which and what it may be."""


def use_role_settings() -> None:
    """Point Django at the settings of EDGESHOP_ROLE, unless the tests have chosen theirs."""
    if os.environ.get("DJANGO_SETTINGS_MODULE") != "edgeshop.settings.test":
        os.environ["DJANGO_SETTINGS_MODULE"] = f"edgeshop.settings.{_role()}"


def use_demo_settings() -> None:
    """Settings for the demo's supervisor, which is no node itself: it starts nodes, each with settings of its own."""
    folder = Path(os.environ.get("EDGESHOP_DEMO_STATE", "var/demo")) / "panel"
    nobody = {"STATE": str(folder), "SECRET_KEY": "no-node", "VAULT_CREDENTIAL": "no-node"}
    os.environ.update({f"EDGESHOP_{name}": value for name, value in nobody.items()})
    os.environ["DJANGO_SETTINGS_MODULE"] = "edgeshop.settings.cloud"


def _role() -> str:
    role = os.environ.get("EDGESHOP_ROLE", "")
    if role not in ROLES:
        said = f"is {role!r}" if role else "is not set"
        raise OddSetting(f"EDGESHOP_ROLE {said}: say EDGESHOP_ROLE=cloud or EDGESHOP_ROLE=kiosk and start again.")
    return role


def env_str(name: str, default: str = _MISSING, *, choices: tuple[str, ...] = ()) -> str:
    """A text, one of `choices` when given. Raises: OddSetting."""
    value = os.environ.get(name, default)
    if value == _MISSING:
        raise OddSetting(f"{name} is not set, and there is no default for it.")
    if choices and value not in choices:
        raise OddSetting(f"{name} is {value!r}; it may be {', '.join(choices)}.")
    return value


def env_int(name: str, default: int) -> int:
    """A whole number. Raises: OddSetting."""
    text = os.environ.get(name, str(default))
    try:
        return int(text)
    except ValueError:
        raise OddSetting(f"{name} is {text!r}; it must be a whole number.") from None


def env_bool(name: str, *, default: bool) -> bool:
    """`1`, `true`, `yes` or `0`, `false`, `no`. Raises: OddSetting."""
    text = os.environ.get(name, "yes" if default else "no").lower()
    if text not in {"1", "true", "yes", "0", "false", "no"}:
        raise OddSetting(f"{name} is {text!r}; say yes or no.")
    return text in {"1", "true", "yes"}


def env_secret(name: str, *, required: bool = True) -> str:
    """A secret from NAME or from the file that NAME_FILE names. Raises: OddSetting when a required one is missing."""
    file = os.environ.get(f"{name}_FILE")
    value = Path(file).read_text(encoding="utf-8").strip() if file else os.environ.get(name, "")
    if required and not value:
        raise OddSetting(f"{name} is empty: put the secret there, or its file's name in {name}_FILE.")
    return value


def env_amount(name: str) -> str:
    """An amount of money such as "4.09 EUR", or "" when it is not set. Raises: OddSetting."""
    text = os.environ.get(name, "")
    if text and re.fullmatch(r"\d{1,6}\.\d\d [A-Z]{3}", text) is None:
        raise OddSetting(f"{name} is {text!r}; it must be an amount such as 4.09 EUR.")
    return text


def env_list(name: str, default: str) -> list[str]:
    """Comma-separated texts."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def postgres_from_url(url: str) -> dict[str, object]:
    """A Django database entry from `postgres://user:password@host:port/name?option=value`. Raises: OddSetting."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or len(parts.path) < 2:
        raise OddSetting("DATABASE_URL must look like postgres://user:password@host:port/name.")
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", unquote(parts.hostname or "")),
        "PORT": str(parts.port or query.pop("port", "")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": query,
    }


def sqlite_at(path: Path) -> dict[str, object]:
    """A Django database entry for a SQLite file that keeps a paid sale through a power cut.

    IMMEDIATE, because deferred transactions that turn into writers fail at once when another writes; FULL, because
    WAL with NORMAL may forget the last commits; 20 s, because the busy handler is not fair to slow writers;
    secure_delete, because what is erased must not lie on in a free corner of the file, whoever moved it there.
    """
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;"
            "PRAGMA secure_delete=ON;",
        },
    }


def redis_urls(url: str) -> tuple[str, dict[str, object]]:
    """The Celery broker URL and the Channels host for one Redis. Units: `socket_timeout` in seconds, None waits.

    channels-redis blocks 5 s in its pop and redis-py's own default of 5 s would cut every idle websocket.
    """
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return f"redis+socket://{parts.path}?virtual_host=2", {
            "address": f"unix://{parts.path}?db=1",
            "socket_timeout": None,
        }
    if parts.scheme in {"redis", "rediss"}:
        root = f"{parts.scheme}://{parts.netloc}"
        return f"{root}/2", {"address": f"{root}/1", "socket_timeout": None}
    raise OddSetting(f"EDGESHOP_REDIS_URL is {url!r}; it must be unix:///path/to.sock or redis://host:port.")


def mail_from_url(url: str) -> dict[str, object]:
    """Django's mail settings from `smtp://user:password@host:port`, `smtp+tls://` (STARTTLS) or `smtps://`; an empty
    one sends nothing. Raises: OddSetting."""
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = -1
    if url and (parts.scheme not in _MAIL_PORTS or not parts.hostname or port == -1):
        raise OddSetting("EDGESHOP_MAIL_URL must look like smtp://user:password@host:port, smtp+tls:// or smtps://.")
    return {
        "EMAIL_HOST": parts.hostname or "",
        "EMAIL_PORT": port or _MAIL_PORTS.get(parts.scheme, 0),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": 5,  # one worker does everything on a kiosk
    }
