"""What visitors see fits what the installation is for."""

import os
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from threadly.core.config import Profile, Rule, Weight, is_near
from threadly.settings.installation import Installation

_PASSING: Final = ("/tmp", "/var/tmp", "/dev/shm", "/run")  # noqa: S108  to be refused


def _host(installation: Installation) -> str:
    return urlsplit(installation.site.url).hostname or ""


def _by_https(installation: Installation) -> str | None:
    is_secure = installation.site.url.startswith("https://")
    return None if is_secure else "begins with http://, so cookies would travel in the clear"


def _has_an_address(installation: Installation) -> str | None:
    is_secure = installation.site.url.startswith("https://")
    is_here = installation.profile is Profile.PRODUCTION and is_near(_host(installation))
    return "is an address that visitors cannot reach" if is_secure and is_here else None


def _profile_fits(installation: Installation) -> str | None:
    is_public = installation.site.url.startswith("https://") and not is_near(_host(installation))
    is_unprotected = is_public and installation.profile is not Profile.PRODUCTION
    return "visitors can reach it, and missing protections are only warned of" if is_unprotected else None


def _taglines_are_spoken(installation: Installation) -> str | None:
    unspoken = installation.site.tagline.keys() - set(installation.site.languages)
    return f"has a tagline in {', '.join(sorted(unspoken))}, which the shop does not speak" if unspoken else None


def _pictures_stay(installation: Installation) -> str | None:
    folder = installation.media.folder
    if installation.profile is not Profile.PRODUCTION or folder is None:
        return None
    return "is emptied when the machine starts anew" if _is_below(folder, *map(Path, _PASSING)) else None


def _pictures_are_apart(installation: Installation) -> str | None:
    pictures, site = installation.media.folder, installation.site.folder
    if pictures is None or site is None:
        return None
    return "one is inside of the other" if _is_below(pictures, site) or _is_below(site, pictures) else None


def _debugging_is_over(installation: Installation) -> str | None:
    is_told = installation.observability.logs.level == "debug"
    return "tells everything, all the time" if is_told and installation.profile is Profile.PRODUCTION else None


def _is_below(place: Path, *above: Path) -> bool:
    return any(Path(os.path.normpath(place.absolute())).is_relative_to(each.absolute()) for each in above)


SITE: Final[tuple[Rule[Installation], ...]] = (
    Rule(
        "site-by-https",
        Weight.UNSAFE,
        ("THREADLY_SITE__URL",),
        "Browsers reach the shop by https; only then are its cookies theirs alone.",
        _by_https,
    ),
    Rule(
        "site-has-an-address",
        Weight.UNWISE,
        ("THREADLY_SITE__URL", "THREADLY_PROFILE"),
        "What is in production is found at an address of its own, which links and search engines use.",
        _has_an_address,
    ),
    Rule(
        "profile-fits-address",
        Weight.UNWISE,
        ("THREADLY_SITE__URL", "THREADLY_PROFILE"),
        "What is at a public address is in production.",
        _profile_fits,
    ),
    Rule(
        "taglines-are-spoken",
        Weight.UNWISE,
        ("THREADLY_SITE__TAGLINE", "THREADLY_SITE__LANGUAGES"),
        "A tagline is in a language of the shop.",
        _taglines_are_spoken,
    ),
    Rule(
        "pictures-stay",
        Weight.UNWISE,
        ("THREADLY_MEDIA__FOLDER", "THREADLY_PROFILE"),
        "Members' pictures are where they stay.",
        _pictures_stay,
    ),
    Rule(
        "pictures-are-apart",
        Weight.BROKEN,
        ("THREADLY_MEDIA__FOLDER", "THREADLY_SITE__FOLDER"),
        "Members' pictures and the site's own files are in folders apart: one of them is cleaned up.",
        _pictures_are_apart,
    ),
    Rule(
        "debugging-is-over",
        Weight.UNWISE,
        ("THREADLY_OBSERVABILITY__LOGS__LEVEL", "THREADLY_PROFILE"),
        "In production, logs tell what matters.",
        _debugging_is_over,
    ),
)
