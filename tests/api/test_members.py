"""Signing up and in, and one's own account, through the API."""

from typing import Any

import httpx
import pytest

from tests.answers import content_alike, headers_alike
from tests.making import a_picture
from threadly.core.database import Database, Tx
from threadly.marketplace.members import Member
from threadly.wiring import Services

MILA = {"username": "mila", "email": "mila@shop.example", "password": "seven wool coats"}


async def _sign_up(client: httpx.AsyncClient, **facts: Any) -> httpx.Response:  # noqa: ANN401
    return await client.post("/api/v1/members", json=MILA | facts)


def _as(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code == 201, answer.text
    return {"authorization": f"Bearer {answer.json()['token']}"}


async def test_who_signs_up_can_act_at_once_until_they_sign_out(client: httpx.AsyncClient) -> None:
    answer = await _sign_up(client)
    somebody = _as(answer)
    assert answer.headers["cache-control"] == "private, no-store"
    assert "set-cookie" not in answer.headers

    own = (await client.get("/api/v1/me", headers=somebody)).json()
    assert own["id"] == answer.json()["member_id"]
    assert (own["username"], own["email"], own["display_name"]) == ("mila", "mila@shop.example", "mila")
    assert own["avatar"] is None

    assert (await client.delete("/api/v1/session", headers=somebody)).status_code == 204
    for method, path in (("GET", "/api/v1/me"), ("DELETE", "/api/v1/session")):
        gone = await client.request(method, path, headers=somebody)
        assert (gone.status_code, gone.json()["code"]) == (401, "sign_in_needed")
        assert gone.headers["www-authenticate"] == "Bearer"


async def test_one_signs_in_by_username_or_address(client: httpx.AsyncClient) -> None:
    first = _as(await _sign_up(client))
    for name in ("mila", "MILA", "mila@shop.example"):
        answer = await client.post("/api/v1/session", json={"name": name, "password": MILA["password"]})
        assert _as(answer) != first


async def test_what_was_wrong_is_not_told(client: httpx.AsyncClient) -> None:
    await _sign_up(client)
    answers = [
        await client.post("/api/v1/session", json={"name": name, "password": password})
        for name, password in (
            ("mila", "seven wool goats"),
            ("mila@shop.example", "seven wool goats"),
            ("nobody", MILA["password"]),
            ("nobody@shop.example", MILA["password"]),
            ("", ""),
        )
    ]
    told = [(answer.status_code, content_alike(answer), headers_alike(answer)) for answer in answers]
    assert told == [(401, content_alike(answers[0]), headers_alike(answers[0]))] * len(answers)
    assert answers[0].json()["code"] == "sign_in_refused"


async def test_a_known_address_is_answered_like_any_other(client: httpx.AsyncClient) -> None:
    await _sign_up(client)
    known, unknown = await _sign_up(client, username="mila2"), await _sign_up(client, username="mila3", email="a@b.co")
    assert known.status_code == unknown.status_code == 201
    assert headers_alike(known) == headers_alike(unknown)
    assert known.json().keys() == unknown.json().keys()
    assert len(known.content) == len(unknown.content)


@pytest.mark.parametrize(
    ("facts", "fields"),
    [
        ({"username": "MILA"}, {"username": "username_taken"}),
        ({"username": "admin"}, {"username": "username_reserved"}),
        ({"email": "nowhere", "password": "short"}, {"email": "email_form", "password": "password_too_short"}),
        ({"password": "a" * 60_000}, {"password": "password_too_long"}),
        ({"password": "ж" * 60_000}, {"password": "password_too_long"}),
        ({"password": "a" + "\u0316\u0301" * 15_000}, {"password": "password_too_long"}),
    ],
)
async def test_each_field_is_refused_by_name(
    client: httpx.AsyncClient, facts: dict[str, str], fields: dict[str, str]
) -> None:
    await _sign_up(client)
    answer = await _sign_up(client, **facts)
    assert (answer.status_code, answer.json()["code"]) == (422, "fields_refused")
    assert {name: told["code"] for name, told in answer.json()["fields"].items()} == fields
    for told in answer.json()["fields"].values():
        assert "{" not in told["message"]
    assert MILA["password"] not in answer.text


@pytest.mark.parametrize("facts", [{"username": 5}, {"extra": ""}, {"password": "a\0b"}, {"email": None}])
async def test_what_is_no_sign_up_is_refused(client: httpx.AsyncClient, facts: dict[str, Any]) -> None:
    answer = await _sign_up(client, **facts)
    assert (answer.status_code, answer.json()["code"]) == (400, "body_invalid")


async def test_a_profile_is_edited_in_part(client: httpx.AsyncClient, db: Database) -> None:
    answer = await _sign_up(client)
    somebody = _as(answer)
    picture = await a_picture(db)

    async def show(tx: Tx) -> None:
        member = await tx.get_one(Member, answer.json()["member_id"])
        member.avatar_id = picture.id

    await db.run(show)
    path = "/api/v1/me"
    changed = (await client.patch(path, json={"display_name": "  Мила  ", "bio": "Wool."}, headers=somebody)).json()
    assert (changed["display_name"], changed["bio"], changed["place"]) == ("Мила", "Wool.", "")
    assert picture.name in changed["avatar"]["urls"]["320"]
    changed = (await client.patch(path, json={"place": "Plovdiv"}, headers=somebody)).json()
    assert (changed["display_name"], changed["bio"], changed["place"]) == ("Мила", "Wool.", "Plovdiv")
    assert (await client.patch(path, json={}, headers=somebody)).json() == changed

    for wrong, status in (({"display_name": ""}, 422), ({"display_name": None}, 400), ({"username": "eve"}, 400)):
        assert (await client.patch(path, json=wrong, headers=somebody)).status_code == status
    assert (await client.get(path, headers=somebody)).json() == changed
    assert (await client.patch(path, json={"bio": "Eve was here."})).status_code == 401


async def test_another_sites_page_signs_nobody_out_and_is_told_of(
    client: httpx.AsyncClient, installed: Services
) -> None:
    answer = await _sign_up(client)
    cookie = {"cookie": f"threadly_session={answer.json()['token']}"}
    evil = cookie | {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    refused = await client.delete("/api/v1/session", headers=evil)
    assert (refused.status_code, refused.json()["code"]) == (403, "cross_origin_refused")
    (told,) = installed.errors.said().groups
    assert (told.type, told.level, told.count) == ("threadly.core.security.csrf.CrossOriginRefused", "warning", 1)
    assert (await client.get("/api/v1/me", headers=cookie)).status_code == 200
    assert (await client.delete("/api/v1/session", headers=cookie | {"sec-fetch-site": "same-origin"})).is_success
