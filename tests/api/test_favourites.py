"""Hearts by the API: idempotent, one's own, refused where they must be."""

from uuid import uuid4

import httpx
import pytest

from tests.making import THEN, a_listing, a_member
from threadly.core.auth import AuthSettings, sessions
from threadly.core.database import Database
from threadly.marketplace.listings import ListingStatus
from threadly.marketplace.members import Member


async def bearer(db: Database, member: Member) -> dict[str, str]:
    """The headers of a member who has signed in."""
    issued = await db.run(sessions.issue, member.id, settings=AuthSettings())
    return {"authorization": f"Bearer {issued.token}"}


async def test_a_heart_is_put_and_deleted_as_often_as_one_likes(client: httpx.AsyncClient, db: Database) -> None:
    listing, member = await a_listing(db), await a_member(db)
    headers, path = await bearer(db, member), f"/api/v1/listings/{listing.id}/favourite"

    for _ in range(2):
        answer = await client.put(path, headers=headers)
        assert answer.status_code == 200
        assert answer.json() == {"listing_id": str(listing.id), "favourites": 1, "is_mine": True}
    assert (await client.get(f"/api/v1/listings/{listing.id}")).json()["favourites"] == 1
    for _ in range(2):
        answer = await client.delete(path, headers=headers)
        assert answer.json() == {"listing_id": str(listing.id), "favourites": 0, "is_mine": False}


async def test_my_favourites_come_page_by_page_the_latest_first(client: httpx.AsyncClient, db: Database) -> None:
    member = await a_member(db)
    headers = await bearer(db, member)
    titles = [f"Number {number}" for number in range(26)]
    for title in titles:
        listing = await a_listing(db, title=title, pictures=0)
        await client.put(f"/api/v1/listings/{listing.id}/favourite", headers=headers)
    first = (await client.get("/api/v1/me/favourites", headers=headers)).json()
    second = (await client.get("/api/v1/me/favourites", params={"cursor": first["next"]}, headers=headers)).json()

    found = [item["listing"]["title"] for item in first["items"] + second["items"]]
    assert found == titles[::-1]
    assert second["next"] is None
    assert {item["status"] for item in first["items"]} == {"available"}


async def test_what_is_sold_is_said_to_be(client: httpx.AsyncClient, db: Database) -> None:
    listing = await a_listing(db, status=ListingStatus.SOLD, sold_at=THEN)
    headers = await bearer(db, await a_member(db))
    await client.put(f"/api/v1/listings/{listing.id}/favourite", headers=headers)

    [item] = (await client.get("/api/v1/me/favourites", headers=headers)).json()["items"]
    assert (item["status"], item["favourites"]) == ("sold", 1)


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
async def test_who_has_not_signed_in_and_what_is_not_there_are_refused(
    client: httpx.AsyncClient, db: Database, method: str
) -> None:
    listing = await a_listing(db)
    headers = await bearer(db, await a_member(db))
    nobody = await client.request(method, f"/api/v1/listings/{listing.id}/favourite")
    nothing = await client.request(method, f"/api/v1/listings/{uuid4()}/favourite", headers=headers)

    assert nobody.status_code == 401
    assert (nothing.status_code, nothing.json()["code"]) == (404, "listing_not_found")
    assert (await client.get("/api/v1/me/favourites")).status_code == 401


async def test_nobody_puts_a_heart_on_their_own(client: httpx.AsyncClient, db: Database) -> None:
    seller = await a_member(db)
    listing = await a_listing(db, seller_id=seller.id)
    answer = await client.put(f"/api/v1/listings/{listing.id}/favourite", headers=await bearer(db, seller))

    assert (answer.status_code, answer.json()["code"]) == (403, "favourite_of_own_listing")
