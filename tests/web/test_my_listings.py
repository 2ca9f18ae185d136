"""What a member sells, and the ways to take it away and bring it back."""

import httpx
import pytest

from tests.web.conftest import signed_up
from tests.web.selling import begun, on_sale, sent
from threadly.core.database import Database
from threadly.marketplace import listings
from threadly.wiring import Services

MINE = "/my/listings"
FIREFOX = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}


async def test_removed_restored_and_listed_again(visitor: httpx.AsyncClient, db: Database) -> None:
    path = await on_sale(visitor, db)
    assert "Linen summer dress" in (await visitor.get(MINE)).text

    removed = await visitor.post(f"{path}/remove")
    assert (removed.status_code, removed.headers["location"]) == (303, f"{MINE}?shelf=removed")
    assert "Linen summer dress" in (await visitor.get(f"{MINE}?shelf=removed")).text
    assert (await visitor.get(path)).headers["location"] == f"{MINE}?shelf=removed"
    assert (await visitor.get(path.replace("/sell/", "/listings/"))).status_code == 404

    copy = (await visitor.post(f"{path}/relist")).headers["location"]
    assert copy != path
    assert 'value="Linen summer dress"' in (await visitor.get(copy)).text

    restored = await visitor.post(f"{path}/restore")
    assert (restored.status_code, restored.headers["location"]) == (303, f"{MINE}?shelf=for_sale")
    assert (await visitor.get(path.replace("/sell/", "/listings/"))).status_code == 200
    assert (await visitor.post(f"{path}/relist")).status_code == 409


async def test_a_draft_goes_to_the_drafts_and_back_there(visitor: httpx.AsyncClient, db: Database) -> None:
    path = await begun(visitor, db)
    await sent(visitor, path, {"title": "Half a hat"})
    assert "Half a hat" in (await visitor.get(f"{MINE}?shelf=drafts")).text

    await visitor.post(f"{path}/remove")
    assert (await visitor.post(f"{path}/restore")).headers["location"] == f"{MINE}?shelf=drafts"


@pytest.mark.parametrize("shelf", ["for_sale", "drafts", "sold", "removed"])
async def test_an_empty_shelf_says_so_kindly(visitor: httpx.AsyncClient, db: Database, shelf: str) -> None:
    await signed_up(visitor)
    page = await visitor.get(MINE, params={"shelf": shelf})
    assert page.status_code == 200
    assert 'class="nothing"' in page.text
    assert f'<a href="{MINE}?shelf={shelf}" aria-current="page">' in page.text
    assert page.headers["cache-control"] == "private, no-store"


async def test_a_shelf_that_is_none_is_refused(visitor: httpx.AsyncClient) -> None:
    await signed_up(visitor)
    assert (await visitor.get(MINE, params={"shelf": "attic"})).status_code == 400


async def test_views_are_those_of_others_and_of_people(
    visitor: httpx.AsyncClient, db: Database, installed: Services
) -> None:
    path = await on_sale(visitor, db)
    listing = path.replace("/sell/", "/listings/")
    await visitor.get(listing, headers=FIREFOX)  # their own
    seller = dict(visitor.cookies)
    visitor.cookies.clear()
    for headers in (FIREFOX, FIREFOX, {"user-agent": "Googlebot/2.1"}, FIREFOX | {"sec-purpose": "prefetch"}):
        await visitor.get(listing, headers=headers)
    await visitor.head(listing, headers=FIREFOX)
    assert len(installed.audience) == 1

    await listings.count_now(installed, installed.audience)
    visitor.cookies.update(seller)

    assert "1 view<" in (await visitor.get(MINE)).text
