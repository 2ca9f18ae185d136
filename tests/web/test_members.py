"""The page of a member."""

import re

import httpx

from tests.making import THEN, a_listing, a_member
from tests.web.visiting import cookie_of
from threadly.core.database import Database
from threadly.marketplace.listings import ListingStatus


def titles(page: str) -> list[str]:
    return re.findall(r"<h3><a[^>]*>([^<]*)</a>", page)


async def test_a_member_s_page_shows_what_they_sell_and_have_sold(visitor: httpx.AsyncClient, db: Database) -> None:
    mila = await a_member(db, username="mila", display_name="Мила <É>", bio="Linen only.\nNo smoke.", joined_at=THEN)
    await a_listing(db, title="To be had", seller_id=mila.id, favourites=1_234)
    await a_listing(db, title="Held for somebody", seller_id=mila.id, status=ListingStatus.RESERVED)
    await a_listing(db, title="Gone by now", seller_id=mila.id, status=ListingStatus.SOLD, sold_at=THEN)
    selling, sold = [(await visitor.get(f"/members/mila{query}")).text for query in ("", "?rail=sold")]

    assert set(titles(selling)) == {"To be had", "Held for somebody"}
    assert titles(sold) == ["Gone by now"]
    assert "Мила &lt;É&gt;" in selling
    assert "March 2026" in selling
    assert "1,234 hearts" in selling
    assert '<link rel="canonical" href="http://localhost:8000/members/mila">' in selling
    assert '<link rel="canonical" href="http://localhost:8000/members/mila?rail=sold">' in sold


async def test_pages_of_a_rail_follow_each_other(visitor: httpx.AsyncClient, db: Database) -> None:
    mila = await a_member(db, username="mila")
    for number in range(30):
        await a_listing(db, title=f"Thing {number}", seller_id=mila.id, pictures=0)
    first = (await visitor.get("/members/mila")).text
    following = re.search(r'rel="next" href="([^"]*)"', first)
    assert following is not None
    second = (await visitor.get(following[1].replace("&amp;", "&"))).text

    assert (len(titles(first)), len(titles(second))) == (24, 6)
    assert not set(titles(first)) & set(titles(second))
    assert 'rel="next"' not in second


async def test_a_new_member_has_a_page_and_a_way_to_sell(visitor: httpx.AsyncClient, db: Database) -> None:
    mila = await a_member(db, username="mila")
    shared = (await visitor.get("/members/mila")).text
    own = (await visitor.get("/members/mila", headers=await cookie_of(db, mila))).text

    assert "Nothing for sale right now." in shared
    assert "hearts</span>" not in shared
    assert 'href="/sell">Sell something' in own
    assert 'href="/account">Edit your profile' in own
    assert "Edit your profile" not in shared


async def test_a_name_that_nobody_has_is_not_found(visitor: httpx.AsyncClient) -> None:
    for name in ("nobody", "%00", "a%2Fb", "x" * 300):
        assert (await visitor.get(f"/members/{name}")).status_code in {400, 404}
    assert (await visitor.get("/members/nobody")).status_code == 404


async def test_an_unknown_rail_is_refused(visitor: httpx.AsyncClient, db: Database) -> None:
    await a_member(db, username="mila")
    assert (await visitor.get("/members/mila?rail=stolen")).status_code == 400
