"""The application: nothing happens at import, and its services live as long as the server lets it."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from ipaddress import ip_network
from typing import Any

import httpx
import msgspec
import pytest
from sqlalchemy import text

from tests.conftest import HOSTS, Lines
from tests.making import a_listing, a_member, a_session
from threadly.app import Application, app, create
from threadly.core.asgi import STOPPING
from threadly.core.auth import Discreet
from threadly.core.config import ConfigurationError
from threadly.core.database import Database, Tx
from threadly.core.security import page_policy
from threadly.core.security.headers import DATA_POLICY, PICTURE_POLICY
from threadly.core.text import is_as_typed
from threadly.settings import ServerSettings, Settings, SiteSettings
from threadly.web.assets import Assets
from threadly.wiring import Services


class Server:
    """Speaks ASGI lifespan, as a server does."""

    def __init__(self) -> None:
        self.to_app: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.said: list[dict[str, Any]] = []
        self.heard = asyncio.Event()

    async def send(self, message: Any) -> None:  # noqa: ANN401
        self.said.append(dict(message))
        self.heard.set()

    async def get(self, application: Application, path: str) -> int:
        """The status of a request."""
        scope = {
            "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"",
            "headers": [(b"host", b"shop")], "root_path": "", "http_version": "1.1", "scheme": "http",
        }  # fmt: skip
        said: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:  # noqa: ANN401
            said.append(message)

        await application(scope, receive, send)
        return int(said[0]["status"])


async def test_services_live_from_startup_to_shutdown(settings: Settings) -> None:
    server, application = Server(), Application(lambda: settings)
    living = asyncio.create_task(application({"type": "lifespan"}, server.to_app.get, server.send))

    await server.to_app.put({"type": "lifespan.startup"})
    await server.heard.wait()
    assert server.said == [{"type": "lifespan.startup.complete"}]
    assert await server.get(application, "/api/v1/categories") == 200

    await server.to_app.put({"type": "lifespan.shutdown"})
    await living
    assert server.said[-1] == {"type": "lifespan.shutdown.complete"}
    with pytest.raises(RuntimeError, match="lifespan"):
        await server.get(application, "/livez")


async def test_whoever_is_about_to_stop_is_alive_and_not_ready(settings: Settings) -> None:
    server, application = Server(), Application(lambda: settings)
    told = {"stopping": False}
    scope = {"type": "lifespan", "state": {STOPPING: lambda: told["stopping"]}}
    living = asyncio.create_task(application(scope, server.to_app.get, server.send))
    await server.to_app.put({"type": "lifespan.startup"})
    await server.heard.wait()
    assert await server.get(application, "/readyz") == 200

    told["stopping"] = True

    assert await server.get(application, "/readyz") == 503
    assert await server.get(application, "/livez") == 200
    assert await server.get(application, "/api/v1/categories") == 200
    await server.to_app.put({"type": "lifespan.shutdown"})
    await living


async def test_what_keeps_it_from_starting_is_said(lines: Lines) -> None:
    def misconfigured() -> Settings:
        raise ConfigurationError(["THREADLY_DATABASE__URL: Field required."])

    server = Server()
    await server.to_app.put({"type": "lifespan.startup"})
    await Application(misconfigured)({"type": "lifespan"}, server.to_app.get, server.send)
    (said,) = server.said
    assert said["type"] == "lifespan.startup.failed"
    assert "THREADLY_DATABASE__URL" in said["message"]


def test_the_factory_reads_nothing_before_the_server_starts_it() -> None:
    assert isinstance(app(), Application)


def test_importing_it_starts_nothing() -> None:
    code = "import threading, threadly.app; assert threading.active_count() == 1, threading.enumerate()"
    subprocess.run([sys.executable, "-c", code], check=True, env={})


def test_a_worker_carries_nothing_that_only_commands_need() -> None:
    commands = ("alembic", "mako", "pygments", "rich", "cyclopts", "obstore", "pyvips", "numpy")
    tools = (*commands, "opentelemetry.sdk", "psutil", "sentry_sdk")
    start = "import sys; from threadly.serving.worker import without_luxury; without_luxury(); import threadly.app"
    code = f"{start}; print([tool for tool in {tools} if sys.modules.get(tool)])"
    found = subprocess.run([sys.executable, "-c", code], check=True, env={}, capture_output=True, text=True)
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize(("proxies", "visitors"), [(["192.0.2.7/32"], 2), ([], 1)])
async def test_who_stands_behind_a_named_proxy_is_told_apart(
    installed: Services, proxies: list[str], visitors: int
) -> None:
    listing = await a_listing(installed.db)
    server = ServerSettings(trusted_proxies=tuple(ip_network(proxy) for proxy in proxies), hosts=HOSTS)
    behind = replace(installed, settings=installed.settings.model_copy(update={"server": server}))
    transport = httpx.ASGITransport(create(behind), client=("192.0.2.7", 4711))
    async with httpx.AsyncClient(transport=transport, base_url="http://shop") as client:
        for address in ("198.51.100.1", "198.51.100.2", "198.51.100.2"):
            headers = {"x-forwarded-for": address, "user-agent": "Mozilla/5.0 Firefox/140"}
            assert (await client.get(f"/listings/{listing.id}", headers=headers)).status_code == 200
    assert len(installed.audience) == visitors


def test_whatever_is_read_as_it_was_typed_keeps_it_to_itself() -> None:
    def structs(kind: type[msgspec.Struct]) -> Iterator[type[msgspec.Struct]]:
        for each in kind.__subclasses__():
            yield each
            yield from structs(each)

    ours = [kind for kind in structs(msgspec.Struct) if kind.__module__.startswith("threadly.")]
    typed = [kind for kind in ours if any(is_as_typed(field.type) for field in msgspec.structs.fields(kind))]
    assert len(typed) >= 4
    assert [kind for kind in typed if not issubclass(kind, Discreet)] == []


async def test_behind_a_proxy_only_https_and_only_the_sites_host_is_answered_but_for_probes(
    installed: Services,
) -> None:
    changed = {
        "site": SiteSettings(url="https://shop.test"),
        "server": ServerSettings(trusted_proxies=(ip_network("192.0.2.7/32"),)),
    }
    behind = create(replace(installed, settings=installed.settings.model_copy(update=changed)))

    async def ask(
        method: str, path: str, *, peer: str = "192.0.2.7", by: str = "https", host: str = "shop.test"
    ) -> Any:  # noqa: ANN401
        transport = httpx.ASGITransport(behind, client=(peer, 4711))
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{host}") as client:
            return await client.request(method, path, headers={"x-forwarded-proto": by})

    by_https = await ask("GET", "/sign-in?next=/sell")
    by_http = await ask("GET", "/sign-in?next=/sell", by="http")
    forged = await ask("GET", "/sign-in?next=/sell", peer="192.0.2.8")
    assert (by_https.status_code, by_http.status_code, forged.status_code) == (200, 308, 308)
    assert by_https.headers["strict-transport-security"] == "max-age=63072000"
    assert by_http.headers["location"] == forged.headers["location"] == "https://shop.test/sign-in?next=/sell"
    changing = await ask("POST", "/api/v1/members", by="http")
    assert (changing.status_code, changing.json()["code"]) == (403, "https_needed")
    elsewhere = await ask("GET", "/api/v1/categories", host="evil.example")
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (421, "host_unknown")
    assert (await ask("GET", "/", host="evil.example")).status_code == 421
    assert (await ask("GET", "/livez", host="10.0.0.1", by="http")).status_code == 200


async def test_every_answer_says_what_browsers_shall_refuse(installed: Services) -> None:
    pages = page_policy(trusted_types="htmx", reports="/csp-reports")
    transport = httpx.ASGITransport(create(installed), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://shop") as client:
        home = await client.get("/")
        policies = {
            path: (await client.get(path)).headers["content-security-policy"]
            for path in ("/nowhere", "/sign-in", "/api/v1/docs", "/api/v1/nowhere", "/livez", f"/{'a' * 9000}")
        }
        favicon = await client.get(Assets().url("favicon.svg"))
        again = await client.get("/", headers={"if-none-match": home.headers["etag"]})

    assert home.headers["content-security-policy"] == pages
    assert policies == {
        "/nowhere": pages,
        "/sign-in": pages,
        "/api/v1/docs": pages,
        "/api/v1/nowhere": DATA_POLICY,
        "/livez": DATA_POLICY,
        f"/{'a' * 9000}": pages,
    }
    assert favicon.headers["content-security-policy"] == PICTURE_POLICY
    assert again.status_code == 304
    assert "content-security-policy" not in again.headers
    assert "strict-transport-security" not in home.headers


async def test_no_other_site_may_read_an_answer(installed: Services) -> None:
    transport = httpx.ASGITransport(create(installed), raise_app_exceptions=False)
    asks = {"origin": "https://evil.example", "access-control-request-method": "PUT"}
    async with httpx.AsyncClient(transport=transport, base_url="http://shop", headers=asks) as client:
        for path in ("/", "/api/v1/listings", "/api/v1/openapi.json", "/api/v1/nowhere", "/media/nothing", "/nowhere"):
            for method in ("GET", "OPTIONS"):
                answer = await client.request(method, path)
                assert [name for name in answer.headers if name.startswith("access-control-")] == [], path


async def test_what_nobody_foresaw_is_captured_with_whose_request_it_was_and_about_what(
    installed: Services, owner: Database
) -> None:
    listing = await a_listing(installed.db)
    member = await a_member(installed.db)
    session = await a_session(installed.db, member.id)
    await owner.run(_break, "ALTER TABLE favourites RENAME TO gone")
    transport = httpx.ASGITransport(create(installed), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://shop") as client:
        path = f"/api/v1/listings/{listing.id}/favourite"
        for _ in range(3):
            answer = await client.put(path, headers={"authorization": f"Bearer {session.token}"})
            assert answer.status_code == 500
        assert (await client.get("/listings/nothing")).status_code == 404

    (group,) = installed.errors.said().groups
    assert (group.level, group.count) == ("error", 3)
    assert group.type == "sqlalchemy.exc.ProgrammingError"
    assert group.where[-1].startswith("threadly.marketplace.favourites")
    assert group.sample is not None
    assert group.sample.context["route"] == "/api/v1/listings/{listing_id}/favourite"
    assert group.sample.context["member_id"] == str(member.id)
    assert group.sample.context["listing_id"] == str(listing.id)
    assert set(installed.errors.dropped) <= {"refused", "refused_by_framework"}


async def _break(tx: Tx, statement: str) -> None:
    await tx.execute(text(statement))
