"""Services are built without connecting, work when used, and are closed in the end."""

from importlib.metadata import version

from sqlalchemy import func, select

from threadly.core.config import Secret
from threadly.settings import CacheSettings, Settings
from threadly.wiring import Services, services


async def test_everything_that_was_built_works(installed: Services) -> None:
    async with installed.db.read() as read:
        assert read is not None
    assert await installed.valkey.ping()


async def test_a_dependency_that_is_down_does_not_keep_the_rest_from_starting(settings: Settings) -> None:
    nowhere = settings.model_copy(update={"cache": CacheSettings(url=Secret("redis://127.0.0.1:1"))})

    async with services(nowhere) as built:
        assert built.settings is nowhere


async def test_the_end_closes_every_connection(settings: Settings) -> None:
    async with services(settings) as built, built.db.engine.connect():
        pass

    assert built.db.engine.pool.checkedin() == 0  # type: ignore[attr-defined]


async def test_sessions_say_which_release_they_belong_to_so_that_what_it_uses_is_not_taken_away(
    installed: Services,
) -> None:
    async with installed.db.read() as read:
        name = await read.scalar(select(func.current_setting("application_name")))
    assert name.startswith(f"threadly/{version('threadly')} ")
