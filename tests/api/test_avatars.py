"""One's own picture, through the API."""

import httpx

from tests.api.selling import a_seller
from tests.photographs import a_jpeg
from threadly.core.database import Database

PATH = "/api/v1/me/avatar"


async def _shown(client: httpx.AsyncClient, somebody: dict[str, str]) -> object:
    return (await client.get("/api/v1/me", headers=somebody)).json()["avatar"]


async def test_a_picture_is_shown_replaced_and_taken_away(client: httpx.AsyncClient, db: Database) -> None:
    somebody, other = await a_seller(client, db), await a_seller(client, db, "other")
    first = await client.put(PATH, files={"picture": a_jpeg(200, 300)}, headers=somebody)
    assert first.status_code == 200, first.text
    second = await client.put(PATH, files={"picture": a_jpeg(300, 200)}, headers=somebody)
    assert first.json()["avatar"] != second.json()["avatar"] == await _shown(client, somebody)
    assert (await client.get(second.json()["avatar"]["urls"]["320"])).status_code == 200
    assert await _shown(client, other) is None

    for _ in range(2):
        gone = await client.delete(PATH, headers=somebody)
        assert (gone.status_code, gone.json()["avatar"]) == (200, None)
    assert await _shown(client, somebody) is None


async def test_what_is_no_picture_changes_nothing_and_neither_does_a_stranger(
    client: httpx.AsyncClient, db: Database
) -> None:
    somebody = await a_seller(client, db)
    await client.put(PATH, files={"picture": a_jpeg(200, 300)}, headers=somebody)
    before = await _shown(client, somebody)
    for files, status, code in (
        ({"picture": b"no picture"}, 422, "picture_unknown"),
        ({"photo": a_jpeg(200, 200)}, 400, "upload_malformed"),
    ):
        answer = await client.put(PATH, files=files, headers=somebody)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await client.put(PATH, json={}, headers=somebody)).status_code == 415
    for method in ("PUT", "DELETE"):
        assert (await client.request(method, PATH)).status_code == 401
    assert await _shown(client, somebody) == before is not None
