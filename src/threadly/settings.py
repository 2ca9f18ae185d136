"""All that an owner can set, composed of what each package wants to be told."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, StringConstraints

from threadly.core.auth import AuthSettings
from threadly.core.config import Section, address_of, load
from threadly.core.database import DatabaseSettings
from threadly.core.database.jobs import JobsSettings
from threadly.marketplace.media import Limits

CONVENTIONAL = {"DATABASE_URL": "THREADLY_DATABASE__URL", "REDIS_URL": "THREADLY_CACHE__URL"}
"""Names that hosting platforms set, and the variable each stands for."""


class CacheSettings(Section):
    """Which Valkey or Redis to use."""

    url: Annotated[SecretStr, address_of("redis", "rediss", "unix")]
    """Valkey or Redis 7 or newer: redis://:password@host:6379/0, or unix://:password@/path/to.sock."""


class MediaSettings(Section):
    """Where pictures are kept, and what reading those that members send may take."""

    folder: Path
    """The folder of the pictures' files."""

    decoders: int = Field(default=1, ge=1, le=32)
    """Processes that decode uploaded pictures at the same time, for each web worker; started when first needed."""

    decode_seconds: float = Field(default=15.0, gt=0, le=300)
    """How long decoding one picture may take, in seconds, half of it of a processor's time."""

    decode_memory_mib: int = Field(default=1024, ge=128, le=65536)
    """By how much a process may grow while it decodes, in MiB."""

    @property
    def limits(self) -> Limits:
        """What decoding may take."""
        return Limits(processes=self.decoders, seconds=self.decode_seconds, memory_bytes=self.decode_memory_mib << 20)


class SecuritySettings(Section):
    """Secrets that sign what travels through other hands."""

    secret: SecretStr = Field(min_length=32)
    """Signs cursors; 32 characters or more, made for instance by `openssl rand -base64 32`."""


def _listed(given: object) -> object:
    return [part.strip() for part in given.split(",")] if isinstance(given, str) else given


def _each_once(given: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(given)) < len(given):
        raise ValueError("names a language twice")
    return given


Languages = Annotated[
    tuple[Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")], ...],
    Field(min_length=1, max_length=12),
    BeforeValidator(_listed),
    AfterValidator(_each_once),
]


class SiteSettings(Section):
    """How the marketplace presents itself."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=50)] = "Threadly"
    """The shop's name."""

    url: Annotated[str, StringConstraints(pattern=r"^https?://[^/?#@\s]+$")] = "http://localhost:8000"
    """Where browsers find the shop, without a path: https://shop.example."""

    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = "EUR"
    """The currency of all prices, by its ISO 4217 code."""

    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] = "IE"
    """Where the shop is, by its ISO 3166 code: how figures and days are written, and where addresses are."""

    languages: Languages = ("en", "bg", "de")
    """What the shop speaks, separated by commas; addresses of the first have no prefix: en,bg,de."""


class Settings(Section):
    """One installation."""

    database: DatabaseSettings
    cache: CacheSettings
    media: MediaSettings
    security: SecuritySettings
    site: SiteSettings = SiteSettings()
    auth: AuthSettings = AuthSettings()
    jobs: JobsSettings = JobsSettings()

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """The settings that THREADLY_* variables describe.

        Raises:
            ConfigurationError: With every mistake at once.
        """
        return load(cls, environment, aliases=CONVENTIONAL)


def database_from_environment(environment: Mapping[str, str] = os.environ) -> DatabaseSettings:
    """The database's settings by themselves, for who needs nothing else.

    Raises:
        ConfigurationError: With every mistake in them at once.
    """
    return load(DatabaseSettings, environment, prefix="THREADLY_DATABASE__", aliases=CONVENTIONAL)
