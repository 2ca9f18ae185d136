"""Photos of a listing through the API."""

from collections.abc import AsyncIterator
from typing import Any

import httpx

from tests.api.selling import a_draft, a_seller
from tests.photographs import a_jpeg, files_kept
from threadly.core.database import Database
from threadly.wiring import Services


async def ids(client: httpx.AsyncClient, path: str, seller: dict[str, str]) -> list[str]:
    """The listing's photos, in order."""
    own = (await client.get(path.replace("/listings", "/me/listings"), headers=seller)).json()
    return [shown["id"] for shown in own["pictures"]]


async def test_photos_are_added_described_ordered_and_removed(client: httpx.AsyncClient, db: Database) -> None:
    seller = await a_seller(client, db)
    path = await a_draft(client, seller)
    await client.post(f"{path}/pictures", files={"picture": a_jpeg(200, 300)}, headers=seller)
    one, two = await ids(client, path, seller)

    described = await client.patch(f"{path}/pictures/{two}", json={"alt": "Отзад"}, headers=seller)
    assert described.json()["pictures"][1]["picture"]["alt"] == "Отзад"
    ordered = await client.put(f"{path}/pictures/order", json={"picture_ids": [two, one]}, headers=seller)
    assert ordered.status_code == 200, ordered.text
    assert await ids(client, path, seller) == [two, one]
    removed = await client.delete(f"{path}/pictures/{two}", headers=seller)
    assert removed.status_code == 200
    assert await ids(client, path, seller) == [one]
    assert (await client.delete(f"{path}/pictures/{two}", headers=seller)).status_code == 404


async def test_what_is_no_photo_or_no_order_is_refused(client: httpx.AsyncClient, db: Database) -> None:
    seller = await a_seller(client, db)
    path = await a_draft(client, seller)
    (one,) = before = await ids(client, path, seller)
    photo = a_jpeg(200, 200)

    wrong: list[tuple[Any, int, str]] = [
        ({"picture": b"no picture"}, 422, "picture_unknown"),
        ({"photo": photo}, 400, "upload_malformed"),
        ([("picture", photo), ("picture", photo)], 413, "upload_too_large"),
        ({"picture": a_jpeg(300, 300)}, 422, "fields_refused"),  # there already
    ]
    for files, status, code in wrong:
        answer = await client.post(f"{path}/pictures", files=files, headers=seller)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    misnamed = await client.post(f"{path}/pictures", files={"photo": photo}, headers=seller)
    assert (misnamed.json()["detail"], misnamed.json()["field"]) == ("Send one file, as “picture”.", "photo")
    assert (await client.post(f"{path}/pictures", json={}, headers=seller)).status_code == 415
    for order in ([], [one, one]):
        answer = await client.put(f"{path}/pictures/order", json={"picture_ids": order}, headers=seller)
        assert answer.json()["fields"]["order"]["code"] == "order_incomplete"
    other = await a_draft(client, seller)
    foreign = (await ids(client, other, seller))[0]
    assert foreign == one  # the same bytes are one picture, of both listings
    assert await ids(client, path, seller) == before


async def test_a_stranger_adds_nothing(client: httpx.AsyncClient, db: Database, installed: Services) -> None:
    seller, other = await a_seller(client, db), await a_seller(client, db, "other")
    path = await a_draft(client, seller)
    before, kept = await ids(client, path, seller), files_kept(installed)

    nobody: dict[str, str] = {}
    for headers, status in ((nobody, 401), (other, 404)):
        answer = await client.post(f"{path}/pictures", files={"picture": a_jpeg(200, 200)}, headers=headers)
        assert answer.status_code == status
    assert await ids(client, path, seller) == before
    assert files_kept(installed) == kept


async def test_who_may_not_add_a_photo_is_told_before_any_of_it_is_read(
    client: httpx.AsyncClient, db: Database, installed: Services
) -> None:
    seller, other = await a_seller(client, db), await a_seller(client, db, "other")
    path = await a_draft(client, seller)
    before, kept = await ids(client, path, seller), files_kept(installed)
    read: list[str] = []

    async def photo(sender: str) -> AsyncIterator[bytes]:
        read.append(sender)
        yield b'--x\r\ncontent-disposition: form-data; name="picture"; filename="a.jpeg"\r\n\r\n'
        yield a_jpeg(200, 200)
        yield b"\r\n--x--\r\n"

    kind = {"content-type": "multipart/form-data; boundary=x"}
    for headers, status in ((other, 404), (seller, 201)):
        sent = photo("seller" if headers is seller else "other")
        answer = await client.post(f"{path}/pictures", content=sent, headers=headers | kind)
        assert answer.status_code == status
        if headers is other:
            assert read == []
            assert await ids(client, path, seller) == before
            assert files_kept(installed) == kept
    assert read == ["seller"]


async def test_an_eleventh_photo_and_one_of_what_was_removed_are_not_kept(
    client: httpx.AsyncClient, db: Database, installed: Services
) -> None:
    seller = await a_seller(client, db)
    path = await a_draft(client, seller)
    for number in range(9):
        answer = await client.post(f"{path}/pictures", files={"picture": a_jpeg(200 + number, 300)}, headers=seller)
        assert answer.status_code == 201
    kept = files_kept(installed)

    eleventh = await client.post(f"{path}/pictures", files={"picture": a_jpeg(250, 250)}, headers=seller)
    assert (eleventh.status_code, eleventh.json()["code"]) == (422, "fields_refused")
    assert (await client.delete(path, headers=seller)).status_code < 300
    late = await client.post(f"{path}/pictures", files={"picture": a_jpeg(250, 250)}, headers=seller)
    assert (late.status_code, late.json()["code"]) == (409, "listing_removed")
    assert files_kept(installed) == kept
