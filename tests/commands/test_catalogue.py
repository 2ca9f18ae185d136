"""The catalogue comes in once."""

import pytest
from sqlalchemy import select

from threadly.commands import catalogue
from threadly.commands.terminal import Steps
from threadly.core.database import Database
from threadly.core.database.outbox import OutboxMessage
from threadly.settings import SiteSettings


async def test_the_catalogue_comes_in_and_a_second_time_changes_nothing(
    db: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    await catalogue.install(db, Steps(), SiteSettings())
    await catalogue.install(db, Steps(), SiteSettings())
    first, second = capsys.readouterr().out.splitlines()
    assert " 0 categories" not in first
    assert "✓ Catalogue      0 categories, brands, sizes and the like added, 0 changed" in second


async def test_searches_follow_the_language_of_the_shop(owner: Database, capsys: pytest.CaptureFixture[str]) -> None:
    await catalogue.install(owner, Steps(), SiteSettings(languages=("de", "en")))
    await catalogue.install(owner, Steps(), SiteSettings(languages=("de", "en")))
    first, second = capsys.readouterr().out.splitlines()
    assert "; searches are in the language de" in first
    assert "language" not in second
    async with owner.read() as read:
        jobs = await read.execute(select(OutboxMessage.name).order_by(OutboxMessage.position))
        assert [name for (name,) in jobs] == ["search.rewrite_documents", "search.refresh_terms"]
