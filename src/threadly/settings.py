"""All that an owner can set, composed of what each package wants to be told."""

import math
import os
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Final, Self
from urllib.parse import urlsplit

from babel import Locale, UnknownLocaleError
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainValidator,
    StringConstraints,
    model_validator,
)

from threadly import site_folder
from threadly.core.asgi import UNIX_SOCKET, Network
from threadly.core.auth import AuthSettings
from threadly.core.config import (
    Gathered,
    Mistake,
    Profile,
    Reading,
    Secret,
    Section,
    address_of,
    gather,
    spelled,
    validate,
    written,
)
from threadly.core.database import DatabaseSettings
from threadly.core.database.jobs import JobsSettings
from threadly.core.observability import ObservabilitySettings
from threadly.languages import expect_currency, locale_of
from threadly.marketplace.media import Limits
from threadly.site_folder import Colours

CONVENTIONAL = {"DATABASE_URL": "THREADLY_DATABASE__URL", "REDIS_URL": "THREADLY_CACHE__URL"}
"""Names that hosting platforms set, and the variable each stands for."""

_SITE: Final = "THREADLY_SITE__"
_ADDRESSES: Final = {"my"}  # /my/listings; Burmese has to wait


class CacheSettings(Section):
    """Which Valkey or Redis to use."""

    url: Annotated[Secret, address_of("redis", "rediss", "unix")] = Field(examples=["redis://127.0.0.1:6379/0"])
    """Valkey or Redis 7 or newer: redis://:password@host:6379/0, or unix://:password@/path/to.sock."""


def _is_private(endpoint: str) -> str:
    parts = urlsplit(endpoint)
    is_here = parts.hostname in {"127.0.0.1", "::1", "localhost"}
    if parts.scheme != "https" and not (parts.scheme == "http" and is_here):
        raise ValueError("should begin with https://, or with http:// on this machine")
    return endpoint


_BUCKET: Final = spelled(
    r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[\w./-]*)?",
    form="s3:// and a bucket, perhaps with a prefix",
    example="s3://bucket/prefix",
)
_REGION: Final = spelled(r"[a-z0-9-]{1,40}", form="small letters, digits and hyphens", example="eu-central-1")


class MediaSettings(Section):
    """Where pictures are kept, and what reading those that members send may take."""

    folder: Path | None = Field(default=None, examples=["/var/lib/threadly/media"])
    """The folder of the pictures' files; or else a bucket, by THREADLY_MEDIA__URL."""

    url: Annotated[str, _BUCKET] | None = None
    """A bucket of S3, or of anything that speaks like it, instead of a folder: s3://bucket/prefix."""

    endpoint: Annotated[str, AfterValidator(_is_private)] | None = Field(
        default=None, examples=["https://objects.example"]
    )
    """Where that bucket is, unless Amazon has it: https://objects.example, without the bucket's name. Plain http only
    on this machine."""

    region: Annotated[str, _REGION] = "us-east-1"
    """The bucket's region: eu-central-1. Another endpoint may not care which."""

    access_key: Secret | None = Field(default=None, examples=["AKIA…"])
    """The name of the key to the bucket (AWS_ACCESS_KEY_ID elsewhere), which must let us put, get, list and delete
    there; without one, what the machine it runs on is given counts."""

    secret_key: Secret | None = Field(default=None, examples=["the key that belongs to it"])
    """The key itself (AWS_SECRET_ACCESS_KEY elsewhere); the two go together."""

    decoders: int = Field(default=1, ge=1, le=32)
    """Processes that decode uploaded pictures at the same time, for each web worker; started when first needed."""

    decode_seconds: float = Field(default=15.0, ge=1, le=300)
    """How long decoding one picture may take, in seconds; half of it, rounded up, of a processor's time."""

    decode_memory_mib: int = Field(default=1024, ge=128, le=65536)
    """By how much a process may grow while it decodes, in MiB."""

    @model_validator(mode="after")
    def _has_one_place(self) -> Self:
        if (self.folder is None) == (self.url is None):
            raise ValueError(
                "set THREADLY_MEDIA__FOLDER to the folder of the pictures' files, or THREADLY_MEDIA__URL to a bucket"
            )
        if (self.access_key is None) != (self.secret_key is None):
            raise ValueError("access_key and secret_key go together")
        return self

    @property
    def limits(self) -> Limits:
        """What decoding may take."""
        return Limits(
            processes=self.decoders,
            seconds=self.decode_seconds,
            cpu_seconds=math.ceil(self.decode_seconds / 2),
            memory_bytes=self.decode_memory_mib << 20,
        )


class SecuritySettings(Section):
    """Secrets that sign what travels through other hands."""

    secret: Secret = Field(min_length=32, json_schema_extra={"made_by": "openssl rand -base64 32"})
    """Signs cursors, hides who looked at what."""


def _listed(given: object) -> object:
    return [part.strip() for part in given.split(",")] if isinstance(given, str) else given


def _each_once(given: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(given)) < len(given):
        raise ValueError("names something twice")
    return given


def _known(code: str) -> str:
    if code in _ADDRESSES:
        raise ValueError("begins addresses of the shop already, and cannot be a language's")
    try:
        locale_of(code, "")
    except UnknownLocaleError:
        raise ValueError("is no language that we know to write") from None
    return code


def _country(code: str) -> str:
    if code not in Locale("en").territories:
        raise ValueError(f"is no country by ISO 3166{'; the United Kingdom is GB' if code == 'UK' else ''}")
    return code


