"""A plan of migrations is told so that somebody tired understands it, and is refused if it would hurt."""

import pytest
from rich.console import Console

from threadly.commands.errors import MigrationsHurt
from threadly.commands.plans import refuse_hurting, tell_plan
from threadly.core.database.hazards import hazards
from threadly.core.database.planning import Danger, Planned

INDEX = "CREATE INDEX by_title ON listings (title)"


def planned(sql: str, *, rows: int | None, accepted: str | None = None) -> Planned:
    return Planned("0042", "Titles.", f"{sql};\n", [Danger(hazard, rows, accepted) for hazard in hazards(sql)])


def told(*plan: Planned, sql: bool = False) -> tuple[int, str]:
    to = Console(width=200)
    with to.capture() as captured:
        code = tell_plan(plan, "0041", to, sql=sql)
    return code, captured.get()


@pytest.mark.parametrize(
    ("plan", "code", "last"),
    [
        ([], 0, "✓ Nothing to do; the database is at 0041."),
        ([planned("SELECT 1", rows=None)], 0, "✓ 1 migration can be run while people use the shop."),
        ([planned(INDEX, rows=9_999)], 1, "! 1 migration can be run; 1 may be felt for a moment."),
        (
            [planned(INDEX, rows=10**6, accepted="It is night.")],
            1,
            "! 1 migration can be run; 1 may be felt for a moment.",
        ),
        (
            [planned("SELECT 1", rows=None), planned(INDEX, rows=10_000)],
            2,
            "✗ 1 migration of 2 would hurt people who use the shop meanwhile: `threadly db upgrade` refuses.",
        ),
    ],
)
def test_what_is_said_in_the_end_is_what_upgrade_does(plan: list[Planned], code: int, last: str) -> None:
    found, said = told(*plan)
    assert (found, said.splitlines()[-1]) == (code, last)
    if code == 2:
        with pytest.raises(MigrationsHurt, match="0042"):
            refuse_hurting(plan)
    else:
        refuse_hurting(plan)


def test_each_hazard_says_why_who_waits_and_what_to_do() -> None:
    _, said = told(planned(INDEX, rows=1_000_000), sql=True)
    assert said.splitlines()[:6] == [
        "0042  Titles.",
        f"  ✗ {INDEX}",
        "    Nobody writes while it is built.",
        "    Waits meanwhile: everybody who writes the table (listings, 1,000,000 rows); the lock is SHARE.",
        "    Instead: CREATE INDEX CONCURRENTLY, outside of a transaction. [index-blocks]",
        f"    {INDEX};",
    ]


def test_what_is_accepted_says_why_and_a_long_statement_is_cut() -> None:
    long = f"UPDATE listings SET title = '{'x' * 200}'"
    _, said = told(planned(long, rows=20_000, accepted="They are drafts."))
    assert "    Accepted: They are drafts. [rows-all-updated]" in said
    assert f"  ! {long[:99]}…" in said
