"""The last lines of what is under way are kept, a few of them, for the case that it fails."""

from tests.core.observability.tracing.told import telling
from threadly.core.observability import Work
from threadly.core.observability.crumbs import MOST, crumbs_of, note


def test_the_last_lines_of_a_work_are_kept_with_where_they_came_from() -> None:
    with Work(method="GET") as work:
        note(work, "shop", "info", "Reserved.")
        note(work, "shop.stock", "warning", "Late.")

    told = crumbs_of(work)
    assert [(crumb.category, crumb.level, crumb.message) for crumb in told] == [
        ("shop", "info", "Reserved."),
        ("shop.stock", "warning", "Late."),
    ]
    assert told[0].seconds_before >= told[1].seconds_before >= 0


def test_they_are_bounded() -> None:
    with Work() as work:
        for number in range(1000):
            note(work, "shop", "info", f"Line {number}.")

    assert [crumb.message for crumb in crumbs_of(work)] == [f"Line {number}." for number in range(1000 - MOST, 1000)]
    assert [crumb.message for crumb in crumbs_of(work, most=2)] == ["Line 998.", "Line 999."]
    assert crumbs_of(work, most=0) == []


def test_they_are_scrubbed_when_they_are_told() -> None:
    with Work() as work:
        note(work, "shop", "info", "Wrote to jane.doe@example.org about 4111 1111 1111 1111.")

    assert crumbs_of(work)[0].message == "Wrote to [e-mail] about [card]."


def test_each_work_has_its_own_and_outside_of_any_there_are_none() -> None:
    with Work() as outer:
        note(outer, "shop", "info", "Outer.")
        with Work() as inner:
            note(inner, "shop", "info", "Inner.")

    assert [crumb.message for crumb in crumbs_of(outer)] == ["Outer."]
    assert [crumb.message for crumb in crumbs_of(inner)] == ["Inner."]
    assert crumbs_of(Work()) == []
    assert crumbs_of(None) == []


def test_where_traces_are_told_its_last_statements_are_among_them() -> None:
    with telling() as (provider, _):
        tracer = provider.get_tracer("tests")
        with tracer.start_as_current_span("GET /"), Work() as work:
            note(work, "shop", "info", "Begun.")
            with tracer.start_as_current_span("SELECT listings"):
                pass
            note(work, "shop", "info", "Going on.")
            begun, statement, going_on = crumbs_of(work)
    assert (begun.message, going_on.message) == ("Begun.", "Going on.")
    assert (statement.category, statement.level) == ("span", "info")
    assert statement.message.startswith("SELECT listings (")
    assert [crumb.category for crumb in crumbs_of(work)] == ["shop", "shop"]  # it is over, and so is its trace
