"""How endpoints are declared, and what each does without being told."""

from collections.abc import AsyncIterator
from typing import Any, cast
from uuid import UUID, uuid4

import httpx
import msgspec
import pytest
from litestar import Litestar

from threadly.api import ENDPOINTS, problem_answer
from threadly.api.endpoints import Endpoint, reads, routed, writes
from threadly.api.listings import ListingsAsked, ListingsOut
from threadly.core.asgi import ASGIApp
from threadly.core.auth import Actor, Issued, sessions
from threadly.core.security import AtOnce, Slots
from threadly.tiers import Tier
from threadly.wiring import Services

TEMPLATE = "/wishes/{wish_id:uuid}"


def test_what_is_asked_and_answered_is_declared_by_types() -> None:
    declared = {endpoint.id: endpoint for endpoint in ENDPOINTS}
    find = declared["find_listings"]
    assert find.asked is not None
    assert find.asked.kind is ListingsAsked
    assert find.answer is ListingsOut
    assert declared["get_listing"].asked is None
    assert declared["find_categories"].body is None


def test_every_example_is_an_answer() -> None:
    for endpoint in ENDPOINTS:
        if endpoint.example is not None:
            assert type(endpoint.example) is endpoint.answer
        if endpoint.body_example is not None:
            assert type(endpoint.body_example) is endpoint.body


class Greeting(msgspec.Struct):
    """Says hello."""

    to: str


def with_slots(app: Litestar) -> ASGIApp:
    """Within what gives back the slots of members."""
    slots = Slots("address", 10)
    return AtOnce(
        cast("ASGIApp", app), slots=slots, key=lambda _: "", refuse=lambda _, problem: problem_answer(problem)
    )


@pytest.fixture
def greets() -> Endpoint:
    """An endpoint that needs no database."""

    @reads("/greeting", id="greet", tag="Greetings", summary="Hello", kept_for=7)
    async def greet(services: Services) -> Greeting:
        return Greeting(to="Мила")

    return greet


@pytest.mark.parametrize(
    ("method", "status", "text"),
    [("GET", 200, '{"to":"Мила"}'), ("HEAD", 200, ""), ("OPTIONS", 204, ""), ("POST", 405, None), ("BREW", 405, None)],
)
async def test_a_read_answers_get_head_and_options(
    installed: Services, greets: Endpoint, method: str, status: int, text: str | None
) -> None:
    app = Litestar(routed([greets], installed), openapi_config=None, logging_config=None)
    transport = httpx.ASGITransport(with_slots(app))
    async with httpx.AsyncClient(transport=transport, base_url="http://shop") as client:
        answer = await client.request(method, "/greeting")
    assert answer.status_code == status
    if text is not None:
        assert answer.text == text
    if status == 200:
        assert answer.headers["cache-control"] == "public, max-age=7"
    else:
        assert answer.headers["allow"] == "GET, HEAD, OPTIONS"


class Wish(msgspec.Struct, forbid_unknown_fields=True):
    """What somebody wants."""

    text: str


async def _wishes(installed: Services) -> AsyncIterator[httpx.AsyncClient]:
    """Endpoints of one's own, of which one path answers to three methods."""

    @reads(TEMPLATE, id="get_wish", tag="Wishes", summary="One", private=True)
    async def get(services: Services, actor: Actor, wish_id: UUID) -> Wish:
        return Wish(text=f"{wish_id} of {actor.id}")

    @writes(TEMPLATE, method="PUT", tier=Tier.GENERAL, id="put_wish", tag="Wishes", summary="Change it", status=201)
    async def put(services: Services, actor: Actor, data: Wish, wish_id: UUID) -> Wish:
        return data

    @writes(TEMPLATE, method="DELETE", tier=Tier.GENERAL, id="drop_wish", tag="Wishes", summary="Drop it")
    async def drop(services: Services, wish_id: UUID) -> None:
        """Nobody need sign in for this."""

    app = Litestar(
        routed([get, put, drop], installed),
        exception_handlers={Exception: lambda _, failure: cast("Any", problem_answer(failure))},
        openapi_config=None,
        logging_config=None,
    )
    transport = httpx.ASGITransport(with_slots(app))
    async with httpx.AsyncClient(transport=transport, base_url="http://shop") as client:
        yield client


