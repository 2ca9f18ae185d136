"""One's own account."""

import re
from uuid import uuid4

import httpx
import pytest

from tests.photographs import a_jpeg
from tests.web.conftest import signed_up
from threadly.core.database import Database

PROFILE = {"display_name": "Мила É 🧶", "bio": "Wool.\r\nAnd linen.", "place": "Sofia"}
OLD, NEW = "seven wool coats", "eight wool coats"


async def test_a_stranger_is_asked_to_sign_in_and_brought_back(visitor: httpx.AsyncClient) -> None:
    page = await visitor.get("/account")
    assert (page.status_code, page.headers["location"]) == (303, "/sign-in?next=/account")
    for path in ("/account", "/account/password", "/account/avatar/remove", f"/account/sessions/{uuid4()}/end"):
        answer = await visitor.post(path, data=PROFILE, headers={"referer": "http://shop.test/account"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/account")


async def test_a_profile_is_saved_and_seen_at_once(visitor: httpx.AsyncClient) -> None:
    await signed_up(visitor)
    answer = await visitor.post("/account", data=PROFILE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/account?done=profile")
    page = await visitor.get("/account?done=profile")
    assert page.headers["cache-control"] == "private, no-store"
    assert "Your profile is saved." in page.text
    assert 'value="Мила É 🧶"' in page.text
    assert "Wool.\nAnd linen.</textarea>" in page.text
    assert "mila@shop.example" in page.text
    assert "mila@shop.example" not in (await visitor.get("/")).text


async def test_a_refused_profile_comes_back_as_it_was_written_and_changes_nothing(visitor: httpx.AsyncClient) -> None:
    await signed_up(visitor)
    answer = await visitor.post("/account", data=PROFILE | {"display_name": "Mi\u202ela", "place": "x" * 101})
    assert answer.status_code == 422
    assert answer.text.count('aria-invalid="true"') == 2
    assert "Please leave out characters that cannot be seen or shown." in answer.text
    assert "Please use 100 characters at most." in answer.text
    assert "Wool.\nAnd linen.</textarea>" in answer.text
    assert 'id="display_name" name="display_name" type="text" value="mila"' in (await visitor.get("/account")).text


async def test_a_picture_is_shown_replaced_and_removed(visitor: httpx.AsyncClient) -> None:
    await signed_up(visitor)
    assert "Remove the picture" not in (await visitor.get("/account")).text
    answer = await visitor.post("/account/avatar", files={"avatar": ("me.jpg", a_jpeg(400, 500), "image/jpeg")})
    assert (answer.status_code, answer.headers["location"]) == (303, "/account?done=avatar")
    page = (await visitor.get("/account?done=avatar")).text
    assert 'alt="Your picture"' in page
    (address,) = set(re.findall(r"/media/[0-9a-f]{32}-320\.webp", page))
    assert (await visitor.get(address)).status_code == 200
    assert address in (await visitor.get("/members/mila")).text

    answer = await visitor.post("/account/avatar/remove")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account?done=no-avatar")
    assert address not in (await visitor.get("/account?done=no-avatar")).text


@pytest.mark.parametrize(
    ("case", "file", "message"),
    [
        ("no picture", ("me.jpg", b"hello", "image/jpeg"), "This is not a picture that we can read."),
        ("too large", ("me.jpg", bytes((10 << 20) + 1), "image/jpeg"), "This picture is larger than 10 MB."),
    ],
)
async def test_what_is_no_picture_is_refused_beside_its_field(
    visitor: httpx.AsyncClient, case: str, file: tuple[str, bytes, str], message: str
) -> None:
    await signed_up(visitor)
    await visitor.post("/account/avatar", files={"avatar": ("me.jpg", a_jpeg(400, 500), "image/jpeg")})
    answer = await visitor.post("/account/avatar", files={"avatar": file})
    assert answer.status_code == 422
    assert 'aria-describedby="avatar-error avatar-hint" aria-invalid="true"' in answer.text
    assert message in answer.text
    assert 'alt="Your picture"' in (await visitor.get("/account")).text


async def test_a_form_without_a_picture_is_refused_beside_its_field(visitor: httpx.AsyncClient) -> None:
    await signed_up(visitor)
    nothing = b'--x\r\nContent-Disposition: form-data; name="avatar"; filename=""\r\n\r\n\r\n--x--\r\n'
    headers = {"content-type": "multipart/form-data; boundary=x"}
    answer = await visitor.post("/account/avatar", content=nothing, headers=headers)
    assert answer.status_code == 422
    assert "Please choose a picture first." in answer.text
    assert 'aria-invalid="true"' in answer.text


async def test_the_password_is_changed_by_who_knows_it(visitor: httpx.AsyncClient) -> None:
    await signed_up(visitor)
    form = {"username": "mila", "current_password": "wrong wool coats", "new_password": NEW}
    refused = await visitor.post("/account/password", data=form)
    assert refused.status_code == 422
    assert 'id="current_password-error"' in refused.text
    assert "This is not your current password." in refused.text
    assert "coats" not in refused.text

    done = await visitor.post("/account/password", data=form | {"current_password": OLD})
    assert (done.status_code, done.headers["location"]) == (303, "/account?done=password")
    assert (await visitor.get("/account")).status_code == 200
    visitor.cookies.clear()
    for password, status in ((OLD, 422), (NEW, 303)):
        assert (await visitor.post("/sign-in", data={"name": "mila", "password": password})).status_code == status


async def _elsewhere(visitor: httpx.AsyncClient, agent: str) -> str:
    """A session on another device."""
    here = visitor.cookies["threadly_session"]
    visitor.cookies.clear()
    await visitor.post("/sign-in", data={"name": "mila", "password": OLD}, headers={"user-agent": agent})
    there = visitor.cookies["threadly_session"]
    visitor.cookies.clear()
    visitor.cookies["threadly_session"] = here
    return there


async def _is_good(visitor: httpx.AsyncClient, token: str) -> bool:
    own = httpx.AsyncClient(transport=visitor._transport, base_url=visitor.base_url)
    async with own:
        return (await own.get("/account", headers={"cookie": f"threadly_session={token}"})).status_code == 200


async def test_a_device_is_listed_and_signed_out(visitor: httpx.AsyncClient) -> None:
    await signed_up(visitor)
    there = await _elsewhere(visitor, "Mozilla/5.0 (iPhone) Version/18.0 Safari/604.1")
    page = (await visitor.get("/account")).text
    assert "Safari · iPhone" in page
    assert "This device" in page
    (way,) = re.findall(r'action="(/account/sessions/[0-9a-f-]+/end)"', page)

    assert await _is_good(visitor, there)
    for _ in range(2):
        answer = await visitor.post(way)
        assert (answer.status_code, answer.headers["location"]) == (303, "/account?done=session")
    assert not await _is_good(visitor, there)
    assert await _is_good(visitor, visitor.cookies["threadly_session"])


async def test_all_other_devices_are_signed_out_at_once(visitor: httpx.AsyncClient) -> None:
    await signed_up(visitor)
    others = [await _elsewhere(visitor, f"Device {number}") for number in range(2)]
    assert "Sign out everywhere else" in (await visitor.get("/account")).text
    answer = await visitor.post("/account/sessions/end-others")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account?done=sessions")
    assert [await _is_good(visitor, token) for token in others] == [False, False]
    assert "Sign out everywhere else" not in (await visitor.get("/account")).text


async def test_nobody_ends_anothers_session(visitor: httpx.AsyncClient, db: Database) -> None:
    await signed_up(visitor)
    there = await _elsewhere(visitor, "Phone")
    (way,) = re.findall(r'action="(/account/sessions/[0-9a-f-]+/end)"', (await visitor.get("/account")).text)
    visitor.cookies.clear()
    await signed_up(visitor, "eve")
    assert (await visitor.post(way)).status_code == 303
    assert await _is_good(visitor, there)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/account?done=everything", 400),
        ("GET", "/account?x=1", 400),
        ("POST", "/account/sessions/5/end", 404),
        ("GET", "/account/password", 405),
        ("GET", "/sign-out", 405),
    ],
)
async def test_what_is_not_there_is_told(visitor: httpx.AsyncClient, method: str, path: str, status: int) -> None:
    await signed_up(visitor)
    assert (await visitor.request(method, path)).status_code == status
