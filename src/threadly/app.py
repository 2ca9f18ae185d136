"""The ASGI application: both faces and the health routes behind one list of middleware.

granian --interface asgi --factory threadly.app:app
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Final, cast

from litestar import Litestar, Request, Response
from litestar.plugins import PluginProtocol
from litestar.plugins.core import MsgspecDIPlugin
from litestar.types import HTTPScope
from litestar.types import Scope as LitestarScope

from threadly import api, entrance, limiting, ops, web
from threadly.context import ShopWork, note_route
from threadly.core.asgi import (
    READ_AFTER_COOKIES,
    ASGIApp,
    Bounds,
    ClientAddress,
    Living,
    Proxies,
    Scope,
    SessionCookie,
    Timely,
    stopping,
)
from threadly.core.database.replicas import Carrying
from threadly.core.observability import Telemetry
from threadly.core.observability.health import PROBES, Health, HealthRoutes
from threadly.core.observability.health import TOPIC as HEALTH
from threadly.core.observability.metrics import REQUESTS
from threadly.core.security import (
    Apart,
    AtOnce,
    CspReports,
    Hosts,
    HttpsOnly,
    SameOrigin,
    SecurityHeaders,
    Slots,
    came_apart,
)
from threadly.core.security.events import CspViolation, SecurityEvents, network_of_client
from threadly.core.security.reports import PATH as CSP_REPORTS
from threadly.marketplace import listings
from threadly.settings import Settings
from threadly.wiring import Services, begin_logging, services

_FOR_PROGRAMS: Final = ("/api/", CSP_REPORTS, *PROBES)


class _Router(Litestar):
    """Litestar without its plugins for pydantic and attrs, which no route of ours uses: 3 MB in each worker."""

    @staticmethod
    def _get_default_plugins(plugins: list[PluginProtocol]) -> list[PluginProtocol]:
        return [*plugins, MsgspecDIPlugin()]


def create(services: Services, health: Health | None = None) -> ASGIApp:
    """The application on these services. Connects to nothing; answers at once, if only that a dependency is gone.

    Args:
        health: How this process does; None: nobody watches.
    """
    face = web.face(services)

    def refuse(scope: Scope, failure: Exception) -> ASGIApp:
        services.notice(scope, failure)
        if scope["path"].startswith(_FOR_PROGRAMS) or came_apart(scope):
            return api.problem_answer(failure, head=scope["method"] == "HEAD")
        return cast("ASGIApp", face.problem(Request(cast("HTTPScope", scope)), failure))

    refuse_noted = limiting.noting(refuse)
    refuse_counted = limiting.refusing(services, refuse)

    def answer(request: Request[Any, Any, Any], failure: Exception) -> Response[Any]:
        return cast("Response[Any]", _Ready(refuse_counted(cast("Scope", request.scope), failure)))

    async def tell(failure: Exception, _: LitestarScope) -> None:
        services.errors.capture(failure)

    app: ASGIApp = cast(
        "ASGIApp",
        _Router(
            route_handlers=[api.routes(services), *face.routes],
            middleware=[  # once it is known which route it is
                limiting.middleware(services, refuse_noted),
                limiting.bodies(refuse_noted),
            ],
            before_request=_note_route,
            exception_handlers={Exception: answer},
            after_exception=[tell],
            openapi_config=None,  # described by threadly.api.openapi
            logging_config=None,
        ),
    )
    return _wrapped(app, face, refuse_counted, services, health or ops.unwatched())


def _wrapped(app: ASGIApp, face: web.Face, refuse: limiting.Refuse, services: Services, health: Health) -> ASGIApp:
    """The middleware, innermost first."""
    settings = services.settings

    def refuse_and_tell(scope: Scope, failure: Exception) -> ASGIApp:
        services.errors.capture(failure)  # the router, which tells of all others, never meets it
        return refuse(scope, failure)

    proxies = Proxies(settings.server.trusted_proxies)
    # Innermost: whatever looks at an address from outside sees the one that was asked for.
    app = pictures = web.Prefixes(app, languages=face.languages)
    if (replicas := services.db.replicas) is not None:
        # Before anything reads: from replicas, nobody reads less than they have seen.
        names = READ_AFTER_COOKIES
        app = Carrying(
            app,
            replicas=replicas,
            cursors=services.cursors,
            cookie=SessionCookie(is_secure=settings.site.url.startswith("https://"), names=names),
            lasts_seconds=int(settings.auth.session_longest.total_seconds()),
            claims=api.knows_caller,
        )
    # Around all that waits for the database.
    seconds = settings.server.deadline.total_seconds()
    app = Timely(app, seconds=seconds)
    # Before anything asks who it is: what another site makes a browser send is nobody's wish, whoever is signed in.
    app = SameOrigin(
        app,
        origin=settings.site.url,
        refuse=refuse_and_tell,
        tokens=services.csrf_tokens,
        session=services.session_cookie,
        harmless=READ_AFTER_COOKIES,
    )
    # Before that, for browsers tell it of any page, and of pages that another site shows.
    app = CspReports(app, may=limiting.reports(services), seen=_csp_events(services.events))
    # Before anything is answered that somebody on the way could read or change, or at a name that only leads here.
    app = HttpsOnly(app, site=settings.site.url, refuse=refuse)
    app = Hosts(app, site=settings.site.url, others=settings.server.hosts, refuse=refuse)
    if (origin := settings.media.origin) is not None:
        # Before it matters who asks: at the pictures' own host there is nobody, and nothing but pictures.
        app = Apart(app, Timely(pictures, seconds=seconds), origin=origin, paths=web.PICTURES, refuse=refuse)
    # Before anything is read or looked up, and around all that may take its time.
    most = settings.limits.address_at_once * settings.limits.widened
    app = AtOnce(app, slots=Slots("address", most), key=entrance.network, refuse=refuse)
    # Before all that could keep a probe waiting.
    app = HealthRoutes(app, health)
    # Before all that reads an address or a header: nothing inside should have to read one of any length.
    app = Bounds(app, refuse=refuse)
    # Before anything looks at who asks, and by which scheme: behind a proxy, that is what the proxy says. What is
    # refused from here on counts for who has sent it, and not for the proxy, which is everybody.
    app = ClientAddress(app, trusted=proxies)
    # Around all that answers, refusals as well: what browsers shall refuse.
    app = SecurityHeaders(
        app,
        is_secure=settings.site.url.startswith("https://"),
        pictures=settings.media.origin,
        trusted_types=web.TRUSTED_TYPES,
        reports=CSP_REPORTS,
    )
    # Outermost: it tells of every request, of what was refused as well; it reads three headers, each by a strict form,
    # however many there are.
    return Telemetry(
        app,
        tracing=services.tracing,
        requests=REQUESTS,
        trusts=proxies.include,
        is_told=settings.observability.tells_requests,
        failed=services.errors.capture,
        quiet=PROBES,
        work=ShopWork,
    )


async def _note_route(request: Request[Any, Any, Any]) -> None:
    """Has all that is told from here on know the route, by the template that Litestar has found."""
    note_route(request.scope["path_template"], request.path_params)


def _csp_events(events: SecurityEvents) -> Callable[[Scope, str], None]:
    def seen(scope: Scope, directive: str) -> None:
        events.record(CspViolation(directive=directive, network=network_of_client(scope)))

    return seen


class _Ready:
    """A finished answer, as Litestar's handling of exceptions wants it."""

    def __init__(self, answer: ASGIApp) -> None:
        self._answer = answer

    def to_asgi_response(self, **_: object) -> ASGIApp:
        return self._answer


class Application(Living):
    """The application with its services, which live as long as the server lets it (ASGI lifespan)."""

    def __init__(self, settings: Callable[[], Settings] = Settings.from_environment) -> None:
        super().__init__(partial(_started, settings))


@asynccontextmanager
async def _started(settings: Callable[[], Settings], scope: Scope) -> AsyncIterator[ASGIApp]:
    async with services(settings()) as built, built.db.watching_replicas(), listings.counting(built, built.audience):
        with built.errors.watching(asyncio.get_running_loop()):
            async with ops.watching(built, description="web worker", stopping=stopping(scope)) as health:
                built.reporter.offer(HEALTH, health.told)
                yield create(built, health)


def app() -> Any:  # noqa: ANN401 - granian's own type for an application is narrower than ASGI's
    """What a server runs: an application that reads its settings from the environment when the server starts it."""
    return Application(_told)


def _told() -> Settings:
    """The settings; from now on, what this process logs goes where they say."""
    settings = Settings.from_environment()
    begin_logging(settings, process=settings.observability.ops.process)
    return settings
