import httpx
import pytest

from tests.making import a_category
from threadly.core.database import Database
from threadly.settings import Settings, SiteSettings


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"site": SiteSettings(name="Second & Sons", currency="GBP")})


async def test_a_page_has_the_navigation_around_it(visitor: httpx.AsyncClient, db: Database) -> None:
    await a_category(db, "women/clothing/dresses")
    for path in ("/", "/categories/women/clothing"):
        page = (await visitor.get(path)).text

        assert 'popovertarget="menu-women"' in page
        assert '<a href="/categories/women/clothing/dresses">Dresses</a>' in page
        assert page.count('href="#main"') == page.count('id="main"') == 1


async def test_the_shop_has_the_name_and_the_money_of_its_owner(visitor: httpx.AsyncClient, db: Database) -> None:
    await a_category(db, "women")
    page = (await visitor.get("/categories/women")).text

    assert "<title>Women | Second &amp; Sons</title>" in page
    assert 'aria-label="Second &amp; Sons, front page">Second &amp; Sons</a>' in page
    assert '<span>£</span><input id="min-price"' in page
