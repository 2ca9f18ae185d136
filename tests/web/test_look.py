"""A shop looks like its owner's."""

import shutil
from pathlib import Path

import httpx
import pytest

from threadly.app import create
from threadly.core.config import ConfigurationError
from threadly.core.database import Database
from threadly.core.security.headers import PICTURE_POLICY
from threadly.languages import Languages
from threadly.settings import Settings, SiteSettings, site_from_environment
from threadly.site_folder import own
from threadly.web.look import Look
from threadly.wiring import services

EXAMPLE = Path(__file__).parents[2] / "examples/sites/kleine-runde"


def test_a_tagline_is_said_in_the_language_or_in_the_first() -> None:
    look = Look(SiteSettings(languages=("de", "en", "bg"), tagline={"de": "Hallo", "en": "Hello"}))
    languages = Languages(["de", "en", "bg"], "DE")

    assert [look.tagline(language) for language in languages] == ["Hallo", "Hello", "Hallo"]
    assert Look(SiteSettings()).tagline(languages.first) is None


async def test_a_folder_gives_a_shop_its_name_look_language_and_pages(settings: Settings, db: Database) -> None:
    site = site_from_environment({"THREADLY_SITE__FOLDER": str(EXAMPLE)})
    async with services(settings.model_copy(update={"site": site})) as built:
        transport = httpx.ASGITransport(create(built), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=site.url) as visitor:
            home = (await visitor.get("/")).text
            english = (await visitor.get("/en/")).text
            logo = await visitor.get(_address(home, "own-logo-"))
            colours = await visitor.get(_address(home, "own-colours-"))

    assert '<html lang="de">' in home
    assert "<title>Kleine Runde" in home
    assert "Kinderkleider, die weiterwachsen." in home
    assert '<a class="link" href="/about/terms">Spielregeln</a>' in home
    assert '<a class="link" href="/en/about/terms">Rules of the round</a>' in english
    assert '<meta name="theme-color" content="#fffdf7"' in home
    assert logo.headers["content-type"] == "image/svg+xml"
    assert logo.headers["content-security-policy"] == PICTURE_POLICY
    assert "--color-primary:#0f6b5c" in colours.text
    assert "<svg viewBox" not in home.partition('class="brand"')[2].partition("</a>")[0]


def _address(page: str, name: str) -> str:
    """Where a file of this name is served, by a page."""
    return f"/static/{name}{page.partition(f'/static/{name}')[2].partition(chr(34))[0]}"


def test_a_folder_that_is_wrong_is_refused_whole(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE, tmp_path / "site")
    text = (tmp_path / "site/site.toml").read_text()
    text = text.replace('ink = "#1d2b2a"', 'ink = "#c0c0c0"').replace('"de", "en"', '"de", "xx"')
    (tmp_path / "site/site.toml").write_text('curency = "EUR"\n' + text)
    (tmp_path / "site/logo.svg").write_text("no drawing")
    with pytest.raises(ConfigurationError) as refusal:
        site_from_environment({"THREADLY_SITE__FOLDER": str(tmp_path / "site"), "THREADLY_SITE__COUNTRY": "Swiss"})
    told = "\n".join(refusal.value.problems)

    assert "site.toml: languages: a part of it is no language that we know to write." in told
    assert "site.toml: colours.light: ink has a contrast of 1." in told
    assert "THREADLY_SITE__COUNTRY (environment) should be " in told
    assert "site.toml: curency is no setting; did you mean currency?" in told
    assert "logo.svg: is no SVG." in told
    with pytest.raises(ConfigurationError):
        own(tmp_path / "site")
