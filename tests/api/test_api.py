"""The routes of the API, as a whole."""

from threadly.api import ENDPOINTS, PREFIX, routes
from threadly.wiring import Services


async def test_everything_is_under_one_prefix_and_nothing_is_asked_to_build_it(installed: Services) -> None:
    router = routes(installed)
    assert router.path == PREFIX
    paths = {endpoint.path for endpoint in ENDPOINTS} | {"/openapi.json", "/docs", "/docs.css"}
    assert {route.path for route in router.routes} == {f"{PREFIX}{path}" for path in paths}
    assert installed.db.engine.pool.checkedin() == 0  # type: ignore[attr-defined]
