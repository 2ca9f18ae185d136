"""The routes of the API, as a whole."""

from threadly.api import PREFIX, routes
from threadly.wiring import Services


async def test_everything_is_under_one_prefix_and_nothing_is_asked_to_build_it(installed: Services) -> None:
    router = routes(installed)
    assert router.path == PREFIX
    assert {route.path for route in router.routes} == {
        f"{PREFIX}{path}"
        for path in (
            "/listings",
            "/listings/{listing_id:uuid}",
            "/facets",
            "/suggestions",
            "/categories",
            "/members",
            "/members/me",
            "/session",
            "/openapi.json",
            "/docs",
            "/docs.css",
        )
    }
    assert installed.db.engine.pool.checkedin() == 0  # type: ignore[attr-defined]
