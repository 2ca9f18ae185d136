import httpx
import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute

from tests.answers import headers_alike
from tests.conftest import database_settings
from tests.web.selling import begun
from threadly import web
from threadly.core.config import Secret
from threadly.core.database import Database
from threadly.settings import Settings
from threadly.wiring import Services, services


async def test_building_the_face_connects_to_nothing(settings: Settings) -> None:
    nowhere = database_settings("postgresql://nobody@127.0.0.1:1/nothing")
    cache = settings.cache.model_copy(update={"url": Secret("redis://127.0.0.1:1/0")})
    async with services(settings.model_copy(update={"database": nowhere, "cache": cache})) as built:
        face = web.face(built)

    assert [router.path for router in face.routes] == ["/"]


async def test_whatever_can_be_looked_at_takes_head(installed: Services) -> None:
    routes = Litestar(web.face(installed).routes, openapi_config=None, logging_config=None).routes
    methods = {route.path: route.methods for route in routes if isinstance(route, HTTPRoute)}

    assert len([path for path, known in methods.items() if "GET" in known]) > 10
    assert [path for path, known in methods.items() if "GET" in known and "HEAD" not in known] == []


@pytest.mark.parametrize("page", ["/sell", "/sell/…", "/sell/…/preview", "/my/listings", "/my/favourites", "/account"])
async def test_the_head_of_ones_own_pages_is_that_of_the_page(
    visitor: httpx.AsyncClient, db: Database, page: str
) -> None:
    path = page.replace("/sell/…", await begun(visitor, db))
    head, get = await visitor.head(path), await visitor.get(path)

    assert (head.status_code, head.content) == (get.status_code, b"")
    assert headers_alike(head) == headers_alike(get)
