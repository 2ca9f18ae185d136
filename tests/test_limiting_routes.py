"""Every route by which something is changed is kept from other sites, under a limit, and reads so much and no more.

What is exempt stands in `EXEMPT`, by the very route objects that the application has; a pattern would match more.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, Final

import pytest
from litestar import Litestar, post
from litestar.handlers import ASGIRouteHandler

from threadly.app import create
from threadly.core.asgi import BodyLimit, Bounds
from threadly.core.security import AtOnce, Bodies, CspReports, SameOrigin
from threadly.core.security.limits import Limited
from threadly.limiting import BODY, TIER
from threadly.tiers import EXACT, Tier
from threadly.wiring import Services

LOOKS: Final = {"GET", "HEAD", "OPTIONS"}
CHANGES: Final = ("POST", "PUT", "PATCH", "DELETE")
MOST_BYTES: Final = {"form": 512 * 1024, "upload": 120 * 1024 * 1024}
"""Of one that takes files, ten photos of 10 MB and a form; of any other, a password of 60 KB however it is encoded."""

EXEMPT: Final[Mapping[str, Collection[object]]] = {"csrf": (), "tier": (), "body": ()}
"""Routes that take what other sites send, or are under no limit: none so far."""


def layers(app: Any) -> tuple[dict[type, Any], Litestar]:  # noqa: ANN401
    """What stands around the router, by its class, and the router."""
    found = {}
    while not isinstance(app, Litestar):
        found[type(app)] = app
        app = app.app
    return found, app


def ways(router: Litestar) -> Iterator[tuple[str, str, Any]]:
    """Each method and path by which something is changed, with its route object."""
    for route in router.routes:
        handlers = [route.route_handler] if hasattr(route, "route_handler") else route.route_handlers
        for handler in handlers:
            tier = handler.opt.get(TIER)
            methods = getattr(handler, "http_methods", None) or (tier if isinstance(tier, Mapping) else CHANGES)
            yield from ((str(method), route.path, handler) for method in methods if str(method) not in LOOKS)


def of(option: object, method: str) -> object:
    """What a route says of a method."""
    return option.get(method) if isinstance(option, Mapping) else option


def is_one_of(route: object, routes: Collection[object]) -> bool:
    """Whether it is one of them, and does not only look like one."""
    return any(route is each for each in routes)


def faults(app: Any, exempt: Mapping[str, Collection[object]]) -> list[str]:  # noqa: ANN401
    """All that is not as it should be."""
    around, router = layers(app)
    found = [f"no {kind.__name__}" for kind in (Bounds, AtOnce, CspReports, SameOrigin) if kind not in around]
    known = [handler for _, _, handler in ways(router)]
    for each in around[SameOrigin]._exempt:
        if not (is_one_of(each, exempt["csrf"]) and is_one_of(each, known)):
            found += [f"csrf: {each} is exempt, and not in the table"]
    for method, path, handler in ways(router):
        stack = {getattr(each, "func", each) for each in handler.resolve_middleware()}
        found += [f"{method} {path}: no {kind.__name__}" for kind in (Limited, Bodies) if kind not in stack]
        tier, body = of(handler.opt.get(TIER), method), of(handler.opt.get(BODY), method)
        if tier not in {*EXACT, Tier.GENERAL, Tier.WEBHOOK} and not is_one_of(handler, exempt["tier"]):
            found.append(f"{method} {path}: no tier that limits who changes something")
        if not is_one_of(handler, exempt["body"]):
            most = MOST_BYTES["upload" if tier is Tier.UPLOAD or path == "/sell/{listing_id:uuid}" else "form"]
            if not isinstance(body, BodyLimit) or body.most_bytes > most or body.most_seconds > 300:
                found.append(f"{method} {path}: no limit of its body")
    return found


async def test_every_route_that_changes_something_is_guarded_thrice(installed: Services) -> None:
    app = create(installed)
    tried = {(method, path) for method, path, _ in ways(layers(app)[1])}
    assert len([path for _, path in tried if path.startswith("/api/")]) >= 15
    assert len([path for _, path in tried if not path.startswith("/api/")]) >= 15
    assert faults(app, EXEMPT) == []


def planted(**options: Any) -> Any:  # noqa: ANN401
    @post("/planted", **options)
    async def plant() -> None:
        """Changes something."""

    return plant


async def changes(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401
    """Answers every method for itself."""


@pytest.mark.parametrize(
    ("case", "plant", "told"),
    [
        ("all is said", lambda: planted(tier=Tier.GENERAL, body=BodyLimit(100)), []),
        ("no tier", lambda: planted(body=BodyLimit(100)), ["POST /planted: no tier"]),
        ("a page's", lambda: planted(tier=Tier.PAGE, body=BodyLimit(100)), ["POST /planted: no tier"]),
        ("no body", lambda: planted(tier=Tier.GENERAL), ["POST /planted: no limit"]),
        ("a number", lambda: planted(tier=Tier.GENERAL, body=100), ["POST /planted: no limit"]),
        ("a large body", lambda: planted(tier=Tier.GENERAL, body=BodyLimit(10**9)), ["POST /planted: no limit"]),
        ("for ever", lambda: planted(tier=Tier.AUTH, body=BodyLimit(1, most_seconds=1e9)), ["POST /planted: no limit"]),
        ("nothing said", planted, ["POST /planted: no tier", "POST /planted: no limit"]),
        (
            "a mapping that leaves one out",
            lambda: planted(tier={"PUT": Tier.GENERAL}, body={"PUT": BodyLimit(100)}),
            ["POST /planted: no tier", "POST /planted: no limit"],
        ),
        (
            "one without a framework",
            lambda: ASGIRouteHandler("/planted", copy_scope=False)(changes),
            [f"{method} /planted: no {what}" for method in CHANGES for what in ("tier", "limit")],
        ),
    ],
)
async def test_a_route_that_lacks_one_is_found(
    installed: Services, case: str, plant: Callable[[], object], told: list[str]
) -> None:
    app = create(installed)
    layers(app)[1].register(plant())  # type: ignore[arg-type]
    found = faults(app, EXEMPT)
    assert len(found) == len(told), found
    assert all(fault.startswith(beginning) for fault, beginning in zip(found, told, strict=True)), found


async def test_what_is_exempt_is_named_by_its_route_object_and_by_nothing_else(installed: Services) -> None:
    app = create(installed)
    around, router = layers(app)
    plant = planted(tier=Tier.WEBHOOK, body=BodyLimit(100))
    router.register(plant)
    (registered,) = (handler for _, path, handler in ways(router) if path == "/planted")
    around[SameOrigin]._exempt = (registered,)
    assert len(faults(app, EXEMPT)) == 1
    assert faults(app, {**EXEMPT, "csrf": (registered,)}) == []
    assert len(faults(app, {**EXEMPT, "csrf": ("/planted", planted(tier=Tier.WEBHOOK, body=BodyLimit(100)))})) == 1
    around[SameOrigin]._exempt = ("/planted",)
    assert len(faults(app, {**EXEMPT, "csrf": ("/planted",)})) == 1
