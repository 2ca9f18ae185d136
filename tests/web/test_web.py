from pydantic import SecretStr

from tests.conftest import database_settings
from threadly import web
from threadly.settings import Settings
from threadly.wiring import services


async def test_building_the_face_connects_to_nothing(settings: Settings) -> None:
    nowhere = database_settings("postgresql://nobody@127.0.0.1:1/nothing")
    cache = settings.cache.model_copy(update={"url": SecretStr("redis://127.0.0.1:1/0")})
    async with services(settings.model_copy(update={"database": nowhere, "cache": cache})) as built:
        face = web.face(built)

    assert [router.path for router in face.routes] == ["/"]
