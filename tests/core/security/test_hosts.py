"""Only what is asked at the site's address, and by https where it has one, reaches the application."""

from collections.abc import Sequence

import pytest

from tests.core.security.letting_in import Shop, ask, refuse
from threadly.core.errors import Invalid
from threadly.core.security import Hosts, HostUnknown, HttpsNeeded, HttpsOnly

SITE = "https://shop.example"


HERE = "http://localhost:8000"


@pytest.mark.parametrize(
    ("site", "hosts", "status"),
    [
        (SITE, [b"shop.example"], 200),
        (SITE, [b"shop.example:443"], 200),
        (SITE, [b"Shop.Example"], 200),
        (SITE, [b"www.shop.example"], 200),
        (SITE, [b"192.0.2.7:8000"], 200),
        (SITE, [b"shop.example:8443"], 421),
        (SITE, [b"shop.example:80"], 421),
        (SITE, [b"shop.example."], 421),
        (SITE, [b"evil.example"], 421),
        (SITE, [b"shop.example.evil.example"], 421),
        (SITE, [b"shop.example@evil.example"], 421),
        (SITE, [b"192.0.2.7"], 421),
        (SITE, [b"localhost"], 421),
        (SITE, [b"127.0.0.1:8000"], 421),
        (SITE, [b""], 421),
        (SITE, [], 400),
        (SITE, [b"shop.example", b"evil.example"], 400),
        (SITE, [b"shop.example", b"shop.example"], 400),
        (SITE + ":443", [b"shop.example"], 200),
        (SITE + ":8443", [b"shop.example:8443"], 200),
        (SITE + ":8443", [b"shop.example"], 421),
        (HERE, [b"localhost:8000"], 200),
        (HERE, [b"127.0.0.1:9000"], 200),
        (HERE, [b"[::1]:9000"], 200),
        (HERE, [b"localhost"], 200),
        (HERE, [b"localhost.evil.example:8000"], 421),
        (HERE, [b"evil.example:8000"], 421),
        (HERE, [b"127.0.0.1.evil.example"], 421),
    ],
)
async def test_only_the_sites_hosts_are_answered(site: str, hosts: Sequence[bytes], status: int) -> None:
    shop = Shop()
    app = Hosts(shop, site=site, others=["www.shop.example", "192.0.2.7:8000"], refuse=refuse)
    answer = await ask(app, shop, headers=[(b"accept", b"*/*"), *((b"host", host) for host in hosts)])
    codes = {400: {"x-code": Invalid.code}, 421: {"x-code": HostUnknown.code}}
    assert answer == (status, codes.get(status, {}))


async def test_who_looks_by_http_is_led_to_the_same_place_by_https_and_nobody_keeps_that() -> None:
    shop = Shop()
    facts = {"scheme": "http", "raw_path": b"/m%C3%BCtze//", "path": "/mütze//", "query_string": b"q=a%20b"}
    for method in ("GET", "HEAD"):
        answer = await ask(HttpsOnly(shop, site=SITE, refuse=refuse), shop, method=method, **facts)
        assert answer == (
            308,
            {"location": f"{SITE}/m%C3%BCtze//?q=a%20b", "cache-control": "no-store", "content-length": "0"},
        )


@pytest.mark.parametrize("path", [b"@evil.example/", b".evil.example/", b"http://evil.example/", b":80@evil.example"])
async def test_nobody_is_led_elsewhere(path: bytes) -> None:
    shop = Shop()
    app = HttpsOnly(shop, site=SITE, refuse=refuse)
    _, headers = await ask(app, shop, scheme="http", raw_path=path)
    assert headers["location"] == f"{SITE}/"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "get"])
async def test_what_changes_something_is_refused_by_http(method: str) -> None:
    shop = Shop()
    answer = await ask(HttpsOnly(shop, site=SITE, refuse=refuse), shop, scheme="http", method=method)
    assert answer == (403, {"x-code": HttpsNeeded.code})


@pytest.mark.parametrize(
    ("site", "scheme"), [(SITE, "https"), ("http://shop.example", "http"), ("http://shop.example", "https")]
)
async def test_what_came_as_the_site_is_reached_passes(site: str, scheme: str) -> None:
    shop = Shop()
    assert await ask(HttpsOnly(shop, site=site, refuse=refuse), shop, scheme=scheme, method="POST") == (200, {})


async def test_what_is_not_http_passes() -> None:
    shop = Shop()

    async def nothing(*_: object) -> dict[str, object]:
        return {}

    app = Hosts(HttpsOnly(shop, site=SITE, refuse=refuse), site=SITE, refuse=refuse)
    await app({"type": "lifespan"}, nothing, nothing)  # type: ignore[arg-type]
    assert shop.came_in == ["lifespan"]
