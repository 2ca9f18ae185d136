"""What visitors see fits what the installation is for."""

import os
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from threadly.core.config import Broken, Profile, Rule, Weight, is_near
from threadly.settings.installation import Installation

_PASSING: Final = ("/tmp", "/var/tmp", "/dev/shm", "/run")  # noqa: S108  to be refused
_URL: Final = "THREADLY_SITE__URL"
_FOLDER: Final = "THREADLY_MEDIA__FOLDER"
_ORIGIN: Final = "THREADLY_MEDIA__ORIGIN"
_LEVEL: Final = "THREADLY_OBSERVABILITY__LOGS__LEVEL"


def _host(installation: Installation) -> str:
    return urlsplit(installation.site.url).hostname or ""


def _by_https(installation: Installation) -> str | None:
    is_secure = installation.site.url.startswith("https://")
    return None if is_secure else "begins with http://, so cookies would travel in the clear"


def _has_an_address(installation: Installation) -> Broken | None:
    is_secure = installation.site.url.startswith("https://")
    is_here = installation.profile is Profile.PRODUCTION and is_near(_host(installation))
    return Broken("is an address that visitors cannot reach", (_URL,)) if is_secure and is_here else None


def _profile_fits(installation: Installation) -> str | None:
    is_public = installation.site.url.startswith("https://") and not is_near(_host(installation))
    is_unprotected = is_public and installation.profile is not Profile.PRODUCTION
    return "visitors can reach it, and missing protections are only warned of" if is_unprotected else None


def _taglines_are_spoken(installation: Installation) -> str | None:
    unspoken = installation.site.tagline.keys() - set(installation.site.languages)
    return f"has a tagline in {', '.join(sorted(unspoken))}, which the shop does not speak" if unspoken else None


def _pictures_stay(installation: Installation) -> Broken | None:
    folder = installation.media.folder
    if installation.profile is not Profile.PRODUCTION or folder is None:
        return None
    is_emptied = _is_below(folder, *map(Path, _PASSING))
    return Broken("is emptied when the machine starts anew", (_FOLDER,)) if is_emptied else None


def _pictures_are_apart(installation: Installation) -> str | None:
    pictures, site = installation.media.folder, installation.site.folder
    if pictures is None or site is None:
        return None
    return "one is inside of the other" if _is_below(pictures, site) or _is_below(site, pictures) else None


def _pictures_have_an_origin(installation: Installation) -> str | None:
    origin, site = installation.media.origin, installation.site.url
    if origin is None:
        is_public = installation.profile is Profile.PRODUCTION or site.startswith("https://")
        return "what strangers have sent is answered at the pages' own address" if is_public else None
    if urlsplit(origin).netloc in {urlsplit(site).netloc, *installation.server.hosts}:
        return "is an address of the shop's pages"
    return "begins with http://" if site.startswith("https://") and not origin.startswith("https://") else None


def _debugging_is_over(installation: Installation) -> Broken | None:
    is_told = installation.observability.logs.level == "debug"
    is_over = is_told and installation.profile is Profile.PRODUCTION
    return Broken("tells everything, all the time", (_LEVEL,)) if is_over else None


def _limits_are_kept(installation: Installation) -> str | None:
    wide = installation.limits.widened
    return f"each visitor may do {wide} times as much, guess passwords as well" if wide > 1 else None


def _is_below(place: Path, *above: Path) -> bool:
    return any(Path(os.path.normpath(place.absolute())).is_relative_to(each.absolute()) for each in above)


SITE: Final[tuple[Rule[Installation], ...]] = (
    Rule(
        "site-by-https",
        Weight.UNSAFE,
        (_URL,),
        "Browsers reach the shop by https; only then are its cookies theirs alone.",
        _by_https,
        mends="THREADLY_SITE__URL=https://shop.example and something in front of it that ends TLS.",
    ),
    Rule(
        "site-has-an-address",
        Weight.UNWISE,
        (_URL, "THREADLY_PROFILE"),
        "What is in production is found at an address of its own, which links and search engines use.",
        _has_an_address,
        mends="THREADLY_SITE__URL=https://shop.example or, to try it out, THREADLY_PROFILE=development",
    ),
    Rule(
        "profile-fits-address",
        Weight.UNWISE,
        (_URL, "THREADLY_PROFILE"),
        "What is at a public address is in production.",
        _profile_fits,
        mends="THREADLY_PROFILE=production",
    ),
    Rule(
        "taglines-are-spoken",
        Weight.UNWISE,
        ("THREADLY_SITE__TAGLINE", "THREADLY_SITE__LANGUAGES"),
        "A tagline is in a language of the shop.",
        _taglines_are_spoken,
        mends="Add the language to THREADLY_SITE__LANGUAGES, or take its tagline out of site.toml.",
    ),
    Rule(
        "pictures-stay",
        Weight.UNWISE,
        (_FOLDER, "THREADLY_PROFILE"),
        "Members' pictures are where they stay.",
        _pictures_stay,
        mends="THREADLY_MEDIA__FOLDER=/var/lib/threadly/media",
    ),
    Rule(
        "pictures-are-apart",
        Weight.BROKEN,
        (_FOLDER, "THREADLY_SITE__FOLDER"),
        "Members' pictures and the site's own files are in folders apart: one of them is cleaned up.",
        _pictures_are_apart,
        mends="THREADLY_MEDIA__FOLDER=/var/lib/threadly/media",
    ),
    Rule(
        "pictures-have-an-origin",
        Weight.UNSAFE,
        (_ORIGIN, _URL, "THREADLY_SERVER__HOSTS", "THREADLY_PROFILE"),
        "Members' pictures come from an address of their own, where no session and no page can be reached from them.",
        _pictures_have_an_origin,
        mends="THREADLY_MEDIA__ORIGIN=https://pictures.shop.example, one name more that leads here.",
    ),
    Rule(
        "debugging-is-over",
        Weight.UNWISE,
        (_LEVEL, "THREADLY_PROFILE"),
        "In production, logs tell what matters.",
        _debugging_is_over,
        mends="THREADLY_OBSERVABILITY__LOGS__LEVEL=info",
    ),
    Rule(
        "limits-are-kept",
        Weight.UNSAFE,
        ("THREADLY_LIMITS__WIDENED",),
        "Limits are widened for load tests only.",
        _limits_are_kept,
        mends="Take THREADLY_LIMITS__WIDENED away.",
    ),
)