wishes = pytest.fixture(_wishes)
PATH = f"/wishes/{UUID(int=1)}"


@pytest.fixture
async def issued(installed: Services) -> Issued:
    """Somebody's session."""
    return await installed.db.run(sessions.issue, uuid4(), settings=installed.settings.auth)


async def test_a_path_may_have_several_methods(wishes: httpx.AsyncClient) -> None:
    allowed = "DELETE, GET, HEAD, OPTIONS, PUT"
    assert (await wishes.options(PATH)).headers["allow"] == allowed
    refused = await wishes.post(PATH)
    assert (refused.status_code, refused.headers["allow"]) == (405, allowed)
    assert (await wishes.delete(PATH)).status_code == 204


async def test_what_is_somebodys_needs_a_session_and_no_cache_keeps_it(
    wishes: httpx.AsyncClient, issued: Issued
) -> None:
    for method in ("GET", "PUT"):
        refused = await wishes.request(method, PATH, json={"text": "a coat"})
        assert (refused.status_code, refused.json()["code"]) == (401, "sign_in_needed")
        assert refused.headers["www-authenticate"] == "Bearer"

    for headers in (
        {"authorization": f"Bearer {issued.token}"},
        {"authorization": f"bearer  {issued.token}"},
        {"cookie": f"threadly_session={issued.token}"},
    ):
        answer = await wishes.get(PATH, headers=headers)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "private, no-store")
        assert answer.json()["text"] == f"{UUID(int=1)} of {issued.actor.id}"
        head = await wishes.head(PATH, headers=headers)
        assert (head.status_code, head.content) == (200, b"")


async def test_a_header_that_is_wrong_is_not_made_up_for_by_a_cookie(wishes: httpx.AsyncClient, issued: Issued) -> None:
    cookie = f"threadly_session={issued.token}"
    for header in ("", "Bearer", "Bearer x", f"Basic {issued.token}"):
        answer = await wishes.get(PATH, headers={"cookie": cookie, "authorization": header})
        assert answer.status_code == 401


async def test_the_cookie_of_another_configuration_is_not_believed(wishes: httpx.AsyncClient, issued: Issued) -> None:
    answer = await wishes.get(PATH, headers={"cookie": f"__Host-threadly_session={issued.token}"})
    assert answer.status_code == 401


async def test_a_body_is_read_strictly_once_it_is_known_who_sends_it(wishes: httpx.AsyncClient, issued: Issued) -> None:
    signed_in = {"authorization": f"Bearer {issued.token}"}
    assert (await wishes.put(PATH, content=b"{")).status_code == 401
    assert (await wishes.put(PATH, json={"text": 5}, headers=signed_in)).json()["code"] == "body_invalid"
    assert (await wishes.put(PATH, data={"text": "x"}, headers=signed_in)).status_code == 415
    done = await wishes.put(PATH, json={"text": "a coat"}, headers=signed_in)
    assert (done.status_code, done.json()) == (201, {"text": "a coat"})


def test_what_is_shared_cannot_be_somebodys() -> None:
    async def mine(services: Services, actor: Actor) -> Wish:
        raise NotImplementedError

    with pytest.raises(TypeError, match="private"):
        reads("/mine", id="mine", tag="Wishes", summary="Mine", kept_for=1)(mine)
    with pytest.raises(TypeError, match="private"):
        reads("/mine", id="mine", tag="Wishes", summary="Mine")
    endpoint = reads("/mine", id="mine", tag="Wishes", summary="Mine", private=True)(mine)
    with pytest.raises(ValueError, match="twice"):
        routed([endpoint, endpoint], cast("Services", None))
