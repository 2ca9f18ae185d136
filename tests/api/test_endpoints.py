"""How endpoints are declared, and what each does without being told."""

import httpx
import msgspec
import pytest
from litestar import Litestar

from threadly.api import ENDPOINTS
from threadly.api.endpoints import Endpoint, reads
from threadly.api.listings import ListingsAsked, ListingsOut
from threadly.wiring import Services


def test_what_is_asked_and_answered_is_declared_by_types() -> None:
    find, get, categories = ENDPOINTS
    assert find.asked is not None
    assert find.asked.kind is ListingsAsked
    assert find.answer is ListingsOut
    assert get.asked is None
    assert categories.asked is None


def test_every_example_is_an_answer() -> None:
    for endpoint in ENDPOINTS:
        if endpoint.example is not None:
            assert isinstance(endpoint.example, endpoint.answer)


class Greeting(msgspec.Struct):
    """Says hello."""

    to: str


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
    app = Litestar([greets.route(installed)], openapi_config=None, logging_config=None)
    transport = httpx.ASGITransport(app)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://shop") as client:
        answer = await client.request(method, "/greeting")
    assert answer.status_code == status
    if text is not None:
        assert answer.text == text
    if status == 200:
        assert answer.headers["cache-control"] == "public, max-age=7"
    else:
        assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
