"""Reads an installation's settings from all their sources, and holds them against the rules."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from threadly import site_folder
from threadly.core.config import Gathered, Mistake, Reading, gather, validate, written
from threadly.core.database import DatabaseSettings
from threadly.settings.installation import Installation
from threadly.settings.rules import RULES
from threadly.settings.security import SecuritySettings
from threadly.settings.site import SiteSettings

CONVENTIONAL: Final = {"DATABASE_URL": "THREADLY_DATABASE__URL", "REDIS_URL": "THREADLY_CACHE__URL"}
"""Names that hosting platforms set, and the variable each stands for."""

_SITE: Final = "THREADLY_SITE__"


class Settings(Installation):
    """One installation."""

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
    return validate(Settings, _gathered(environment, options), rules=RULES)


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


def security_reading(environment: Mapping[str, str] = os.environ) -> Reading[SecuritySettings]:
    """The keys' settings by themselves, for who changes keys, and where they stand. Never raises."""
    return validate(SecuritySettings, _gathered(environment))


def _gathered(environment: Mapping[str, str], options: Mapping[str, str] | None = None) -> Gathered:
    """What every source says; the site's folder stands below the others."""
    found = gather(Settings, environment, aliases=CONVENTIONAL, options=options or {})
    if folder := found.text(f"{_SITE}FOLDER"):
        _add_site(found, Path(folder))
    return found


def _add_site(found: Gathered, folder: Path) -> None:
    own, mistakes = site_folder.read(folder)
    source = written(SiteSettings, own.settings, file=site_folder.SETTINGS, prefix=_SITE, but={"folder"})
    is_read = folder.is_dir() and not any(told.startswith(f"{site_folder.SETTINGS}: ") for told in mistakes)
    named = own.settings.get("pages")
    if isinstance(named, list):
        known = {page.name for page in (*own.pages, *site_folder.shipped_pages())}
        mistakes += [
            f"{site_folder.SETTINGS}: pages: there is no pages/{name}.md."
            for name in named
            if isinstance(name, str) and name not in known
        ]
    named_by = f"{_SITE}FOLDER"
    if not folder.is_dir():  # its name is not repeated: what was pasted here may be no folder's
        mistakes = [f"{named_by} ({found.given[named_by].place}) names no folder."]
    told = [Mistake(mistake, named_by, site_folder.SETTINGS) for mistake in mistakes]
    if is_read:
        source.mistakes += told
    else:
        source.unread = told
        source.hidden = {name for name in found.names.variables if name.startswith(_SITE)}
    found.add(source)
