"""SQL falls into statements, and in each of them what is quoted or remarked is no word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadly.core.database.hazards.statements import name_of, statements


@pytest.mark.parametrize(
    ("sql", "read"),
    [
        ("", []),
        (" ;; ; -- nothing\n /* no /* deeper */ word */", []),
        ("select 1; select 2", ["SELECT 1", "SELECT 2"]),
        ("SELECT 'a;b' || E'\\';' || $$ ; $$ || $x$ $$;$$ $x$;", ["SELECT '' | | '' | | '' | | ''"]),
        ("""DROP TABLE "a;b", "C""d", e""", ["""DROP TABLE "a;b" , "C""d" , E"""]),
        ("SELECT 'it''s'; SELECT U&'\\0441' -- ';", ["SELECT ''", "SELECT ''"]),
        (
            "CREATE FUNCTION f() BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END; DROP TABLE t",
            [
                "CREATE FUNCTION F ( ) BEGIN ATOMIC SELECT CASE WHEN TRUE THEN 1 END ; SELECT 2 ; END",
                "DROP TABLE T",
            ],
        ),
        ("CREATE FUNCTION f() AS $body$ BEGIN DELETE FROM t; END $body$", ["CREATE FUNCTION F ( ) AS ''"]),
        ("select 'never closed ; drop table t", ["SELECT ''"]),
        ("select $$ never closed ; drop table t", ["SELECT ''"]),
        ("select 1 /* never closed ; drop table t", ["SELECT 1"]),
    ],
)
def test_what_is_read(sql: str, read: list[str]) -> None:
    assert [str(statement) for statement in statements(sql)] == read


def test_a_statement_says_where_it_begins_and_how_it_was_written() -> None:
    first, second = statements("-- one\nselect 1;\n\n  drop\ntable x ; ")
    assert (first.line, first.text) == (2, "select 1")
    assert (second.line, second.text) == (4, "drop\ntable x")


def test_names_are_what_postgresql_takes_them_for() -> None:
    assert [name_of(word) for word in ("LISTINGS", '"Listings"', '"a""b"')] == ["listings", "Listings", 'a"b']


PIECES = st.sampled_from(
    ["'", '"', "$$", "$a$", "/*", "*/", "--", "\n", ";", "\\", "E'", "BEGIN ATOMIC", "END", "x", "é", " "]
)


@given(st.lists(PIECES, max_size=60).map("".join))
def test_whatever_it_is_it_is_read_in_order_and_within_its_bounds(sql: str) -> None:
    at = 0
    for statement in statements(sql):
        found = sql.find(statement.text, at)
        assert found >= at
        at = found + len(statement.text)
        assert statement.words
        assert statement.line >= sql.count("\n", 0, found) + 1


def test_a_text_made_to_take_long_does_not() -> None:
    for piece in ("/*", "'", "$", "$a", '"', "E'\\", "BEGIN ATOMIC "):
        assert len(list(statements(piece * 100_000))) <= 2
