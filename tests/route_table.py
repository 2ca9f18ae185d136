"""Every route of the application, from the router itself."""

from collections.abc import Iterator
from typing import Any

from litestar import Litestar

from threadly.app import create
from threadly.limiting import TIER
from threadly.wiring import Services


def routes(services: Services) -> Iterator[tuple[str, str, Any]]:
    """Of every route its method, its path and what it says."""
    app: Any = create(services)
    while not isinstance(app, Litestar):
        app = app.app
    for route in app.routes:
        handlers = [route.route_handler] if hasattr(route, "route_handler") else route.route_handlers
        for handler in handlers:
            told = handler.opt.get(TIER)
            for method in getattr(handler, "http_methods", None) or told or ("no method",):
                if method != "OPTIONS":
                    yield str(method), route.path, told.get(method) if isinstance(told, dict) else told
