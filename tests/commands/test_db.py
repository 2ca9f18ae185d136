"""`threadly db`: up, down, and where it is."""

import pytest

from threadly.cli import app
from threadly.migrations import MIGRATIONS


@pytest.mark.usefixtures("bare")
def test_the_database_goes_up_tells_where_it_is_and_goes_down(capsys: pytest.CaptureFixture[str]) -> None:
    revisions = sorted(path.name[:4] for path in (MIGRATIONS.folder / "versions").glob("*.py"))

    def said(*arguments: str) -> str:
        app(["db", *arguments], result_action="return_value")
        return capsys.readouterr().out

    assert f"none: nothing has run yet.\nMissing: {', '.join(revisions)}. Run `threadly db upgrade`." in said("status")
    assert f"{', '.join(revisions)}; the database is at {revisions[-1]}" in said("upgrade")
    assert "nothing to do" in said("upgrade")
    assert "Up to date." in said("status")
    assert "the database is at base, and empty" in said("downgrade", "base")
