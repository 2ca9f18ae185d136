"""One address, one page, one language."""

import httpx
import pytest

from tests.answers import headers_alike
from tests.making import a_listing
from threadly.core.asgi import Receive, Scope, Send
from threadly.core.database import Database
from threadly.languages import Languages
from threadly.web.prefixes import Prefixes


async def told(scope: Scope, receive: Receive, send: Send) -> None:
    """Tells which path it was asked for, in which language; under /to it sends elsewhere."""
    language = scope["threadly.language"].code
    headers = [(b"x-path", scope["path"].encode()), (b"x-raw", scope["raw_path"]), (b"x-language", language.encode())]
    if scope["path"].startswith("/to"):
        headers.append((b"location", scope["query_string"]))
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


@pytest.fixture
def client() -> httpx.AsyncClient:
    app = Prefixes(told, languages=Languages(["en", "bg", "de"], "IE"))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shop.test")


@pytest.mark.parametrize(
    ("address", "path", "language"),
    [
        ("/", "/", "en"),
        ("/categories/women", "/categories/women", "en"),
        ("/bg/", "/", "bg"),
        ("/bg/categories/%D0%B0", "/categories/%D0%B0", "bg"),
        ("/de/de/", "/de/", "de"),
        ("/bgs/", "/bgs/", "en"),
        ("/fr/", "/fr/", "en"),
        ("/bg/static/site.css", "/bg/static/site.css", "bg"),
        ("/bg/api/v1/categories", "/bg/api/v1/categories", "bg"),
        ("/%62g/", "/%62g/", "bg"),
    ],
)
async def test_what_is_inside_sees_the_path_and_the_language(
    client: httpx.AsyncClient, address: str, path: str, language: str
) -> None:
    answer = await client.get(address)

    assert (answer.headers["x-raw"], answer.headers["x-language"]) == (path, language)


@pytest.mark.parametrize(
    ("address", "to"),
    [
        ("/bg", "/bg/"),
        ("/bg?a=1", "/bg/?a=1"),
        ("/en", "/"),
        ("/en/", "/"),
        ("/en/categories/%D0%B0?sort=newest", "/categories/%D0%B0?sort=newest"),
    ],
)
async def test_a_page_has_one_address_only(client: httpx.AsyncClient, address: str, to: str) -> None:
    answer = await client.get(address)

    assert (answer.status_code, answer.headers["location"]) == (308, to)


@pytest.mark.parametrize("address", ["/en//evil.example", "/en/\\evil.example", "/english", "/en/%5Cevil.example"])
async def test_nobody_is_sent_to_another_site(client: httpx.AsyncClient, address: str) -> None:
    answer = await client.get(f"http://shop.test{address}")

    assert (answer.status_code, "location" in answer.headers) == (200, False)


async def test_what_is_sent_elsewhere_is_not_redirected(client: httpx.AsyncClient) -> None:
    assert (await client.post("/en/sign-in")).status_code == 200


@pytest.mark.parametrize(
    ("location", "kept"),
    [
        ("/sign-in?next=/sell", "/bg/sign-in?next=/sell"),
        ("/", "/bg/"),
        ("/bg/sell", "/bg/sell"),
        ("/de?a=1", "/de?a=1"),
        ("/static/site.css", "/static/site.css"),
        ("//evil.example", "//evil.example"),
        ("https://other.example/", "https://other.example/"),
    ],
)
async def test_redirects_keep_the_language(client: httpx.AsyncClient, location: str, kept: str) -> None:
    there = await client.get(f"/bg/to?{location}")
    here = await client.get(f"/to?{location}")

    assert (there.headers["location"], here.headers["location"]) == (kept, location)


async def test_a_page_speaks_the_language_of_its_address(visitor: httpx.AsyncClient, db: Database) -> None:
    listing = await a_listing(db, price_minor=24_50)
    for at, language, price in (("", "en", "€24.50"), ("/bg", "bg", "24,50 €"), ("/de", "de", "24,50 €")):
        page = (await visitor.get(f"{at}/listings/{listing.id}")).text.replace("\N{NO-BREAK SPACE}", " ")

        assert f'<html lang="{language}">' in page
        assert price in page
        assert f'<link rel="canonical" href="http://localhost:8000{at}/listings/{listing.id}">' in page
        assert f'hreflang="de" href="http://localhost:8000/de/listings/{listing.id}"' in page
        assert f'hreflang="x-default" href="http://localhost:8000/listings/{listing.id}"' in page


async def test_a_failure_is_told_in_the_language_of_its_address(visitor: httpx.AsyncClient) -> None:
    for address, language in (("/nowhere", "en"), ("/bg/nowhere", "bg"), ("/de/static/nothing", "de"), ("/fr/", "en")):
        answer = await visitor.get(address)

        assert answer.status_code == 404
        assert f'<html lang="{language}">' in answer.text


async def test_what_is_asked_for_in_another_way_changes_no_byte(visitor: httpx.AsyncClient, db: Database) -> None:
    await a_listing(db)
    plain = await visitor.get("/bg/")
    other = await visitor.get("/bg/", headers={"accept-language": "de", "cookie": "language=de"})

    assert (headers_alike(plain), plain.content) == (headers_alike(other), other.content)
