"""Nothing leaves that should not."""

from tests.core.observability.tracing.told import telling


def told_of(attributes: dict[str, object]) -> dict[str, object]:
    """What becomes of attributes, of a span and of an event in it."""
    with telling() as (provider, told):
        span = provider.get_tracer("tests").start_span("one")
        for name, value in attributes.items():
            span.set_attribute(name, value)  # type: ignore[arg-type]
        span.add_event("event", attributes)  # type: ignore[arg-type]
        span.end()
    (ended,) = told.spans
    assert ended.events[0].attributes == ended.attributes
    return dict(ended.attributes)


def test_what_is_private_by_name_or_by_form_is_taken_out_wherever_it_stands() -> None:
    told = told_of(
        {"password": "hunter2", "note": "to anna@example.org", "list": ["4111111111111111"], "map": {"token": "abc"}}
    )
    assert not [secret for secret in ("hunter2", "anna@", "4111", "abc") if secret in repr(told)]
    assert told["list"] == ["[card]"]


def test_what_is_public_passes_as_it_is() -> None:
    public = {
        "http.route": "/items/{id}",
        "http.response.status_code": 200,
        "share": 0.5,
        "db.query.summary": "SELECT x",
    }
    assert told_of({**public, "nothing": None}) == public


def test_values_that_were_written_into_a_statement_are_taken_out() -> None:
    statement = "SELECT id FROM members WHERE email = 'anna''s@example.org' AND id = $1"
    assert told_of({"db.query.text": statement}) == {
        "db.query.text": "SELECT id FROM members WHERE email = ? AND id = $1"
    }


def test_texts_are_cut() -> None:
    assert len(str(told_of({"long": "x " * 100_000})["long"])) < 20_000
