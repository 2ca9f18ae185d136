import asyncio
import re
import time
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
from moto.server import ThreadedMotoServer

from tests.answers import headers_alike
from tests.making import a_listing
from tests.photographs import a_jpeg, folder_of, opened
from threadly.app import create
from threadly.core.config import Secret
from threadly.core.database import Database
from threadly.core.security.headers import DATA_POLICY
from threadly.settings import MediaSettings, Settings
from threadly.wiring import Services, services

NAME = "0123456789abcdef" * 2


@pytest.fixture(autouse=True)
async def a_picture_file(installed: Services) -> None:
    await installed.pictures.store.put(f"{NAME}-640.webp", b"a picture")
    folder = folder_of(installed)
    (folder / "notes.txt").write_text("not a picture")
    (folder.parent / "secret").write_text("outside")


async def test_a_picture_is_kept_for_ever(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.get(f"/media/{NAME}-640.webp")
    head = await visitor.head(f"/media/{NAME}-640.webp")

    assert answer.content == b"a picture"
    assert answer.headers["content-type"] == "image/webp"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert (headers_alike(head), head.content) == (headers_alike(answer), b"")


@pytest.mark.parametrize(
    "path",
    [
        f"{NAME}-1280.webp",
        f"{NAME}-641.webp",
        f"{NAME}.webp",
        f"{NAME.upper()}-640.webp",
        f"{NAME}-640.webp%0a",
        f"{NAME}-640.webp%00",
        f"x/{NAME}-640.webp",
        "notes.txt",
        "../secret",
        "%2e%2e%2fsecret",
        "..%5csecret",
    ],
)
async def test_what_is_no_picture_is_not_there(visitor: httpx.AsyncClient, path: str) -> None:
    answer = await visitor.get(httpx.URL("http://shop.test", raw_path=b"/media/" + path.encode()))

    assert answer.status_code == 404
    assert answer.headers["cache-control"] == "no-store"
    assert b"outside" not in answer.content


async def test_a_store_that_fails_is_told_of_and_not_waited_for(settings: Settings) -> None:
    bucket = {
        "url": "s3://media",
        "endpoint": "http://127.0.0.1:1",
        "access_key": Secret("name"),
        "secret_key": Secret("key"),
    }
    nowhere = settings.model_copy(update={"media": MediaSettings.model_validate(bucket)})
    async with services(nowhere) as built:
        transport = httpx.ASGITransport(create(built), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as client:
            began = time.monotonic()
            answer = await client.get(f"/media/{NAME}-640.webp")

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert answer.headers["cache-control"] == "no-store"
    assert time.monotonic() - began < 9


async def test_pictures_in_a_bucket_are_served_alike(settings: Settings) -> None:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    await asyncio.to_thread(httpx.put, f"http://{host}:{port}/media")
    bucket = {
        "url": "s3://media/pictures",
        "endpoint": f"http://{host}:{port}",
        "access_key": Secret("name"),
        "secret_key": Secret("key"),
    }
    there = settings.model_copy(update={"media": MediaSettings.model_validate(bucket)})
    async with services(there) as built:
        kept = await built.pictures.take(a_jpeg(400, 300))
        transport = httpx.ASGITransport(create(built), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as client:
            answer = await client.get(f"/media/{kept.name}-320.webp")
            missing = await client.get(f"/media/{NAME}-320.webp")
    server.stop()

    assert answer.headers["content-type"] == "image/webp"
    assert opened(answer.content).width == 320
    assert missing.status_code == 404


@pytest.fixture
async def apart(installed: Services) -> AsyncIterator[httpx.AsyncClient]:
    """Asks a shop whose pictures have an origin of their own."""
    told = {"origin": "http://pictures.shop.test"}
    media = installed.settings.media.model_copy(update=told)
    built = replace(installed, settings=installed.settings.model_copy(update={"media": media}))
    transport = httpx.ASGITransport(create(built), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as client:
        yield client


async def test_at_their_own_origin_pictures_are_answered_and_nothing_runs_in_them(apart: httpx.AsyncClient) -> None:
    answer = await apart.get(f"http://pictures.shop.test/media/{NAME}-640.webp", headers={"cookie": "x=y"})

    assert (answer.status_code, answer.content) == (200, b"a picture")
    told = answer.headers
    assert told["content-disposition"] == f'attachment; filename="{NAME}-640.webp"'
    assert told["x-content-type-options"] == "nosniff"
    assert told["cross-origin-resource-policy"] == "cross-origin"
    assert told["content-security-policy"].endswith("; sandbox")
    assert "set-cookie" not in told


@pytest.mark.parametrize("path", ["/", "/sign-in", "/api/v1/listings", "/static/site.css", "/robots.txt", "/media/x"])
async def test_at_the_origin_of_pictures_there_is_nothing_else(apart: httpx.AsyncClient, path: str) -> None:
    answer = await apart.get(f"http://pictures.shop.test{path}")

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["content-security-policy"] == DATA_POLICY
    assert (await apart.post(f"http://pictures.shop.test{path}")).status_code == 405


@pytest.mark.parametrize("path", ["/media/", "//media/", "/media//", "/bg/media/"])
async def test_at_the_pages_own_origin_there_is_no_picture(apart: httpx.AsyncClient, path: str) -> None:
    answer = await apart.get(httpx.URL("http://shop.test", raw_path=f"{path}{NAME}-640.webp".encode()))

    assert answer.status_code == 404
    assert answer.content != b"a picture"


async def test_pages_and_the_api_name_the_pictures_where_they_are(apart: httpx.AsyncClient, db: Database) -> None:
    listing = await a_listing(db)
    page = await apart.get(f"/listings/{listing.id}")
    told = (await apart.get(f"/api/v1/listings/{listing.id}")).json()

    found = set(re.findall(r'[^" ]*/media/', page.text))
    assert found == {"http://pictures.shop.test/media/"}
    assert "img-src 'self' data: http://pictures.shop.test;" in page.headers["content-security-policy"]
    assert {url.partition("/media/")[0] for url in told["pictures"][0]["urls"].values()} == {
        "http://pictures.shop.test"
    }
