"""Functions are known by their names, or strangers."""

import pytest

from threadly.core.database.hazards import statements
from threadly.core.database.hazards.calls import HARMLESS, STEADY, strangers


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("SELECT lower(a), pg_catalog.now() FROM b WHERE c IN (1) AND d < ALL (SELECT 2)", []),
        ("SELECT purge(1)", ["PURGE"]),
        ("SELECT lower(purge(1))", ["PURGE"]),
        ('SELECT "now"()', ['"now"']),
        ("SELECT shop.now()", ["NOW"]),
        ("SELECT shop . pg_catalog . now ()", ["NOW"]),
        ("INSERT INTO shop.b (c) VALUES (1)", []),
        ("INSERT INTO b SELECT * FROM (VALUES (1)) x (c) JOIN d AS y (e) USING (c)", []),
        ("SELECT CAST(a AS numeric(3)), b::varchar(7), EXISTS (SELECT 1)", []),
        ("( a )", []),
        ("(", []),
    ],
)
def test_who_is_a_stranger(sql: str, found: list[str]) -> None:
    (statement,) = statements(sql)
    assert list(strangers(statement.words, HARMLESS)) == found


def test_what_gives_each_row_its_own_is_harmless_but_not_steady() -> None:
    (statement,) = statements("SELECT gen_random_uuid()")
    assert not list(strangers(statement.words, HARMLESS))
    assert list(strangers(statement.words, STEADY)) == ["GEN_RANDOM_UUID"]