LanguageCode = Annotated[
    str, spelled(r"[a-z]{2,3}", form="two or three small letters", example="de"), AfterValidator(_known)
]
Languages = Annotated[
    tuple[LanguageCode, ...],
    Field(min_length=1, max_length=12),
    BeforeValidator(_listed),
    AfterValidator(_each_once),
]


_SHOP: Final = spelled(
    r"https?://[^/?#@\s]+", form="https:// and the shop's name, without a path", example="https://shop.example"
)
_CURRENCY: Final = spelled(r"[A-Z]{3}", form="three capital letters", example="EUR")
_COUNTRY: Final = spelled(r"[A-Z]{2}", form="two capital letters", example="DE")


class SiteSettings(Section):
    """How the marketplace presents itself."""

    folder: Path | None = None
    """A folder with all of this and more, in files: docs/guide/your-own-site.md. A variable wins over a file."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=50)] = "Threadly"
    """The shop's name."""

    url: Annotated[str, _SHOP] = "http://localhost:8000"
    """Where browsers find the shop, without a path: https://shop.example."""

    currency: Annotated[str, _CURRENCY, AfterValidator(expect_currency)] = "EUR"
    """The currency of all prices, by its ISO 4217 code."""

    country: Annotated[str, _COUNTRY, AfterValidator(_country)] = "IE"
    """Where the shop is, by its ISO 3166 code: how figures and days are written, and where addresses are."""

    languages: Languages = ("en", "bg", "de")
    """What the shop speaks, separated by commas; addresses of the first have no prefix: en,bg,de."""

    tagline: Mapping[LanguageCode, Annotated[str, StringConstraints(min_length=1, max_length=120)]] = {}
    """What the shop is about, in a sentence, by language; a file only."""

    colours: Colours | None = None
    """The shop's own colours, by day and by night; a file only."""

    pages: Annotated[tuple[str, ...], BeforeValidator(_listed), AfterValidator(_each_once)] = Field(
        default=(), examples=["terms,imprint"]
    )
    """The pages about the shop in the order of their links, separated by commas; all, if not said: terms,imprint."""


def _network(given: str) -> Network | str:
    return given if given == UNIX_SOCKET else ip_network(given)


class ServerSettings(Section):
    """What stands between browsers and us."""

    trusted_proxies: Annotated[
        tuple[Annotated[Network | str, PlainValidator(_network)], ...], BeforeValidator(_listed)
    ] = Field(default=(), examples=["127.0.0.1,10.0.0.0/8"])
    """The proxies in front of us, by address or network, separated by commas: 127.0.0.1,10.0.0.0/8,2001:db8::/48;
    `unix` for whoever connects by a socket in the file system. Of these alone we believe X-Forwarded-For and
    X-Forwarded-Proto; where none is named, all visitors behind a proxy have its address."""


class Settings(Section):
    """One installation."""

    profile: Profile = Profile.PRODUCTION
    """What it is for. Production refuses to start where a protection is missing; development and test say so, and
    start."""

    database: DatabaseSettings
    cache: CacheSettings
    media: MediaSettings = Field(default_factory=dict, validate_default=True)
    security: SecuritySettings
    site: SiteSettings = SiteSettings()
    server: ServerSettings = ServerSettings()
    auth: AuthSettings = AuthSettings()
    jobs: JobsSettings = JobsSettings()
    observability: ObservabilitySettings = ObservabilitySettings()

    @classmethod
    def from_environment(
        cls, environment: Mapping[str, str] = os.environ, *, options: Mapping[str, str] | None = None
    ) -> "Settings":
        """The settings that THREADLY_* variables, and the files they name, describe.

        Args:
            options: What the command line says, by variable; it wins over everything.

        Raises:
            ConfigurationError: With every mistake at once.
        """
        reading = read(environment, options=options)
        del environment, options  # what a traceback shows of this frame holds no value
        return reading.usable()


def read(environment: Mapping[str, str] = os.environ, *, options: Mapping[str, str] | None = None) -> Reading[Settings]:
    """All settings, what is wrong with them, what should be otherwise, and where each was given. Never raises."""
    return validate(Settings, _gathered(environment, options))


def site_from_environment(environment: Mapping[str, str] = os.environ) -> SiteSettings:
    """The site's settings by themselves, those of its folder included.

    Raises:
        ConfigurationError: With every mistake in them, and in the folder, at once.
    """
    reading = validate(SiteSettings, _gathered(environment))
    del environment
    return reading.usable()


def database_from_environment(environment: Mapping[str, str] = os.environ) -> DatabaseSettings:
    """The database's settings by themselves, for who needs nothing else.

    Raises:
        ConfigurationError: With every mistake in them at once.
    """
    reading = validate(DatabaseSettings, _gathered(environment))
    del environment
    return reading.usable()


def _gathered(environment: Mapping[str, str], options: Mapping[str, str] | None = None) -> Gathered:
    """What every source says; the site's folder stands below the others."""
    found = gather(Settings, environment, aliases=CONVENTIONAL, options=options or {})
    if folder := found.text(f"{_SITE}FOLDER"):
        _add_site(found, Path(folder))
    return found


def _add_site(found: Gathered, folder: Path) -> None:
    own, mistakes = site_folder.read(folder)
    found.add(written(SiteSettings, own.settings, file=site_folder.SETTINGS, prefix=_SITE, but={"folder"}))
    named = own.settings.get("pages")
    if isinstance(named, list):
        known = {page.name for page in (*own.pages, *site_folder.shipped_pages())}
        mistakes += [
            f"{site_folder.SETTINGS}: pages: there is no pages/{name}.md."
            for name in named
            if isinstance(name, str) and name not in known
        ]
    found.mistakes += [Mistake(told, f"{_SITE}FOLDER", site_folder.SETTINGS) for told in mistakes]
