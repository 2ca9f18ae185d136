"""What the demo's processes are told: the owner's environment, and what it leaves open."""

import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path

from threadly.core.config import Profile
from threadly.core.config.dotenv import quoted
from threadly.core.config.keeping import keep
from threadly.embedded import DataNotUsable, open_file
from threadly.settings import CONVENTIONAL

_DATABASE = "THREADLY_DATABASE__URL"
_OWNER = "THREADLY_DATABASE__OWNER_URL"
_CACHE = "THREADLY_CACHE__URL"
_FOLDER = "THREADLY_SITE__FOLDER"
_URL = "THREADLY_SITE__URL"
_ENV_FILE = "THREADLY_ENV_FILE"
_ANY_FREE = "127.0.0.1:0"
_SHORTEST_SECRET = 32  # what the settings ask for


def given(name: str, environment: Mapping[str, str]) -> bool:
    """Whether the owner has set this variable, under its own or its conventional name."""
    return any(environment.get(alias) for alias in (name, *(k for k, v in CONVENTIONAL.items() if v == name)))


def own_database(environment: Mapping[str, str]) -> bool:
    """Whether the owner brings a database."""
    return given(_DATABASE, environment)


def own_cache(environment: Mapping[str, str]) -> bool:
    """Whether the owner brings a cache."""
    return given(_CACHE, environment)


def at_site(environment: Mapping[str, str], folder: Path | None, url: str) -> dict[str, str]:
    """The environment with the site's folder in it; the site is reached at `url`, whatever its folder says."""
    ours = {} if folder is None else {_FOLDER: str(folder.resolve())}
    return {_URL: url, **environment, **ours}


def complete(
    environment: Mapping[str, str], *, data: Path, database_url: str | None, cache_url: str | None
) -> dict[str, str]:
    """The environment with everything that `Settings` needs; what the owner has set stays."""
    ours = {
        _DATABASE: database_url,
        _CACHE: cache_url,
        "THREADLY_PROFILE": Profile.DEVELOPMENT.value,
        _ENV_FILE: "",  # what lies where the demo is started is not meant for it
        "THREADLY_MEDIA__FOLDER": str(data / "media"),
        "THREADLY_SECURITY__SECRET": kept_secret(data / "secret"),
        "THREADLY_JOBS__GRACE": "PT1.5S",
        "THREADLY_OBSERVABILITY__LOGS__FORM": "text",
        "THREADLY_OBSERVABILITY__OPS__LISTEN": _ANY_FREE,
        "THREADLY_OBSERVABILITY__OPS__WORK_LISTEN": _ANY_FREE,
        "THREADLY_OBSERVABILITY__HEALTH__NOT_READY": "PT0S",  # no proxy looks after it
    }
    return {name: value for name, value in ours.items() if value is not None and not given(name, environment)} | dict(
        environment
    )


def by_owner(environment: Mapping[str, str], owner_url: str | None) -> Mapping[str, str]:
    """The environment for who migrates and fills; what serves is told of no owner."""
    return environment if owner_url is None else {_OWNER: owner_url, **environment}


def kept_environment(place: Path, environment: Mapping[str, str]) -> None:
    """Writes all that Threadly is told there, for commands in another terminal: THREADLY_ENV_FILE names the file."""
    told = {
        name: value
        for name, value in environment.items()
        if name.startswith("THREADLY_") and name != _ENV_FILE and name not in CONVENTIONAL.values()
    }
    for name in CONVENTIONAL.values():
        conventional = (environment.get(k) for k, v in CONVENTIONAL.items() if v == name)
        if value := environment.get(name) or next(filter(None, conventional), None):
            told[name] = value
    lines = (f"{name}={_written(value)}" for name, value in sorted(told.items()))
    keep(place, "\n".join(("# Of the demo, which writes it at each start.", *lines)))


def _written(value: str) -> str:
    try:
        return quoted(value)
    except ValueError:
        escaped = re.sub(r'(["$\\])', r"\\\1", value).replace("\n", r"\n")
        return f'"{escaped}"'


def kept_secret(place: Path) -> str:
    """The secret in this file, which only we may read; made when there is none.

    Raises:
        DataNotUsable: There is such a file without a secret in it, or something that is no file; it is left as it is.
    """
    try:
        return _read_secret(place)
    except FileNotFoundError:
        pass
    keep(place, secrets.token_urlsafe(32))
    return _read_secret(place)


def _read_secret(place: Path) -> str:
    with os.fdopen(open_file(place, os.O_RDONLY), errors="replace") as file:
        secret = file.read().strip()
        if len(secret) < _SHORTEST_SECRET:
            raise DataNotUsable(
                f"{place} holds no secret of at least {_SHORTEST_SECRET} characters. Restore it, or remove the file "
                f"and a new secret is made."
            )
        os.fchmod(file.fileno(), 0o600)
    return secret
