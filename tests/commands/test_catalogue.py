"""The catalogue comes in once."""

import pytest

from threadly.commands import catalogue
from threadly.commands.terminal import Steps
from threadly.core.database import Database
from threadly.settings import SiteSettings


async def test_the_catalogue_comes_in_and_a_second_time_changes_nothing(
    db: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    await catalogue.install(db, Steps(), SiteSettings())
    await catalogue.install(db, Steps(), SiteSettings())
    first, second = capsys.readouterr().out.splitlines()
    assert " 0 categories" not in first
    assert "✓ Catalogue      0 categories, brands, sizes and the like added, 0 changed" in second
