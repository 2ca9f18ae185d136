import httpx
import pytest

from tests.conftest import CountStatements
from tests.making import a_category, a_listing, a_member
from threadly.core.auth import AuthSettings, sessions
from threadly.core.database import Database
from threadly.marketplace import favourites
from threadly.settings import Settings, SiteSettings
from threadly.wiring import Services


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


async def a_visitor(db: Database, **facts: str) -> dict[str, str]:
    """The headers of a member who has signed in."""
    member = await a_member(db, **facts)
    issued = await db.run(sessions.issue, member.id, settings=AuthSettings())
    return {"cookie": f"threadly_session={issued.token}"}


async def test_a_page_greets_who_has_signed_in_and_is_theirs_alone(visitor: httpx.AsyncClient, db: Database) -> None:
    somebody = await a_visitor(db, username="mila", display_name="Mila <3")
    shared = await visitor.get("/")
    own = await visitor.get("/", headers=somebody)

    assert 'href="/sign-in"' in shared.text
    assert 'action="/sign-out"' not in shared.text
    assert "Mila &lt;3" in own.text
    assert 'href="/members/mila"' in own.text
    assert 'action="/sign-out"' in own.text
    assert 'href="/sign-in"' not in own.text
    assert own.headers["cache-control"] == "private, no-store"


async def test_a_failure_greets_whom_the_page_had_found_out_already(visitor: httpx.AsyncClient, db: Database) -> None:
    somebody = await a_visitor(db, username="mila")
    page = (await visitor.get("/nowhere", headers=somebody)).text
    assert 'href="/account"' in page
    assert 'href="/sign-in"' not in page
    assert 'href="/sign-in"' in (await visitor.get("/nowhere")).text


async def test_recognising_a_visitor_costs_two_statements(
    visitor: httpx.AsyncClient, db: Database, installed: Services, count_statements: CountStatements
) -> None:
    somebody = await a_visitor(db)
    await visitor.get("/")
    shared = await count_statements(installed.db, visitor.get("/"))
    assert await count_statements(installed.db, visitor.get("/", headers=somebody)) == shared + 2


@pytest.mark.parametrize(
    ("path", "statements"),
    [
        ("/", 5),
        ("/categories/women", 5),
        ("/search?q=dress", 6),
        ("/listings/{id}", 6),
        ("/members/{seller}", 5),
        ("/my/favourites", 3),
        ("/my/listings", 4),
        ("/sell/{id}", 9),
    ],
)
async def test_a_page_of_who_has_signed_in_has_its_statements(
    visitor: httpx.AsyncClient, db: Database, installed: Services, count_statements: CountStatements,
    path: str, statements: int,
) -> None:  # fmt: skip
    """The session, the member, and which hearts are theirs, besides what the page shows to everybody."""
    seller = await a_member(db, username="seller")
    issued = await db.run(sessions.issue, seller.id, settings=AuthSettings())
    await a_listing(db, title="Silk dress")
    listing = await a_listing(db, title="Silk dress", seller_id=seller.id)
    await db.run(favourites.add, member_id=(await a_member(db)).id, listing_id=listing.id)
    await visitor.get("/")

    page = visitor.get(
        path.format(id=listing.id, seller="seller"), headers={"cookie": f"threadly_session={issued.token}"}
    )
    assert await count_statements(installed.db, page) == statements


@pytest.mark.parametrize("cookie", ["threadly_session=x", "threadly_session=", "__Host-threadly_session=x"])
async def test_a_cookie_that_is_nobodys_makes_a_page_private_and_nobody_known(
    visitor: httpx.AsyncClient, cookie: str
) -> None:
    answer = await visitor.get("/", headers={"cookie": cookie})
    assert 'href="/sign-in"' in answer.text
    assert answer.headers["cache-control"] == "private, no-store"
