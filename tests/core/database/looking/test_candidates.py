"""Which indexes a plan makes one think of."""

from typing import Any

from threadly.core.database.looking.candidates import Candidate, candidates

DISTINCT = {("lamps", "name"): 900.0, ("lamps", "status"): 2.0, ("lamps", "price"): 50.0, ("lamps", "maker_id"): 90.0}


def scan(condition: str, **more: str) -> dict[str, Any]:
    return {
        "Node Type": "Seq Scan",
        "Schema": "pg_temp",
        "Relation Name": "lamps",
        "Alias": "l",
        "Filter": condition,
    } | more


def found(plan: dict[str, Any]) -> set[str]:
    return {candidate.sql("i") for candidate in candidates(plan, schema="pg_temp", distinct=DISTINCT)}


def test_what_is_equal_comes_first_the_rarest_before_and_then_what_is_between() -> None:
    assert found(scan("((l.status = $1) AND (l.name = ANY ($2)) AND (l.price < $3))")) >= {
        "CREATE INDEX i ON lamps (name, status, price)",
        "CREATE INDEX i ON lamps (name)",
        "CREATE INDEX i ON lamps (price)",
    }


def test_what_never_varies_may_be_the_condition_of_the_index() -> None:
    assert "CREATE INDEX i ON lamps (name) WHERE status = 'on'::text" in found(
        scan("((l.status = 'on'::text) AND ((l.name)::text = $1))")
    )


def test_what_is_sorted_above_is_the_end_of_the_index() -> None:
    plan = {"Node Type": "Sort", "Sort Key": ["l.price DESC"], "Plans": [scan("(l.maker_id = $1)")]}
    assert "CREATE INDEX i ON lamps (maker_id, price DESC)" in found(plan)


def test_what_joins_is_looked_for_as_well() -> None:
    plan = {"Node Type": "Hash Join", "Hash Cond": "(m.id = l.maker_id)", "Plans": [scan("(l.price > $1)")]}
    assert "CREATE INDEX i ON lamps (maker_id)" in found(plan)


def test_other_schemas_unknown_columns_and_expressions_make_nobody_think() -> None:
    assert found(scan("(l.name = $1)", Schema="public")) == set()
    assert found(scan("(l.colour = $1)")) == set()
    assert found(scan("(lower(l.name) = $1)")) == set()
    assert found(scan("(ll.name = $1)")) == set()


def test_a_name_says_what_is_in_it_and_is_no_longer_than_may_be() -> None:
    assert Candidate('"Lamps"', ('"a b"', "price DESC")).name == "ix_Lamps_a_b_price"
    assert len(Candidate("lamps", ("name" * 30,)).name) == 63
