"""What would hurt a database in use is found, by its rule and with its lock; what would not is left alone."""

import pytest

from tests.core.database.hazards.corpus import SAFE, UNSAFE
from tests.core.database.hazards.ways import WAYS
from threadly.core.database.hazards import hazards


def codes(sql: str, *, in_transaction: bool = True, has_lock_timeout: bool = True) -> list[str]:
    return [found.code for found in hazards(sql, in_transaction=in_transaction, has_lock_timeout=has_lock_timeout)]


def test_the_corpus_is_as_large_as_the_goal_says() -> None:
    assert (len(UNSAFE), len(SAFE)) == (41, 21)


@pytest.mark.parametrize("name", UNSAFE)
def test_what_hurts_is_found_and_said_with_its_lock_and_the_safe_way(name: str) -> None:
    sql, code = UNSAFE[name]
    found = hazards(sql, in_transaction=not sql.startswith("VACUUM"))
    assert [each.code for each in found] == [code]
    said = str(found[0])
    assert f"[{code}]" in said
    assert "Instead: " in said
    assert "Keeps waiting: " in said


@pytest.mark.parametrize("name", SAFE)
def test_what_does_not_is_left_alone(name: str) -> None:
    assert codes(SAFE[name]) == []


@pytest.mark.parametrize(("sql", "found"), WAYS)
def test_ways_to_write_it(sql: str, found: list[str]) -> None:
    assert codes(sql) == found


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("ALTER TABLE a ADD b int", ["waits-without-end"]),
        ("SET lock_timeout = '5s'; ALTER TABLE a ADD b int", []),
        ("SET LOCAL lock_timeout TO 2000; ALTER TABLE a ADD b int", []),
        ("SET lock_timeout = 0; ALTER TABLE a ADD b int", ["waits-without-end"]),
        ("SET lock_timeout TO '10s'; ALTER TABLE a ADD b int", []),
        ("SET lock_timeout = '11s'; ALTER TABLE a ADD b int", ["waits-without-end"]),
        ("SET lock_timeout = '1h'; ALTER TABLE a ADD b int", ["waits-without-end"]),
        ("SET lock_timeout = '0 ms'; ALTER TABLE a ADD b int", ["waits-without-end"]),
        ("SET lock_timeout = DEFAULT; ALTER TABLE a ADD b int", ["waits-without-end"]),
        ("CREATE OR REPLACE VIEW v AS SELECT 1", ["waits-without-end"]),
        ("SET lock_timeout = '5s'; RESET lock_timeout; ALTER TABLE a ADD b int", ["waits-without-end"]),
        ("ALTER TABLE a ADD b int; SET lock_timeout = '5s'", ["waits-without-end"]),
        ("SET LOCAL lock_timeout = '5s'; COMMIT; BEGIN; ALTER TABLE a ADD b int", ["waits-without-end"]),
        ("CREATE TABLE a (id int); ALTER TABLE a ADD b int", []),
        ("SELECT 1", []),
    ],
)
def test_a_limit_to_waiting_counts_only_where_it_is_in_effect(sql: str, found: list[str]) -> None:
    assert codes(sql, has_lock_timeout=False) == found


def test_a_limit_that_a_function_takes_away_counts_no_more() -> None:
    sql = "SELECT set_config('lock_timeout', '0', false); ALTER TABLE a ADD b int"
    assert codes(sql) == ["not-seen", "waits-without-end"]


def test_the_schema_that_everybody_uses_goes_without_saying() -> None:
    assert codes("CREATE TABLE public.a (x int); CREATE INDEX i ON a (x)") == []
    assert codes("CREATE TABLE a (x int); CREATE INDEX i ON public.a (x); DROP INDEX public.i") == []
    assert codes("CREATE TABLE old.a (x int); CREATE INDEX i ON a (x)") == ["index-blocks"]


@pytest.mark.parametrize("sql", ["DO $$ BEGIN END $$", "ALTER TABLE a INHERIT b"])
def test_what_is_not_understood_is_said_to_be_so(sql: str) -> None:
    (found,) = hazards(sql)
    assert "Keeps waiting: whoever uses what it touches" in str(found)
    assert "accept it" in str(found)
