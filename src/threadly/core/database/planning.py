"""What the revisions that are missing would do, before anything is done: their SQL, and what in it would hurt whom.

Nothing is run: Alembic writes each revision as a script, which is judged by `hazards`. A revision may accept a hazard
by its code, with a reason, as a table of its own says when it is the right thing to do after all:

    ACCEPTED = {"rename-breaks": "The shop is closed on that day."}

A column, table, constraint or default that goes needs no such acceptance where the revision says which release does
without it first (`CONTRACTS`, see `migrating.releases`): it does not run while an older one is connected.

Guaranteed: what the plan itself makes is in nobody's way, so a database that is empty can be filled in one go. A table
of few rows keeps nobody waiting for long, and is no reason to refuse; unless the release that still runs would break,
however empty the table is. What cannot be seen is told, and refused: a statement that nothing is known of, code that
runs in the database (DO, CALL, a function), and Python that asks it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from alembic.script import Script, ScriptDirectory
from sqlalchemy import text

from threadly.core.database.engine import Database
from threadly.core.database.hazards import NOT_SEEN, Hazard, Judge, statements
from threadly.core.database.migrating.errors import MigrationsHurt
from threadly.core.database.migrating.releases import first_without
from threadly.core.database.migrating.revisions import Migrations, between, chain, refuse_unknown, status
from threadly.core.database.migrating.written import written

FEW_ROWS: Final = 10_000
"""Of a table that is read, or written anew, in some hundredths of a second."""

_ROWS: Final = """
    WITH RECURSIVE family (parent, child) AS (
        SELECT oid, oid FROM pg_class WHERE relkind IN ('r', 'm', 'p')
        UNION SELECT f.parent, i.inhrelid FROM family f JOIN pg_inherits i ON i.inhparent = f.child
    ), sizes AS (
        SELECT f.parent, CASE
            WHEN t.relkind <> 'f' AND pg_relation_size(t.oid) = 0 THEN 0
            WHEN t.reltuples > 0 THEN t.reltuples::bigint
        END AS size
        FROM family f JOIN pg_class t ON t.oid = f.child
    )
    SELECT c.relname, CASE WHEN bool_and(s.size IS NOT NULL) THEN sum(s.size)::bigint END
    FROM pg_class c
    LEFT JOIN pg_index i ON i.indexrelid = c.oid
    JOIN sizes s ON s.parent = coalesce(i.indrelid, c.oid)
    WHERE c.relnamespace = 'public'::regnamespace
    GROUP BY c.oid, c.relname
"""
"""Of each table, with those that inherit from it or are its partitions; of each index, those of its table."""

_CONTRACTED: Final = ("column-drops", "table-drops", "constraint-drops", "default-drops")


@dataclass(frozen=True, slots=True)
class Danger:
    """A hazard, and how large what it is about is here."""

    hazard: Hazard
    rows: int | None
    """About how many the table has; None where it is about no table, or nobody knows."""
    accepted: str | None
    """Why it is the right thing to do after all."""

    @property
    def refuses(self) -> bool:
        """Whether it should not be done while people are there."""
        if self.accepted is not None:
            return False
        return self.hazard.rule.breaks or self.rows is None or self.rows >= FEW_ROWS


@dataclass(frozen=True, slots=True)
class Planned:
    """One revision that is missing."""

    revision: str
    title: str
    sql: str
    dangers: Sequence[Danger]

    @property
    def refuses(self) -> bool:
        """Whether it should not be run while people are there."""
        return any(danger.refuses for danger in self.dangers)


def refuse_hurting(plan: Sequence[Planned]) -> None:
    """Returns if it may be run while people are there.

    Raises:
        MigrationsHurt: It may not.
    """
    hurting = [
        f"{each.revision}, {danger.hazard.table or 'no table'}: {danger.hazard.rule.why} [{danger.hazard.code}]"
        for each in plan
        for danger in each.dangers
        if danger.refuses
    ]
    if hurting:  # without the statements, which may hold what somebody is called
        said = "This would keep people waiting, or break the release that still runs. Nothing was changed."
        raise MigrationsHurt("\n".join([said, *hurting]))


async def plan(db: Database, migrations: Migrations, revision: str = "head") -> Sequence[Planned]:
    """What an upgrade to `revision` would run, in its order. Changes nothing.

    Raises:
        MigrationRefused: There is no such revision, or the database is at one that this release does not know.
    """
    now = await status(db, migrations)
    async with db.engine.connect() as connection:
        found = await connection.execute(text(_ROWS))
        rows = {str(name): int(count) for name, count in found if count is not None}
    return planned(migrations, now.current, revision, rows=rows)


def planned(
    migrations: Migrations, current: str | None, revision: str = "head", *, rows: Mapping[str, int] | None = None
) -> Sequence[Planned]:
    """The same without a database.

    Args:
        rows: How many rows tables have, by name; None: nobody knows, so all are taken for large.

    Raises:
        MigrationRefused: There is no such revision, or the database is at one that this release does not know.
    """
    refuse_unknown(migrations, revision)
    scripts = ScriptDirectory.from_config(migrations.config())
    missing = [scripts.get_revision(each) for each in between(chain(migrations), current, revision)]
    judge = Judge(in_transaction=True, has_timeout=True, recorded_in="alembic_version")
    return [_planned(script, migrations, judge, rows) for script in missing]


def _planned(script: Script, migrations: Migrations, judge: Judge, rows: Mapping[str, int] | None) -> Planned:
    wrote = written(script, migrations, is_up=True)
    accepted: dict[str, str] = dict(getattr(script.module, "ACCEPTED", {}))
    if first := first_without(script.module):
        held = f"It does not run while a release before {first} is connected."
        accepted = dict.fromkeys(_CONTRACTED, held) | accepted
    found = [Hazard(NOT_SEEN, each, None) for each in wrote.asks]
    found += [hazard for statement in statements(wrote.sql) for hazard in judge.look(statement)]
    dangers = [Danger(hazard, _count(hazard, rows), accepted.get(hazard.code)) for hazard in found]
    return Planned(script.revision, script.doc, wrote.sql, dangers)


def _count(hazard: Hazard, rows: Mapping[str, int] | None) -> int | None:
    if rows is None or hazard.table is None:
        return None
    return rows.get(hazard.table)
