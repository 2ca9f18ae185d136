"""Whatever people write comes out as text: on every page, in every field, in what pages say to programs."""

import json
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.making import a_brand, a_credential, a_listing, a_member, a_picture
from tests.web.payloads import MARK, PAYLOADS, Page
from threadly.core.auth import AuthSettings, sessions
from threadly.core.database import Database, Tx
from threadly.marketplace import favourites, search
from threadly.marketplace.listings import Listing, ListingPicture, ListingStatus

PLAIN = "A plain text"


class Shop:
    """A member with one text everywhere: who they are, what they sell, and what they love."""

    def __init__(self, written: str, headers: dict[str, str], username: str, listing: Listing, draft: UUID) -> None:
        self.written = written
        self.headers = headers
        self.pages = {
            "a listing": f"/listings/{listing.id}",
            "a listing in another language": f"/de/listings/{listing.id}",
            "a member": f"/members/{username}",
            "home": "/",
            "a category": "/categories/women/clothing/dresses",
            "favourites": "/my/favourites",
            "one's own": "/my/listings",
            "one's drafts": "/my/listings?shelf=drafts",
            "a form to sell": f"/sell/{listing.id}",
            "a draft": f"/sell/{draft}",
            "a preview": f"/sell/{draft}/preview",
            "the account": "/account",
        }


async def written_everywhere(db: Database, written: str) -> Shop:
    member = await a_member(db, display_name=written[:50], bio=written, place=written)
    await a_credential(db, member.id, email=f"{member.username}@shop.example")
    brand = await a_brand(db, written)
    facts: dict[str, Any] = {"seller_id": member.id, "title": written, "description": written}
    listing = await a_listing(db, brand_id=brand.id, **facts)
    draft = await a_listing(db, status=ListingStatus.DRAFT, published_at=None, **facts)
    loved = await a_listing(db, title=written, description=written)
    picture = await a_picture(db)

    async def say(tx: Tx) -> str:
        tx.add(ListingPicture(listing_id=listing.id, position=2, picture_id=picture.id, alt=written))
        await favourites.add(tx, member_id=member.id, listing_id=loved.id)
        issued = await sessions.issue(tx, member.id, settings=AuthSettings(), user_agent=written)
        return issued.token

    token = await db.run(say)
    await db.run(search.refresh)
    headers = {"cookie": f"threadly_session={token}", "sec-fetch-site": "same-origin"}
    return Shop(written, headers, member.username, listing, draft.id)


async def seen(visitor: httpx.AsyncClient, path: str, headers: dict[str, str]) -> Page:
    answer = await visitor.get(path, headers=headers)
    assert answer.status_code == 200, (path, answer.text[:300])
    return Page(answer.text)


@pytest.mark.parametrize("written", PAYLOADS)
async def test_what_people_write_is_text_on_every_page(visitor: httpx.AsyncClient, db: Database, written: str) -> None:
    plain, shop = await written_everywhere(db, PLAIN), await written_everywhere(db, written)
    shown = 0
    for name, path in shop.pages.items():
        usual, page = await seen(visitor, plain.pages[name], plain.headers), await seen(visitor, path, shop.headers)
        assert page.elements <= usual.elements, (name, page.elements - usual.elements)
        assert page.scripts == usual.scripts, name
        assert not any(MARK in address and not address.startswith(("/", "?", "#")) for address in page.addresses), name
        shown += page.shows(written)
    assert shown >= len(shop.pages) - 2  # on neither its own account nor the page of a session stands all of it
    (product, *_) = (await seen(visitor, shop.pages["a listing"], {})).data
    assert written in json.dumps(product, ensure_ascii=False).replace('\\"', '"').replace("\\\\", "\\")


@pytest.mark.parametrize("written", PAYLOADS)
async def test_what_an_address_or_a_form_says_is_text_where_it_is_said_again(
    visitor: httpx.AsyncClient, db: Database, written: str
) -> None:
    shop = await written_everywhere(db, written)
    for path, parameters in (("/search", {"q": PLAIN}), ("/suggestions", {"q": PLAIN})):
        usual = await visitor.get(path, params=parameters)
        page = await visitor.get(path, params={"q": written})
        assert Page(page.text).scripts == Page(usual.text).scripts
        assert not any(MARK in name for element in Page(page.text).elements for name in element[1])
        assert f"<{MARK}" not in page.text
    assert Page((await visitor.get("/search", params={"q": written})).text).shows(written)
    refused = await visitor.post("/sign-up", data={"username": written, "email": written, "password": ""})
    usual = await visitor.post("/sign-up", data={"username": PLAIN, "email": PLAIN, "password": ""})
    assert (refused.status_code, usual.status_code) == (422, 422)
    assert Page(refused.text).elements <= Page(usual.text).elements
    missing = await visitor.get(f"/listings/{written}".replace("%", "%25").replace("#", "%23").replace("?", "%3F"))
    assert missing.status_code in {400, 404}
    assert Page(missing.text).scripts <= Page((await visitor.get("/listings/none")).text).scripts
    api = await visitor.get(f"/api/v1{shop.pages['a listing']}")
    assert api.headers["content-type"].startswith("application/json")
    assert api.headers["x-content-type-options"] == "nosniff"
    assert api.json()["title"] == written


def test_the_pack_is_one() -> None:
    assert len(PAYLOADS) == len(set(PAYLOADS)) >= 30
    assert Page("<p title='a&lt;b'>x<b>y</b></p>").shows("a<b")
    assert Page('<img src="x" onerror="pwned()">').elements == {("img", frozenset({"src", "onerror"}))}
